import { Button } from '@mantine/core';
import { useMessages } from '../i18n/language.tsx';
import { useNotices } from '../notices/context.tsx';
import { copyText } from '../pages/clipboard.ts';
import { formatAddress } from '../queue/address.ts';
import { encodeSearch } from '../queue/search.ts';
import { useAddress } from '../queue/use-address.ts';
import { absoluteRange, presets, zoomOut, type TimeRange } from '../time/range.ts';
import { RangeFields } from './range-fields.tsx';
import classes from './shell.module.css';

/** Presets, two fields, a wider range, and a link that shows the same to somebody else tomorrow. */
export function RangeMenu({ onDone }: { readonly onDone: () => void }) {
  const messages = useMessages();
  const { say } = useNotices();
  const { search, change } = useAddress();
  const set = (range: TimeRange) => {
    change({ range });
    onDone();
  };
  const share = async () => {
    const fixed = encodeSearch({ ...search, range: absoluteRange(search.range, Date.now()) });
    await copyText(`${window.location.origin}${window.location.pathname}${formatAddress(fixed)}`);
    onDone();
    say({ text: messages.range.shared });
  };
  return (
    <div className={classes.range}>
      <div className={classes.presets}>
        {presets.map((from) => (
          <Button
            key={from}
            variant={search.range.from === from && search.range.to === '' ? 'light' : 'subtle'}
            justify="flex-start"
            onClick={() => set({ from, to: '' })}
          >
            {messages.range.presets[from]}
          </Button>
        ))}
      </div>
      <RangeFields range={search.range} onApply={set} />
      <div className={classes.row}>
        <Button variant="subtle" onClick={() => set(zoomOut(search.range, Date.now()))}>
          {messages.range.zoomOut}
        </Button>
        <Button variant="subtle" onClick={() => void share()}>
          {messages.range.share}
        </Button>
      </div>
    </div>
  );
}
