import { Fragment, useState } from 'react';
import { useMessages } from '../i18n/language.tsx';
import { mergeSpans, type Span } from './match.ts';
import { visibleParts } from './visible.ts';
import classes from './evidence.module.css';

const CHARS_SHOWN = 600;

/**
 * A value from a log, in full view: nothing in it can hide, reorder or become markup. `spans` are marked. A long one is
 * cut and can be unfolded.
 */
export function Evidence({
  value,
  spans = [],
}: {
  readonly value: string;
  readonly spans?: readonly Span[];
}) {
  const messages = useMessages();
  const [whole, setWhole] = useState(false);
  const long = value.length > CHARS_SHOWN + 100;
  const shown = long && !whole ? value.slice(0, CHARS_SHOWN) : value;
  return (
    <span className={classes.value} dir="ltr">
      {cutAt(shown, spans).map(({ text, marked, start }) =>
        marked ? (
          <mark key={start}>
            <Visible text={text} />
          </mark>
        ) : (
          <Visible key={start} text={text} />
        ),
      )}
      {long && (
        <button type="button" className={classes.more} aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? messages.showLess : `… ${messages.showMore}`}
        </button>
      )}
    </span>
  );
}

/** A text whose control, direction and invisible characters are shown as marks. */
export function Visible({ text }: { readonly text: string }) {
  const messages = useMessages();
  return visibleParts(text).map((part, index) =>
    part.kind === 'text' ? (
      <Fragment key={index}>{part.text}</Fragment>
    ) : (
      <Fragment key={index}>
        <i className={classes.hidden} title={`${part.label}: ${messages.hidden[part.cause]}`}>
          {part.label}
        </i>
        {part.label === 'LF' && '\n'}
      </Fragment>
    ),
  );
}

function cutAt(text: string, spans: readonly Span[]) {
  const pieces: { readonly text: string; readonly marked: boolean; readonly start: number }[] = [];
  let at = 0;
  for (const span of mergeSpans(spans)) {
    const end = Math.min(span.end, text.length);
    if (span.start >= end) continue;
    if (span.start > at) pieces.push({ text: text.slice(at, span.start), marked: false, start: at });
    pieces.push({ text: text.slice(span.start, end), marked: true, start: span.start });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), marked: false, start: at });
  return pieces;
}
