import { alertToDocument, type Alert, type AlertCorrelation } from '../platform/alert.ts';
import { attackOf } from '../platform/attack/index.ts';
import type { JsonObject } from '../platform/event.ts';
import { timedId } from '../platform/ids.ts';
import type { NewDocument } from '../platform/index/port.ts';
import type { EventRef, Signal } from '../sigma/index.ts';
import { carried, foldKeyOf, ruleOf } from './alerts.ts';
import { entitiesOf, groupEntities } from './entities.ts';
import type { Rulebook } from './rulebook.ts';

/** An alert of a correlation, without what only the stored event can tell. */
export interface Raised {
  /** The episode turned out to be part of another alert's. */
  readonly duplicate: boolean;
  readonly alert: Omit<Alert, 'entities' | 'ecs' | 'foldKey'>;
  /** Id of the event whose fields the alert carries. */
  readonly event: string;
  /** The partition's clock when it was raised, in milliseconds. */
  readonly clock: number;
}

export interface RaiseContext {
  readonly rulebook: Rulebook;
  readonly clock: number;
}

/**
 * What a signal says as an alert; undefined where it says none. An alert that spans the city is written once, when it is
 * final, and is named by the event that is the same in any order of arrival.
 */
export function raise(signal: Signal, { rulebook, clock }: RaiseContext): Raised | undefined {
  const { correlation, hash, agency, groupKey } = signal;
  if (!rulebook.alerts(correlation.key)) return undefined;
  const named = correlation.scope === 'city' ? signal.final : signal.trigger;
  if (named === undefined) return undefined;
  const idFor = (event: EventRef): string => timedId(event.accepted, [hash, agency, groupKey, event.id]);
  return {
    duplicate: signal.kind === 'duplicate',
    event: named.id,
    clock,
    alert: {
      id: idFor(named),
      agency,
      time: named.time,
      accepted: named.accepted,
      rule: ruleOf(correlation, hash),
      ...attackOf(correlation.tags),
      explanation: undefined,
      events: [...new Set(signal.constituents.map(({ event }) => event.id))],
      correlation: correlationOf(signal, { rulebook, idFor }),
      state: 'new',
      revision: signal.revision,
    },
  };
}

function correlationOf(
  signal: Signal,
  { rulebook, idFor }: { readonly rulebook: Rulebook; readonly idFor: (event: EventRef) => string },
): AlertCorrelation {
  const { correlation, constituents } = signal;
  const whole = signal.kind === 'final' ? signal.final : undefined;
  const of = signal.kind === 'duplicate' ? signal.of : undefined;
  return {
    type: correlation.type,
    timespanMs: correlation.timespanMs,
    group: signal.group,
    count: signal.count,
    value: signal.value,
    first: signal.first,
    last: signal.last,
    constituents: constituents.map(({ rule, event }) => ({
      rule: rulebook.nameOf(rule),
      event: event.id,
      time: event.time,
    })),
    late: signal.late,
    lowerBound: signal.lowerBound,
    ...(whole === undefined
      ? {}
      : { final: { id: idFor(whole), constituents: constituents.map(({ event }) => event.id) } }),
    // What the whole episode rests on is told by the alert that stays.
    ...(of === undefined ? {} : { final: { id: idFor(of), constituents: [], duplicateOf: idFor(of) } }),
  };
}

/** The alert with what the event says, or with the group's values alone where the event is no longer kept. */
export function completed(raised: Raised, event: JsonObject | undefined): NewDocument {
  const { alert } = raised;
  const group = groupEntities(alert.correlation?.group ?? []);
  const entities = event === undefined ? group : entitiesOf(event);
  const whole: Alert = {
    ...alert,
    entities,
    ecs: event === undefined ? {} : carried(event),
    foldKey: foldKeyOf(alert.rule.id, entities),
  };
  return { id: whole.id, agency: whole.agency, time: whole.time, body: alertToDocument(whole) };
}
