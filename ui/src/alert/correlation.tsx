import { Link } from '@tanstack/react-router';
import type { AlertDetail } from '../../../api/contract/index.ts';
import { Visible } from '../evidence/evidence.tsx';
import { useMessages } from '../i18n/language.tsx';
import type { Messages } from '../i18n/en.ts';
import { useTimeStyle } from '../settings/context.tsx';
import { formatCount } from '../time/format.ts';
import { When } from '../time/when.tsx';
import classes from './correlation.module.css';

const SHOWN = 10;

type Correlation = NonNullable<AlertDetail['correlation']>;

/** Why the alert of a correlation fired: what was counted, for whom, and the matches that it rests on. */
export function CorrelationView({ correlation }: { readonly correlation: Correlation }) {
  const messages = useMessages();
  const { language } = useTimeStyle();
  const texts = messages.alert.correlation;
  const count = formatCount(correlation.count, language);
  const more = correlation.count - correlation.constituents.length;
  return (
    <div className={classes.correlation}>
      <p className={classes.summary}>
        <strong>{texts.kinds[correlation.type]}</strong>
        <span>{texts.summary(count, spanText(correlation.timespan_ms, messages))}</span>
        {correlation.value !== correlation.count && (
          <span>{texts.figure(formatCount(correlation.value, language))}</span>
        )}
      </p>
      <Notes correlation={correlation} />
      <dl className={classes.facts}>
        {correlation.group.map(({ field, value }) => (
          <div key={field}>
            <dt>
              {texts.group} <code>{field}</code>
            </dt>
            <dd>
              <code>
                <Visible text={value} />
              </code>
            </dd>
          </div>
        ))}
        <div>
          <dt>{texts.between}</dt>
          <dd>
            <When time={correlation.first} absolute /> – <When time={correlation.last} absolute />
          </dd>
        </div>
      </dl>
      <h3>{texts.constituents}</h3>
      <Constituents constituents={correlation.constituents.slice(0, SHOWN)} />
      {correlation.constituents.length > SHOWN && (
        <details>
          <summary>{messages.showMore}</summary>
          <Constituents constituents={correlation.constituents.slice(SHOWN)} start={SHOWN + 1} />
        </details>
      )}
      {more > 0 && <p className={classes.note}>{texts.more(formatCount(more, language))}</p>}
    </div>
  );
}

interface ConstituentsProps {
  readonly constituents: Correlation['constituents'];
  readonly start?: number;
}

function Constituents({ constituents, start = 1 }: ConstituentsProps) {
  return (
    <ol className={classes.constituents} start={start}>
      {constituents.map(({ rule, event, time }) => (
        <li key={`${event} ${rule.id}`}>
          <When time={time} absolute /> <Visible text={rule.title} />
        </li>
      ))}
    </ol>
  );
}

/** What a reader must know before trusting the numbers. */
function Notes({ correlation }: { readonly correlation: Correlation }) {
  const texts = useMessages().alert.correlation;
  return (
    <>
      {correlation.duplicate_of !== null && (
        <p className={classes.note}>
          <Link to="/alerts/$id" params={{ id: correlation.duplicate_of }}>
            {texts.duplicate}
          </Link>
        </p>
      )}
      {!correlation.final && <p className={classes.note}>{texts.open}</p>}
      {correlation.late && <p className={classes.note}>{texts.late}</p>}
      {correlation.lower_bound && <p className={classes.note}>{texts.lowerBound}</p>}
    </>
  );
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
] as const;

/** A timespan in the largest unit that it is a whole number of. */
function spanText(spanMs: number, { alert }: Messages): string {
  for (const [unit, ms] of units) if (spanMs % ms === 0) return alert.correlation.spans[unit](spanMs / ms);
  return alert.correlation.spans.s(spanMs / 1000);
}
