import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useMessages } from '../i18n/language.tsx';
import { Delayed } from '../pages/delayed.tsx';
import { ProblemBanner } from '../pages/problem-banner.tsx';
import { useTimeStyle } from '../settings/context.tsx';
import { useTitle } from '../shell/title.ts';
import { formatCount } from '../time/format.ts';
import { AlertGrid } from './alert-grid.tsx';
import { Chips } from './chips.tsx';
import { FacetRail } from './facet-rail.tsx';
import { Histogram } from './histogram.tsx';
import { Peek } from './peek.tsx';
import { QueueEmpty } from './queue-empty.tsx';
import { QueueHead } from './queue-head.tsx';
import type { QueueSearch } from './search.ts';
import { useAddress } from './use-address.ts';
import { useOverviews } from './use-overviews.ts';
import { useQueue, type QueueData } from './use-queue.ts';
import { useTriage } from './use-triage.ts';
import classes from './queue.module.css';

/** The queue: what to choose from, what is chosen, and the alert in hand. */
export function Queue() {
  const messages = useMessages();
  const { language } = useTimeStyle();
  const client = useQueryClient();
  const { search, broken, change } = useAddress();
  const { overview, countsOf } = useOverviews(search);
  const queue = useQueue(search);
  const peek = useRef<HTMLElement>(null);
  const takeNew = () => {
    void client.invalidateQueries({ queryKey: ['alerts'] });
    void client.invalidateQueries({ queryKey: ['overview'] });
  };
  const triage = useTriage({ queue, search, change, takeNew, peek });
  useTitle(
    messages.queue.title,
    queue.total === undefined ? undefined : formatCount(queue.total.value, language),
  );
  return (
    <div
      className={classes.queue}
      data-peek={search.peek !== '' || undefined}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && search.peek !== '' && !event.defaultPrevented) triage.closePeek();
      }}
    >
      <FacetRail search={search} countsOf={countsOf} onFilters={(filters) => change({ filters })} />
      <div className={classes.list}>
        <QueueHead queue={queue} search={search} onChange={change} onTakeNew={takeNew} />
        {broken.length > 0 && <p role="alert">{messages.queue.broken(broken.join(', '))}</p>}
        <Chips filters={search.filters} countsOf={countsOf} onFilters={(filters) => change({ filters })} />
        {overview !== undefined && (
          <Histogram
            histogram={overview.histogram}
            range={search.range}
            onZoom={(range) => change({ range })}
          />
        )}
        <List queue={queue} search={search} change={change} triage={triage} />
      </div>
      {search.peek !== '' && (
        <Peek id={search.peek} region={peek} onMove={triage.move} onClose={triage.closePeek} />
      )}
    </div>
  );
}

interface ListProps {
  readonly queue: QueueData;
  readonly search: QueueSearch;
  readonly change: (part: Partial<QueueSearch>) => void;
  readonly triage: ReturnType<typeof useTriage>;
}

/** The four states of the list: loading, failed (with the rows that were there), empty, and rows. */
function List({ queue, search, change, triage }: ListProps) {
  const messages = useMessages();
  const { list, rows, total, full } = queue;
  const failed = list.error !== null && (
    <ProblemBanner error={list.error} stale={rows.length > 0} retry={() => void list.refetch()} />
  );
  if (list.isPending || (rows.length === 0 && list.isPlaceholderData)) return failed || <Delayed rows={12} />;
  if (rows.length === 0) return failed || <QueueEmpty search={search} onChange={change} />;
  return (
    <>
      {failed}
      <AlertGrid
        rows={rows}
        total={total?.relation === 'eq' && !search.grouped ? total.value : -1}
        grouped={search.grouped}
        activeId={triage.activeId}
        onMove={triage.move}
        onChoose={triage.choose}
        onOpen={triage.open}
      />
      <div className={classes.more}>
        {list.hasNextPage && full && messages.queue.limit}
        {list.hasNextPage && !full && (
          <Button
            variant="default"
            size="sm"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {messages.queue.more}
          </Button>
        )}
      </div>
    </>
  );
}
