import { Button, TextInput } from '@mantine/core';
import { useState, type ClipboardEvent, type FormEvent } from 'react';
import { useMessages } from '../i18n/language.tsx';
import { useTimeStyle } from '../settings/context.tsx';
import { parseBound, splitPasted, type TimeRange } from '../time/range.ts';
import { offsetLabel } from '../time/zone.ts';
import { boundLabel } from './range-label.ts';
import classes from './shell.module.css';

interface RangeFieldsProps {
  readonly range: TimeRange;
  readonly onApply: (range: TimeRange) => void;
}

/** The two ends as text; two times pasted at once fill both. */
export function RangeFields({ range, onApply }: RangeFieldsProps) {
  const messages = useMessages();
  const style = useTimeStyle();
  const [texts, setTexts] = useState({
    from: boundLabel(range.from, messages, style),
    to: boundLabel(range.to, messages, style),
  });
  const parse = (text: string) => parseBound(text === messages.range.now ? 'now' : text, style.zone);
  const from = parse(texts.from);
  const to = parse(texts.to);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (from !== undefined && to !== undefined) onApply({ from, to });
  };
  const paste = (event: ClipboardEvent) => {
    const both = splitPasted(event.clipboardData.getData('text'));
    if (both === undefined) return;
    event.preventDefault();
    setTexts({ from: both[0], to: both[1] });
  };
  return (
    <form className={classes.fields} onSubmit={submit}>
      {(['from', 'to'] as const).map((name) => (
        <TextInput
          key={name}
          label={messages.range[name]}
          placeholder={name === 'to' ? messages.range.now : ''}
          error={{ from, to }[name] === undefined ? messages.range.invalid : undefined}
          autoComplete="off"
          value={texts[name]}
          onPaste={paste}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setTexts((before) => ({ ...before, [name]: value }));
          }}
        />
      ))}
      <p className={classes.hint}>{messages.range.hint(offsetLabel(Date.now(), style.zone))}</p>
      <Button type="submit" disabled={from === undefined || to === undefined}>
        {messages.range.apply}
      </Button>
    </form>
  );
}
