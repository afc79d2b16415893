import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  AlertDetail,
  AlertOverview,
  AlertPage,
  EventPage,
  Health,
  SourceList,
} from '../../../api/contract/index.ts';
import { get, type Parameters } from './client.ts';

const PAGE_SIZE = 100;
/** Rows that the browser keeps at most. */
export const ROWS_MAX = 2000;
const LIVE_INTERVAL_MS = 15_000;

export function alertsQuery(parameters: Parameters) {
  return infiniteQueryOptions({
    queryKey: ['alerts', parameters],
    queryFn: ({ pageParam, signal }) =>
      get<AlertPage>('/alerts', { ...parameters, size: String(PAGE_SIZE), ...cursorOf(pageParam) }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** The newest alerts only, to tell how many have come since the list was loaded. */
export function newestQuery(parameters: Parameters, live: boolean) {
  return queryOptions({
    queryKey: ['newest', parameters],
    queryFn: ({ signal }) =>
      get<AlertPage>('/alerts', { ...parameters, sort: 'time:desc', size: String(PAGE_SIZE) }, signal),
    refetchInterval: live ? LIVE_INTERVAL_MS : false,
    enabled: live,
    retry: false,
  });
}

export function overviewQuery(parameters: Parameters) {
  return queryOptions({
    queryKey: ['overview', parameters],
    queryFn: ({ signal }) => get<AlertOverview>('/alerts/overview', parameters, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

export function alertQuery(id: string) {
  return queryOptions({
    queryKey: ['alert', id],
    queryFn: ({ signal }) => get<AlertDetail>(`/alerts/${encodeURIComponent(id)}`, {}, signal),
    staleTime: 10_000,
  });
}

export function alertEventsQuery(id: string) {
  return queryOptions({
    queryKey: ['alert-events', id],
    queryFn: ({ signal }) => get<EventPage>(`/alerts/${encodeURIComponent(id)}/events`, {}, signal),
    staleTime: 60_000,
  });
}

export function eventsQuery(parameters: Parameters) {
  return infiniteQueryOptions({
    queryKey: ['events', parameters],
    queryFn: ({ pageParam, signal }) =>
      get<EventPage>('/events', { ...parameters, size: String(PAGE_SIZE), ...cursorOf(pageParam) }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: ({ signal }) => get<SourceList>('/sources', {}, signal),
});

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => get<Health>('/health', {}, signal),
});

function cursorOf(cursor: string): Parameters {
  return cursor === '' ? {} : { cursor };
}
