import { Button } from '@mantine/core';
import { useMessages } from '../i18n/language.tsx';
import pages from '../pages/pages.module.css';
import { chipsOf } from './chips.tsx';
import type { QueueSearch } from './search.ts';
import { withSelection } from './search.ts';
import { valueLabel } from './value-label.ts';
import classes from './queue.module.css';

interface QueueEmptyProps {
  readonly search: QueueSearch;
  readonly onChange: (part: Partial<QueueSearch>) => void;
}

/** Nothing fits: every condition that could be let go, as a button. */
export function QueueEmpty({ search, onChange }: QueueEmptyProps) {
  const messages = useMessages();
  const facets = [...new Set(chipsOf(search.filters).map((chip) => chip.facet))];
  const free = facets.length === 0 && search.q === '' && search.range.from === '';
  const drop = (facet: (typeof facets)[number]) =>
    onChange({ filters: withSelection(search.filters, facet, { only: [], without: [] }) });
  const name = (facet: (typeof facets)[number]) => {
    const values = chipsOf(search.filters).filter((chip) => chip.facet === facet);
    return `${messages.facets[facet]}: ${values
      .map(({ value, out }) => {
        const label = valueLabel(facet, value, value, messages);
        return out ? messages.facets.without(label) : label;
      })
      .join(', ')}`;
  };
  return (
    <div className={pages.centre}>
      <h2>{messages.queue.emptyTitle}</h2>
      <p>{free ? messages.queue.emptyAll : messages.queue.emptyFiltered}</p>
      <div className={classes.drops}>
        {search.q !== '' && (
          <Button variant="default" onClick={() => onChange({ q: '' })}>
            {messages.queue.dropQuery}
          </Button>
        )}
        {facets.map((facet) => (
          <Button key={facet} variant="default" onClick={() => drop(facet)}>
            {messages.queue.dropFilter(name(facet))}
          </Button>
        ))}
        {search.range.from !== '' && (
          <Button variant="default" onClick={() => onChange({ range: { from: '', to: '' } })}>
            {messages.queue.widen}
          </Button>
        )}
      </div>
    </div>
  );
}
