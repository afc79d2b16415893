import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { alertsQuery, newestQuery, ROWS_MAX } from '../api/queries.ts';
import { useLastGood } from '../api/last-good.ts';
import { useSettings } from '../settings/context.tsx';
import { listParameters } from './filter.ts';
import { rowsOf } from './groups.ts';
import type { QueueSearch } from './search.ts';

/** The alerts of a search: pages as they are loaded, rows as they are shown, and how many have come since. */
export function useQueue(search: QueueSearch) {
  const { live } = useSettings().settings;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const parameters = useMemo(() => listParameters(search), [search]);
  const list = useInfiniteQuery(alertsQuery(parameters));
  const data = useLastGood(list.data);
  const { sort: _sort, ...anyOrder } = parameters;
  const newest = useQuery(newestQuery(anyOrder, live && list.isSuccess));
  const alerts = useMemo(() => data?.pages.flatMap((page) => page.alerts) ?? [], [data]);
  const rows = useMemo(() => rowsOf(alerts, search.grouped, open), [alerts, search.grouped, open]);
  const newCount = useMemo(() => {
    if (search.sort !== 'time:desc' || list.isPlaceholderData) return 0;
    const known = new Set(alerts.map((alert) => alert.id));
    const after = alerts[0]?.accepted ?? '';
    return (newest.data?.alerts ?? []).filter((alert) => !known.has(alert.id) && alert.accepted > after)
      .length;
  }, [alerts, newest.data, search.sort, list.isPlaceholderData]);
  return {
    list,
    alerts,
    rows,
    newCount,
    total: data?.pages[0]?.total,
    full: alerts.length >= ROWS_MAX,
    toggleGroup: (key: string) =>
      setOpen((before) => {
        const next = new Set(before);
        if (!next.delete(key)) next.add(key);
        return next;
      }),
  };
}

export type QueueData = ReturnType<typeof useQueue>;
