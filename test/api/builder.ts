import {
  alertToDocument,
  type Alert,
  type AlertCorrelation,
  type AlertRule,
  type Level,
} from '../../platform/alert.ts';
import { eventToDocument, type Event } from '../../platform/event.ts';
import { timedId } from '../../platform/ids.ts';
import type { NewDocument } from '../../platform/index/port.ts';

/** What tells one test event from another; the rest is a failed sign-in on a web server. */
export interface EventSeed {
  readonly seq: number;
  readonly time: number;
  readonly accepted?: number;
  readonly agency?: string;
  readonly host?: string;
  readonly user?: string;
  readonly address?: string;
  readonly original?: string;
}

/** A real event, as the Linux integration would make it. */
export function buildEvent(seed: EventSeed): Event {
  const { seq, time, accepted = time, agency = 'soc', host = 'web-01', user = 'root' } = seed;
  const address = seed.address ?? '203.0.113.9';
  const record = {
    collector: `collector-${agency}`,
    epoch: 'e1',
    seq,
    ordinal: 0,
    records: 1,
    input: 'auth',
  };
  const message = `Failed password for ${user} from ${address} port 40022 ssh2`;
  return {
    id: timedId(accepted, [record.collector, record.epoch, seq, 0]),
    agency,
    time,
    accepted,
    logsource: [{ product: 'linux', service: 'sshd' }],
    ecs: {
      'event.category': ['authentication'],
      'event.outcome': 'failure',
      'host.name': host,
      'user.name': user,
      'source.ip': address,
      message,
    },
    native: { message },
    aliases: {},
    original: seed.original ?? `${host} sshd[811]: ${message}`,
    parser: { name: 'linux-auth', version: 1 },
    record,
  };
}

/** What tells one test alert from another; the rest comes from the event it rests on. */
export interface AlertSeed {
  readonly event: Event;
  readonly rule?: Partial<AlertRule>;
  readonly level?: Level;
}

/** A real alert, as the correlator would make it of one event. */
export function buildAlert({ event, level = 'medium', rule = {} }: AlertSeed): Alert {
  const { agency, ecs } = event;
  const ruleId = rule.id ?? '5b0b75dc-9190-4047-b9a8-14164cee8a31';
  const host = String(ecs['host.name']);
  const value = String(ecs['message']);
  return {
    id: timedId(event.accepted, [ruleId, agency, event.id]),
    agency,
    time: event.time,
    accepted: event.accepted,
    rule: {
      title: 'Failed sign-in over SSH',
      hash: 'h1',
      description: 'Somebody tried a password that was wrong.',
      author: 'Canh',
      license: 'Apache-2.0',
      references: ['https://attack.mitre.org/techniques/T1110/'],
      falsepositives: ['A person who mistyped'],
      tags: ['attack.credential-access', 'attack.t1110'],
      ...rule,
      id: ruleId,
      level,
    },
    tactics: [{ id: 'TA0006', name: 'Credential Access' }],
    techniques: [{ id: 'T1110', name: 'Brute Force' }],
    entities: [
      { type: 'host', value: host },
      { type: 'ip', value: String(ecs['source.ip']) },
    ],
    ecs: {
      host: { name: host },
      user: { name: String(ecs['user.name']) },
      source: { ip: String(ecs['source.ip']) },
    },
    explanation: {
      condition: 'selection',
      tree: {
        kind: 'identifier',
        name: 'selection',
        matched: true,
        children: [
          {
            kind: 'item',
            field: 'message',
            modifiers: ['contains'],
            patterns: ['Failed password'],
            value,
            matched: true,
          },
        ],
      },
    },
    events: [event.id],
    foldKey: `${ruleId} ${host}`,
    state: 'new',
    revision: 1,
  };
}

/** What the alert of a correlation rests on, once it is over and was found to be another alert's duplicate. */
export function buildCorrelation(events: readonly Event[], duplicateOf: string): AlertCorrelation {
  const times = events.map(({ time }) => time);
  return {
    type: 'event_count',
    timespanMs: 300_000,
    group: [{ field: 'source.ip', value: '203.0.113.9' }],
    count: 12,
    value: events.length,
    first: Math.min(...times),
    last: Math.max(...times),
    constituents: events.map(({ id, time }) => ({
      rule: { id: 'rule-1', title: 'Odd rule' },
      event: id,
      time,
    })),
    late: false,
    lowerBound: true,
    final: { id: 'final', constituents: events.map(({ id }) => id), duplicateOf },
  };
}

/** The indexed form of an event. */
export function eventDocument(event: Event): NewDocument {
  return { id: event.id, agency: event.agency, time: event.time, body: eventToDocument(event) };
}

/** The indexed form of an alert. */
export function alertDocument(alert: Alert): NewDocument {
  return { id: alert.id, agency: alert.agency, time: alert.time, body: alertToDocument(alert) };
}

/** What the correlator writes about a source of events. */
export function sourceDocument(seed: {
  readonly agency: string;
  readonly input: string;
  readonly time: number;
}): NewDocument {
  const { agency, input, time } = seed;
  const at = new Date(time).toISOString();
  return {
    id: `collector-${agency} ${input}`,
    agency,
    time,
    body: {
      collector: `collector-${agency}`,
      agency,
      input,
      path: '/var/log/auth.log',
      product: 'linux',
      events: 12,
      unparsed: 1,
      last_event: at,
      last_accepted: at,
    },
  };
}
