import type { Event, EcsValue, JsonObject, JsonValue } from '../platform/event.ts';
import { timedId } from '../platform/ids.ts';
import { isTick, type BusEntry, type LogRecord } from '../platform/record.ts';
import { candidatesOf, isWanted, parseGroup, parseLine, type Candidates, type Outcome } from './choice.ts';
import { asObject, toLine, type CompleteLine } from './complete-line.ts';
import type { Integration, ParsedEvent } from './contract.ts';
import { Joins, type Member } from './joins.ts';
import { Reassembly } from './reassembly.ts';
import { integrations as registered } from './registry.ts';
import { envelopeEcs } from './syslog/envelope.ts';

const SNAPSHOT_VERSION = 1;
/** Last millisecond of the year 9999, which is as far as ISO 8601 writes a year in four digits. */
const TIME_MAX = 253_402_300_799_999;

export interface NormaliserOptions {
  /** State that `snapshot()` gave, to go on from. */
  readonly snapshot?: JsonValue | undefined;
  /** Told of a record whose integration threw; its event is made all the same. */
  readonly onFailure?: ((record: LogRecord, failure: unknown) => void) | undefined;
  /** Other integrations than the registered ones. */
  readonly integrations?: readonly Integration[] | undefined;
}

/** Turns one partition's records into events. The same entries in the same order always give the same events. */
export interface Normaliser {
  /**
   * Takes the next entry of the partition and returns the events that it completes, in order. Copies of a record must
   * have been taken out before.
   */
  push(entry: BusEntry): readonly Event[];
  /** Closes everything that is open. For streams that end (files, tests); a live partition is never ended. */
  end(): readonly Event[];
  /** Open parts, open groups and the partition's clock, as JSON. */
  snapshot(): JsonObject;
  /** Records taken that no event stands for yet. */
  readonly pending: number;
}

/** Makes a normaliser for one partition. Throws `record_undecodable` when the snapshot is broken. */
export function createNormaliser(options: NormaliserOptions = {}): Normaliser {
  return new PartitionNormaliser(options);
}

class PartitionNormaliser implements Normaliser {
  readonly #candidates: Candidates;
  readonly #onFailure: NormaliserOptions['onFailure'];
  readonly #reassembly = new Reassembly();
  readonly #joins = new Map<string, { readonly integration: Integration; readonly joins: Joins }>();
  #clock = 0;

  constructor({ snapshot, onFailure, integrations = registered }: NormaliserOptions) {
    this.#candidates = candidatesOf(integrations);
    this.#onFailure = onFailure;
    const state = asObject(snapshot);
    const open = asObject(state['joins']);
    for (const integration of integrations) {
      if (integration.joining === undefined) continue;
      const joins = new Joins(integration.joining);
      joins.restore(open[integration.id]);
      this.#joins.set(integration.id, { integration, joins });
    }
    this.#reassembly.restore(state['parts']);
    const clock = state['clock'];
    if (typeof clock === 'number') this.#clock = clock;
  }

  push(entry: BusEntry): readonly Event[] {
    const events: Event[] = [];
    const tick = isTick(entry);
    const now = tick ? entry.tick : entry.accepted;
    if (now > this.#clock) {
      this.#clock = now;
      this.#expire(events);
    }
    if (!tick) for (const line of this.#reassembly.push(entry)) this.#take(line, events);
    return events;
  }

  end(): readonly Event[] {
    const events: Event[] = [];
    for (const line of this.#reassembly.end()) this.#take(line, events);
    for (const { integration, joins } of this.#joins.values()) {
      for (const group of joins.end()) this.#finishGroup(group, integration, events);
    }
    return events;
  }

  get pending(): number {
    let records = this.#reassembly.pending;
    for (const { joins } of this.#joins.values()) records += joins.pending;
    return records;
  }

  snapshot(): JsonObject {
    const joins = [...this.#joins].map(([id, open]) => [id, open.joins.snapshot()] as const);
    return {
      version: SNAPSHOT_VERSION,
      clock: this.#clock,
      parts: this.#reassembly.snapshot(),
      joins: Object.fromEntries(joins),
    };
  }

  #expire(events: Event[]): void {
    for (const line of this.#reassembly.expire(this.#clock)) this.#take(line, events);
    for (const { integration, joins } of this.#joins.values()) {
      for (const group of joins.expire(this.#clock)) this.#finishGroup(group, integration, events);
    }
  }

  #take(complete: CompleteLine, events: Event[]): void {
    const line = toLine(complete);
    const result = parseLine(line, this.#candidates);
    if (!isWanted(result)) {
      this.#finish([{ complete, line }], result, events);
      return;
    }
    const open = this.#joins.get(result.integration.id);
    for (const group of open?.joins.add(result.key, { complete, line }) ?? []) {
      this.#finishGroup(group, result.integration, events);
    }
  }

  #finishGroup(group: readonly Member[], integration: Integration, events: Event[]): void {
    const [first, ...rest] = group;
    if (first === undefined) return;
    const lines = [first.line, ...rest.map((member) => member.line)] as const;
    this.#finish(group, parseGroup([...lines], integration), events);
  }

  #finish(members: readonly Member[], outcome: Outcome, events: Event[]): void {
    const [first] = members;
    if (first === undefined) return;
    if ('failure' in outcome) this.#onFailure?.(first.complete.record, outcome.failure);
    let ordinal = 0;
    for (const parsed of outcome.events) {
      events.push(toEvent(members, parsed, { parser: outcome.parser, ordinal }));
      ordinal += 1;
    }
  }
}

function toEvent(
  members: readonly Member[],
  parsed: ParsedEvent,
  { parser, ordinal }: { readonly parser: Event['parser']; readonly ordinal: number },
): Event {
  const record = firstOf(members).complete.record;
  const { agency, collector, epoch, seq, accepted, input, path } = record;
  let records = 0;
  if (ordinal === 0) for (const member of members) records += member.complete.records;
  return {
    id: timedId(accepted, [collector, epoch, seq, ordinal]),
    agency,
    time: saneTime(parsed.time, accepted),
    accepted,
    logsource: parsed.logsource,
    ecs: withDefaults(members, parsed, parser.name),
    native: parsed.native,
    aliases: parsed.aliases ?? {},
    original: members.length === 1 ? record.line : members.map(({ line }) => line.original).join('\n'),
    parser,
    record: { collector, epoch, seq, input, ...(path === undefined ? {} : { path }), ordinal, records },
  };
}

/** A clock that is decades off is believed; one that no calendar can write is not. */
function saneTime(time: number | undefined, accepted: number): number {
  if (time === undefined || !(time >= 0 && time <= TIME_MAX)) return accepted;
  return Math.floor(time);
}

/** Adds what every event has: kind, module, the header's host and priority, the file, and what was wrong with the line. */
function withDefaults(members: readonly Member[], parsed: ParsedEvent, module: string): Event['ecs'] {
  const { line, complete } = firstOf(members);
  const ecs: Record<string, EcsValue> = { 'event.kind': 'event', 'event.module': module };
  if (line.envelope !== undefined) {
    for (const [name, value] of Object.entries(envelopeEcs(line.envelope))) {
      if (!name.startsWith('process.')) ecs[name] = value;
    }
  }
  const isFile = line.path?.startsWith('/') === true;
  if (isFile) ecs['log.file.path'] = line.path;
  Object.assign(ecs, parsed.ecs);
  // A file that names no host is the log of the machine whose collector reads it.
  if (isFile) ecs['host.name'] ??= complete.record.collector;
  const found = members.length === 1 ? complete.flaws : members.flatMap((member) => member.complete.flaws);
  if (found.length > 0) {
    const tags = ecs['tags'];
    ecs['tags'] = [...new Set([...(Array.isArray(tags) ? (tags as readonly string[]) : []), ...found])];
    ecs['error.code'] ??= found[0] ?? '';
  }
  return ecs;
}

function firstOf(members: readonly Member[]): Member {
  const [first] = members;
  if (first === undefined) throw new Error('invariant: an event needs a line');
  return first;
}
