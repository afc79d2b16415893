import type { StoredDocument } from '../../platform/index/port.ts';
import { eventPage, listParameters, type EventItem } from '../contract/index.ts';
import { textAt } from '../document.ts';
import { nextCursor, readList } from '../list.ts';
import { everyRole, route, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { isoTime } from '../time.ts';

const sorts = { time: 'time' };

/** Search over the events themselves. */
export function eventRoutes({ clock }: Services): readonly Route[] {
  return [
    route({
      id: 'listEvents',
      method: 'get',
      path: '/api/v1/events',
      summary: 'Events of a query and a time range, newest first.',
      access: everyRole,
      query: listParameters,
      response: eventPage,
      async handle({ query }, { index }) {
        const request = readList(query, clock.now(), sorts);
        const result = await index.search('events', request);
        return {
          events: result.documents.map((event) => toEvent(event)),
          next: nextCursor(query, request, result),
          total: result.total ?? { value: result.documents.length, relation: 'eq' as const },
        };
      },
    }),
  ];
}

export function toEvent(event: StoredDocument): EventItem {
  const { id, time, agency, body } = event;
  return {
    id,
    time: isoTime(time),
    accepted: textAt(body, 'event.ingested') ?? isoTime(time),
    agency: textAt(body, 'canh.agency') ?? agency,
    original: textAt(body, 'event.original') ?? '',
    document: body,
  };
}
