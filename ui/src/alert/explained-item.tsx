import type { ExplainNode } from '../../../api/contract/index.ts';
import { Evidence, Visible } from '../evidence/evidence.tsx';
import { matchingSpans } from '../evidence/match.ts';
import { useMessages } from '../i18n/language.tsx';
import classes from './explanation.module.css';

const PATTERNS_SHOWN = 12;

/** One detection item: its field, what the rule asks of it, and the event's value with the matching part marked. */
export function ExplainedItem({ item }: { readonly item: Extract<ExplainNode, { kind: 'item' }> }) {
  const messages = useMessages();
  // A keyword is looked for anywhere in the text.
  const modifiers = item.field === null ? [...item.modifiers, 'contains'] : item.modifiers;
  const spans =
    item.matched && item.value !== null ? matchingSpans(item.value, item.patterns, modifiers) : [];
  const more = item.patterns.length - PATTERNS_SHOWN;
  return (
    <dl className={classes.item}>
      <dt className="sr-only">{messages.alert.field}</dt>
      <dd className={classes.field}>
        <code>{item.field === null ? messages.alert.keyword : <Visible text={item.field} />}</code>
        {item.modifiers.map((modifier) => (
          <span key={modifier} className={classes.modifier}>
            {modifier}
          </span>
        ))}
      </dd>
      <dt>{messages.alert.rulesValue}</dt>
      <dd className={classes.patterns}>
        {item.patterns.slice(0, PATTERNS_SHOWN).map((pattern, index) => (
          <code key={index}>
            <Visible text={pattern} />
          </code>
        ))}
        {more > 0 && <span>+{more}</span>}
      </dd>
      <dt>{messages.alert.eventsValue}</dt>
      <dd>
        {item.value === null ? (
          <em>{messages.alert.absent}</em>
        ) : (
          <Evidence value={item.value} spans={spans} />
        )}
      </dd>
    </dl>
  );
}
