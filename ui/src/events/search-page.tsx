import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useLastGood } from '../api/last-good.ts';
import { eventsQuery, ROWS_MAX } from '../api/queries.ts';
import { useMessages } from '../i18n/language.tsx';
import { Delayed } from '../pages/delayed.tsx';
import pages from '../pages/pages.module.css';
import { ProblemBanner } from '../pages/problem-banner.tsx';
import { queryOf, rangeParameters } from '../queue/filter.ts';
import { encodeSearch } from '../queue/search.ts';
import { useAddress } from '../queue/use-address.ts';
import { useTimeStyle } from '../settings/context.tsx';
import { useTitle } from '../shell/title.ts';
import { formatCount } from '../time/format.ts';
import { EventRow } from './event-row.tsx';
import classes from './events.module.css';

const examples = [
  'event.outcome:failure',
  'source.ip:10.0.0.1',
  'user.name:root and not event.outcome:success',
  '"Failed password"',
];

/** Events by query, newest first. */
export function SearchPage() {
  const messages = useMessages();
  const { language } = useTimeStyle();
  const { search, change } = useAddress();
  const list = useInfiniteQuery(eventsQuery(rangeParameters(queryOf(search.q, {}), search.range)));
  const data = useLastGood(list.data);
  const events = data?.pages.flatMap((page) => page.events) ?? [];
  const total = data?.pages[0]?.total;
  const count = total && `${formatCount(total.value, language)}${total.relation === 'gte' ? '+' : ''}`;
  useTitle(messages.search.title, count);
  return (
    <div className={classes.page}>
      <div className={pages.head}>
        <h1>{messages.search.title}</h1>
        <span className={pages.lead} role="status">
          {count !== undefined && messages.search.count(count, total?.value !== 1)}
        </span>
      </div>
      {search.q === '' && (
        <p className={classes.help}>
          {messages.search.help}
          {examples.map((q) => (
            <Link key={q} to="/search" search={encodeSearch({ ...search, q })}>
              {q}
            </Link>
          ))}
        </p>
      )}
      {list.error !== null && (
        <ProblemBanner error={list.error} stale={events.length > 0} retry={() => void list.refetch()} />
      )}
      {list.isPending && list.error === null && <Delayed rows={12} />}
      {list.isSuccess && events.length === 0 && (
        <div className={pages.centre}>
          <h2>{messages.search.emptyTitle}</h2>
          <p>{messages.search.empty}</p>
          {search.q !== '' && (
            <Button variant="default" onClick={() => change({ q: '' })}>
              {messages.queue.dropQuery}
            </Button>
          )}
          {search.range.from !== '' && (
            <Button variant="default" onClick={() => change({ range: { from: '', to: '' } })}>
              {messages.queue.widen}
            </Button>
          )}
        </div>
      )}
      {events.length > 0 && (
        <ul className={classes.list} aria-label={messages.search.list}>
          {events.map((event) => (
            <EventRow key={event.id} event={event} />
          ))}
        </ul>
      )}
      {list.hasNextPage && events.length < ROWS_MAX && (
        <Button
          mt={16}
          variant="default"
          size="sm"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {messages.queue.more}
        </Button>
      )}
    </div>
  );
}
