import { tellArrival, tellStray } from './alerting.ts';
import { compactKeyMax } from './compact-lane.ts';
import { noSlot } from './compact-keys.ts';
import { groupValues, itemValue, type FieldOf } from './extract.ts';
import { joinParts } from './values.ts';
import { futureMax } from './clocks.ts';
import type { AgencyClock, CollectorClock } from './clocks.ts';
import type { CorrelatorOptions, Signal, TimedEvent } from './contract.ts';
import type { Group, Place } from './group.ts';
import type { GroupStore, Runtime, Use } from './group-store.ts';
import type { Item } from './item.ts';

type Tell = (signal: Signal) => void;

/** Takes matches as they arrive to the group that they belong to. */
export class Intake {
  readonly #store: GroupStore;
  readonly #owns: CorrelatorOptions['owns'];
  readonly #onLate: CorrelatorOptions['onLate'];
  readonly #tell: Tell;

  constructor(store: GroupStore, { owns, onLate }: CorrelatorOptions, tell: Tell) {
    this.#store = store;
    this.#tell = tell;
    this.#owns = owns;
    this.#onLate = onLate;
  }

  take(use: Use, event: TimedEvent, collector: CollectorClock): void {
    const { lane, plan } = use.runtime;
    const late = event.time < (plan.city ? this.#store.clocks.city : collector.agency.watermark);
    if (
      lane === undefined ||
      late ||
      this.#owns !== undefined ||
      !this.#takeCompact(use, event, collector.agency)
    )
      this.#takeFull(use, event, collector);
  }

  /** The way of nearly all matches of correlations that count; false where the group cannot be kept compactly. */
  #takeCompact({ runtime, source }: Use, event: TimedEvent, agency: AgencyClock): boolean {
    const store = this.#store;
    const { lane } = runtime;
    const from = runtime.plan.sources[source];
    if (from === undefined || lane === undefined) return true;
    const { key, match } = lane;
    key.begin(agency.index);
    let missing = false;
    for (const name of from.groupFields) missing ||= !key.add(event.field(name));
    const raw = missing || from.valueFields.length !== 1 ? undefined : event.field(from.valueFields[0] ?? '');
    const known = typeof raw === 'string' && lane.knows(raw);
    const value = missing || known ? undefined : itemValue(runtime.plan, from, (name) => event.field(name));
    if (missing || value === null) {
      store.counts.missingField += 1;
      return true;
    }
    if (key.length > compactKeyMax) return false;
    const found = lane.find();
    const slot = found === noSlot ? lane.open(event.time < runtime.lossyUntil) : found;
    if (slot === noSlot) return false;
    let group = lane.groupAt(slot);
    if (group === undefined) {
      match.event = event;
      match.source = source;
      // What is stamped far ahead would hold up the ring.
      const ahead = event.time > event.accepted + futureMax;
      if (!ahead && !lane.take(slot, value, agency.index)) {
        store.dirty[lane.bucket(slot)] = 1;
        return true;
      }
      group = store.raise(runtime, slot, agency);
    }
    this.#add(group, itemOf(event, source, known ? raw : value), event);
    return true;
  }

  #takeFull({ runtime, source }: Use, event: TimedEvent, collector: CollectorClock): void {
    const store = this.#store;
    const { plan } = runtime;
    const from = plan.sources[source];
    if (from === undefined) return;
    const field: FieldOf = (name) => event.field(name);
    const values = groupValues(from, field);
    const value = values === undefined ? null : itemValue(plan, from, field);
    if (values === undefined || value === null) {
      store.counts.missingField += 1;
      return;
    }
    const agency = plan.city ? '' : event.agency;
    const key = joinParts([agency, ...values]);
    if (this.#owns?.(key, agency) === false) return;
    const item = itemOf(event, source, value);
    const late = event.time < (plan.city ? store.clocks.city : collector.agency.watermark);
    if (late && event.time < collector.watermark) {
      this.#tooLate(plan.correlation, event);
      const held = runtime.groups.get(key) ?? this.#near(runtime, collector.agency, values);
      if (held !== undefined) this.#addTooLate(held, item);
      return;
    }
    const place = late
      ? this.#latePlace({ key, agency, values }, collector)
      : {
          key,
          agency,
          values,
          clock: plan.city ? store.cityClock : store.agencyClock(agency),
          lateOf: undefined,
        };
    this.#add(store.groupAt(runtime, place, item.time), item, event);
  }

  #latePlace(place: Pick<Place, 'key' | 'agency' | 'values'>, collector: CollectorClock): Place {
    const store = this.#store;
    store.counts.lateCorrelated += 1;
    const lateOf = joinParts(
      place.agency === '' ? [collector.agency.name, collector.name] : [collector.name],
    );
    return { ...place, key: store.lateKey(place.key, lateOf), clock: store.lateClock(collector), lateOf };
  }

  #add(group: Group, item: Item, event: TimedEvent): void {
    if (group.isPassed(item)) {
      this.#tooLate(group.plan.correlation, event);
      return;
    }
    const satisfied = group.add(item);
    if (satisfied !== undefined && !group.plan.quiet) tellArrival(group, item.event, satisfied, this.#tell);
    this.#store.touch(group);
    group.place.clock.schedule(group);
  }

  #tooLate(correlation: Group['plan']['correlation'], event: TimedEvent): void {
    this.#store.counts.late += 1;
    this.#onLate?.(correlation, event);
  }

  /** A compact group that one match might satisfy, made full. */
  #near({ lane, plan }: Runtime, agency: AgencyClock, values: readonly string[]): Group | undefined {
    const slot = lane?.slotOf(agency.index, values) ?? noSlot;
    const runtime = this.#store.runtimes.get(plan.id);
    if (lane === undefined || slot === noSlot || runtime === undefined) return undefined;
    return lane.isNear(slot, agency.index) ? this.#store.raise(runtime, slot, agency) : undefined;
  }

  #addTooLate(held: Group, item: Item): void {
    const satisfied = held.plan.eager && !held.plan.quiet ? held.completes(item) : undefined;
    if (satisfied !== undefined) tellStray(held, item.event, satisfied, this.#tell);
    this.#store.touch(held);
    held.place.clock.schedule(held);
  }
}

function itemOf({ id, time, accepted, order }: TimedEvent, source: number, value: Item['value']): Item {
  return { time, order, event: { id, time, accepted }, source, value };
}
