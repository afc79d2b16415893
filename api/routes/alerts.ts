import { z } from 'zod';
import { CanhError } from '../../platform/errors/index.ts';
import { timeOfId } from '../../platform/ids.ts';
import { SIZE_MAX, type Index, type StoredDocument } from '../../platform/index/port.ts';
import { readOverview } from '../alerts/overview.ts';
import {
  checkTransition,
  copyState,
  createTransition,
  isCopied,
  readTransitions,
  stateAfter,
} from '../alerts/transitions.ts';
import { toDetail, toSummary } from '../alerts/view.ts';
import {
  alertDetail,
  alertOverview,
  alertPage,
  eventPage,
  listParameters,
  overviewParameters,
  transitionRequest,
  type AlertDetail,
  type TransitionRequest,
} from '../contract/index.ts';
import { textsAt } from '../document.ts';
import { nextCursor, readList, readRange } from '../list.ts';
import { everyRole, route, triageRoles, type Caller, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { isoTime } from '../time.ts';
import { toEvent } from './events.ts';

const params = z.object({ id: z.string().max(64) });

/** What a list of alerts may be sorted by, under each name that people use for it. */
const sorts = {
  time: 'time',
  level: 'event.severity',
  'canh.level': 'event.severity',
  'event.severity': 'event.severity',
  'rule.name': 'rule.name',
  'canh.agency': 'canh.agency',
  'canh.state': 'canh.state',
};

const path = '/api/v1/alerts';

/** The queue: alerts of a query, and their counts. */
export function queueRoutes({ clock }: Services): readonly Route[] {
  return [
    route({
      id: 'listAlerts',
      method: 'get',
      path,
      summary: 'Alerts of a query and a time range, newest first.',
      access: everyRole,
      query: listParameters,
      response: alertPage,
      async handle({ query }, { index }) {
        const request = readList(query, clock.now(), sorts);
        const result = await index.search('alerts', request);
        return {
          alerts: result.documents.map((alert) => toSummary(alert)),
          next: nextCursor(query, request, result),
          total: result.total ?? { value: result.documents.length, relation: 'eq' as const },
        };
      },
    }),
    route({
      id: 'overviewAlerts',
      method: 'get',
      path: `${path}/overview`,
      summary: 'Counts of the alerts of a query and a time range: in all, by facet and over time.',
      access: everyRole,
      query: overviewParameters,
      response: alertOverview,
      async handle({ query }, { index }) {
        return await readOverview(index, readRange(query, clock.now()), clock.now());
      },
    }),
  ];
}

/** One alert, its events, and its way through triage. */
export function alertRoutes(services: Services): readonly Route[] {
  return [
    route({
      id: 'getAlert',
      method: 'get',
      path: `${path}/{id}`,
      summary: 'One alert: why it fired, what was done about it, and its document.',
      access: everyRole,
      params,
      response: alertDetail,
      async handle({ params: { id } }, { index }) {
        const alert = await findAlert(index, id);
        const transitions = await readTransitions(index, id);
        // A process that ended between the two writes of a transition left the copy behind.
        const whole = isCopied(alert, transitions) ? alert : await copyState(index, alert, transitions);
        return toDetail(whole, transitions);
      },
    }),
    route({
      id: 'listAlertEvents',
      method: 'get',
      path: `${path}/{id}/events`,
      summary: 'The events that an alert rests on, as far as they are still kept.',
      access: everyRole,
      params,
      response: eventPage,
      async handle({ params: { id } }, { index }) {
        const ids = textsAt((await findAlert(index, id)).body, 'canh.events').slice(0, SIZE_MAX);
        const found = await index.get('events', ids);
        const events = found.filter((event) => event !== undefined).map((event) => toEvent(event));
        return { events, next: null, total: { value: events.length, relation: 'eq' as const } };
      },
    }),
    route({
      id: 'transitionAlert',
      method: 'post',
      path: `${path}/{id}/transitions`,
      summary: 'Moves an alert to another state; closing takes a verdict.',
      access: triageRoles,
      params,
      body: transitionRequest,
      response: alertDetail,
      async handle({ params: { id }, body }, caller) {
        return await transition(services, caller, id, body);
      },
    }),
  ];
}

/** An alert that the caller may see. Throws `not_found`. */
async function findAlert(index: Index, id: string): Promise<StoredDocument> {
  const [alert] = timeOfId(id) === undefined ? [] : await index.get('alerts', [id]);
  if (alert === undefined) throw new CanhError('not_found');
  return alert;
}

/** Writes the transition, which counts, then the copy of the state, which searches find. */
async function transition(
  { clock, log, store }: Services,
  { index, account }: Caller,
  id: string,
  request: TransitionRequest,
): Promise<AlertDetail> {
  const alert = await findAlert(index, id);
  const before = await readTransitions(index, id);
  const from = stateAfter(before, toSummary(alert)).state;
  checkTransition(request, from, before);
  const made = {
    n: before.length + 1,
    at: isoTime(clock.now()),
    by: account.id,
    from,
    to: request.to,
    verdict: request.verdict ?? null,
    note: request.note ?? null,
  };
  await createTransition(index, alert, made);
  log.info('transition', {
    audit: true,
    act: 'transition',
    user: account.id,
    agency: alert.agency,
    alert: id,
    n: made.n,
    from,
    to: made.to,
    verdict: made.verdict,
  });
  const transitions = [...before, made];
  const copied = await copyState(index, alert, transitions);
  if (!isCopied(copied, transitions)) log.warn('state of an alert is copied later', { alert: id, n: made.n });
  await store.refresh();
  return toDetail(copied, transitions);
}
