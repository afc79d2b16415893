import { useQuery } from '@tanstack/react-query';
import type { Source } from '../../../api/contract/index.ts';
import { sourcesQuery } from '../api/queries.ts';
import { Visible } from '../evidence/evidence.tsx';
import { useMessages } from '../i18n/language.tsx';
import { useTimeStyle } from '../settings/context.tsx';
import { useTitle } from '../shell/title.ts';
import { formatCount } from '../time/format.ts';
import { When } from '../time/when.tsx';
import { Delayed } from './delayed.tsx';
import { ProblemBanner } from './problem-banner.tsx';
import classes from './pages.module.css';

const columns = [
  'agency',
  'collector',
  'input',
  'path',
  'product',
  'events',
  'unparsed',
  'last',
  'lastAccepted',
] as const;

/** Where events come from, and how much of each was understood. */
export function SourcesPage() {
  const messages = useMessages();
  const { language } = useTimeStyle();
  const list = useQuery(sourcesQuery);
  const sources = list.data?.sources ?? [];
  useTitle(
    messages.sources.title,
    list.data === undefined ? undefined : formatCount(sources.length, language),
  );
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1>{messages.sources.title}</h1>
        <p className={classes.lead}>{messages.sources.lead}</p>
      </div>
      {list.error !== null && (
        <ProblemBanner error={list.error} stale={list.data !== undefined} retry={() => void list.refetch()} />
      )}
      {list.isPending && list.error === null && <Delayed rows={6} />}
      {list.isSuccess && sources.length === 0 && <p className={classes.centre}>{messages.sources.empty}</p>}
      {sources.length > 0 && (
        <div className={classes.scroll} role="region" aria-label={messages.sources.title} tabIndex={0}>
          <table className={classes.table}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th
                    key={column}
                    scope="col"
                    className={column === 'events' || column === 'unparsed' ? classes.number : undefined}
                  >
                    {messages.sources[column]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {sources.map((source) => (
                <SourceRow key={keyOf(source)} source={source} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function SourceRow({ source }: { readonly source: Source }) {
  const messages = useMessages();
  const { language } = useTimeStyle();
  return (
    <tr>
      <td>
        <Visible text={source.agency} />
      </td>
      <td>
        <Visible text={source.collector} />
      </td>
      <td>
        <Visible text={source.input} />
      </td>
      <td>
        <code>
          <Visible text={source.path ?? messages.none} />
        </code>
      </td>
      <td>
        <Visible text={source.product ?? messages.none} />
      </td>
      <td className={classes.number}>{formatCount(source.events, language)}</td>
      <td className={classes.number}>
        {formatCount(source.unparsed, language)}
        {shareText(source.unparsed, source.events)}
      </td>
      <td className={classes.time}>
        <When time={source.last_event} absolute />
      </td>
      <td className={classes.time}>
        <When time={source.last_accepted} />
      </td>
    </tr>
  );
}

function keyOf({ agency, collector, input, path, product }: Source): string {
  return JSON.stringify([agency, collector, input, path, product]);
}

function shareText(part: number, whole: number): string {
  return part === 0 || whole === 0 ? '' : ` (${Math.max(1, Math.round((part / whole) * 100))} %)`;
}
