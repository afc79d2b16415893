import {
  alertToDocument,
  type Alert,
  type AlertRule,
  type Entity,
  type Explanation,
} from '../platform/alert.ts';
import { attackOf } from '../platform/attack/index.ts';
import type { Event, JsonObject } from '../platform/event.ts';
import { timedId } from '../platform/ids.ts';
import type { NewDocument } from '../platform/index/port.ts';
import type { Metadata, Rule } from '../sigma/index.ts';
import { entitiesOf } from './entities.ts';
import { idOf } from './rulebook.ts';

/** ECS objects of the event that an alert carries along, so that the queue can be filtered by them. */
const ecsCarried = [
  'host',
  'user',
  'source',
  'destination',
  'process',
  'file',
  'registry',
  'dns',
  'url',
  'http',
  'user_agent',
  'winlog',
] as const;

/** What matched: the rule, its hash, and why. */
export interface Detection {
  readonly rule: Rule;
  readonly hash: string;
  readonly explanation: Explanation;
}

/**
 * The alert for one rule on one event. Its id depends on the event, the agency and what decides the rule's matching
 * alone, so that a replay makes the same one and an edited title does not make another.
 */
export function alertDocument(event: Event, document: JsonObject, detection: Detection): NewDocument {
  const { rule, hash, explanation } = detection;
  const entities = entitiesOf(document);
  const alert: Alert = {
    id: timedId(event.accepted, [hash, event.agency, '', event.id]),
    agency: event.agency,
    time: event.time,
    accepted: event.accepted,
    rule: ruleOf(rule, hash),
    ...attackOf(rule.tags),
    entities,
    ecs: carried(document),
    explanation,
    events: [event.id],
    foldKey: foldKeyOf(idOf(rule), entities),
    state: 'new',
    revision: 1,
  };
  return { id: alert.id, agency: alert.agency, time: alert.time, body: alertToDocument(alert) };
}

/** What an alert says of its rule or correlation. */
export function ruleOf(rule: Metadata, hash: string): AlertRule {
  return {
    id: idOf(rule),
    title: rule.title,
    level: rule.level,
    hash,
    ...(rule.description === undefined ? {} : { description: rule.description }),
    ...(rule.author === undefined ? {} : { author: rule.author }),
    ...(rule.license === undefined ? {} : { license: rule.license }),
    references: rule.references,
    falsepositives: rule.falsepositives,
    tags: rule.tags,
  };
}

/** Alerts of one rule about the same primary entity belong to one group. */
export function foldKeyOf(ruleId: string, entities: readonly Entity[]): string {
  const [primary] = entities;
  return primary === undefined ? ruleId : `${ruleId}|${primary.type}:${primary.value.toLowerCase()}`;
}

/** The ECS objects of an event that its alerts carry. */
export function carried(document: JsonObject): JsonObject {
  const ecs: Record<string, JsonObject[string]> = {};
  for (const name of ecsCarried) {
    const value = document[name];
    if (value !== undefined) ecs[name] = value;
  }
  return ecs;
}
