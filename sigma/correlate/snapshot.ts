import { Reader, StateRefused, Writer, readEpisode, readItem, writeEpisode, writeItem } from './codec.ts';
import { noSlot } from './compact-keys.ts';
import { Group } from './group.ts';
import { bucketsMax, type GroupStore, type Runtime } from './group-store.ts';
import { moveCompact, readCompact, writeCompact } from './snapshot-compact.ts';
import type { CompactGroup, CompactLane } from './compact-lane.ts';
import type { Clocks } from './clocks.ts';
import type { StatePart } from './contract.ts';
import type { GroupClock } from './group-clock.ts';
import type { Alert } from './group.ts';
import type { Item } from './item.ts';
import type { Plan } from './plan.ts';

const clocksId = 'clocks';

function bucketId(bucket: number): string {
  return `groups-${String(bucket).padStart(2, '0')}`;
}

/** The parts that changed since the last call, or all. */
export function snapshotState(store: GroupStore, clocks: Clocks, all: boolean): readonly StatePart[] {
  const parts: StatePart[] = [];
  const wanted = (bucket: number): boolean => all || store.dirty[bucket] === 1;
  const compact = writeCompact(store.runtimes.values(), wanted);
  for (let bucket = 0; bucket < bucketsMax; bucket += 1) {
    const groups = store.buckets[bucket] ?? new Set<Group>();
    const inner = compact.get(bucket);
    const filled = groups.size > 0 || inner !== undefined;
    if (!wanted(bucket) || (!filled && store.dirty[bucket] !== 1)) continue;
    parts.push({ id: bucketId(bucket), bytes: filled ? writeBucket(groups, inner) : new Uint8Array() });
  }
  store.dirty.fill(0);
  parts.push({ id: clocksId, bytes: writeClocks(store, clocks) });
  return parts;
}

function writeClocks({ counts, runtimes }: GroupStore, clocks: Clocks): Uint8Array {
  const writer = new Writer();
  clocks.write(writer);
  for (const count of [counts.lateCorrelated, counts.late, counts.missingField, counts.evicted])
    writer.count(count);
  writer.count(runtimes.size);
  for (const [id, { lossyUntil }] of runtimes) {
    writer.text(id);
    writer.float(lossyUntil);
  }
  return writer.finish();
}

function readClocks(store: GroupStore, clocks: Clocks, reader: Reader): void {
  clocks.read(reader);
  const counts = [reader.count(), reader.count(), reader.count(), reader.count()] as const;
  [store.counts.lateCorrelated, store.counts.late, store.counts.missingField, store.counts.evicted] = counts;
  for (let left = reader.count(); left > 0; left -= 1) {
    const runtime = store.runtimes.get(reader.text());
    const lossyUntil = reader.float();
    if (runtime !== undefined) runtime.lossyUntil = lossyUntil;
  }
}

function writeBucket(groups: Iterable<Group>, compact = new Writer()): Uint8Array {
  const writer = new Writer();
  const plans = new Map<Plan, Group[]>();
  for (const group of groups) {
    const list = plans.get(group.plan);
    if (list === undefined) plans.set(group.plan, [group]);
    else list.push(group);
  }
  writer.count(plans.size);
  for (const [plan, list] of plans) {
    writer.text(plan.id);
    writer.count(plan.sources.length);
    for (const { hash } of plan.sources) writer.text(hash);
    writer.count(list.length);
    // Each with its length, so that groups of a correlation that is gone can be passed over.
    for (const group of list) writer.nested((inner) => writeGroup(inner, group));
  }
  compact.flag(false);
  writer.append(compact);
  return writer.finish();
}

/** Reads state into an empty store. Throws `StateRefused`; what belongs to correlations that are gone is passed over. */
export function restoreState(store: GroupStore, clocks: Clocks, parts: readonly StatePart[]): void {
  const filled = parts.filter(({ bytes }) => bytes.length > 0);
  const readers = filled.map(({ id, bytes }) => ({ id, reader: new Reader(id, bytes) }));
  const own = readers.find(({ id }) => id === clocksId);
  if (own !== undefined) readClocks(store, clocks, own.reader);
  else if (filled.length > 0) throw new StateRefused(clocksId, 'it is missing');
  const groups: Group[] = [];
  const compact = new Map<CompactLane, CompactGroup[]>();
  for (const { id, reader } of readers)
    if (id !== clocksId) readBucket({ store, compact }, reader, (group) => groups.push(group));
  for (const [lane, list] of compact) lane.restore(list);
  // In the order of their last matches, by which they would be given up.
  for (const group of groups.toSorted((a, b) => a.touched - b.touched)) store.budget.place(group);
  store.budget.touches = groups.reduce((most, { touched }) => Math.max(most, touched), 0);
  store.dirty.fill(0);
}

interface Restoring {
  readonly store: GroupStore;
  /** Compact groups of all parts: their matches arrived in turns. */
  readonly compact: Map<CompactLane, CompactGroup[]>;
}

function readBucket({ store, compact }: Restoring, reader: Reader, each: (group: Group) => void): void {
  for (let plans = reader.count(); plans > 0; plans -= 1) {
    const runtime = store.runtimes.get(reader.text());
    const hashes: string[] = [];
    for (let left = reader.count(); left > 0; left -= 1) hashes.push(reader.text());
    for (let left = reader.count(); left > 0; left -= 1)
      reader.nested((inner) => {
        if (runtime === undefined) return;
        each(readGroup(store, runtime, { reader: inner, placeOf: placesOf(hashes, runtime.plan) }));
      });
  }
  reader.nested((inner) => {
    readCompact(inner, {
      find: (id, hashes) => {
        const runtime = store.runtimes.get(id);
        return {
          lane: runtime?.lane,
          placeOf: runtime === undefined ? (source) => source : placesOf(hashes, runtime.plan),
        };
      },
      each: (lane, group) => {
        const list = compact.get(lane);
        if (list === undefined) compact.set(lane, [group]);
        else list.push(group);
      },
    });
  });
}

/** Makes groups again whose correlation now names its rules in another order. */
export function reviveGroups(store: GroupStore, runtime: Runtime, { plan, groups, lane }: Runtime): void {
  const placeOf = placesOf(
    plan.sources.map(({ hash }) => hash),
    runtime.plan,
  );
  if (lane !== undefined && runtime.lane !== undefined) moveCompact(lane, runtime.lane, placeOf);
  lane?.discard();
  for (const group of groups.values()) {
    const writer = new Writer();
    writeGroup(writer, group);
    group.slot = noSlot;
    store.remove(group);
    const reader = new Reader(runtime.plan.id, writer.finish());
    store.budget.place(readGroup(store, runtime, { reader, placeOf }));
  }
}

/** Where the sources of a plan as it was stand now; of several that mean the same the first for the first. */
function placesOf(hashes: readonly string[], { sources }: Plan): (source: number) => number {
  const taken = new Set<number>();
  const places = hashes.map((hash) => {
    const place = sources.findIndex((source, at) => source.hash === hash && !taken.has(at));
    taken.add(place);
    return place;
  });
  return (source) => Math.max(0, places[source] ?? 0);
}

function writeGroup(writer: Writer, group: Group): void {
  const { place, alerts, pending, settled } = group;
  const write = (item: Item): void => writeItem(writer, item);
  writer.text(place.key);
  writer.text(place.agency);
  writer.flag(place.lateOf !== undefined);
  if (place.lateOf !== undefined) writer.text(place.lateOf);
  writer.text(place.clock.agency);
  writer.text(place.clock.collector?.name ?? '');
  writer.flag(place.clock.collector !== undefined);
  writer.flag(place.clock.city);
  writer.count(place.values.length);
  for (const value of place.values) writer.text(value);
  writer.count(group.touched);
  writer.flag(group.early !== undefined);
  if (group.early !== undefined) write(group.early);
  writer.flag(group.lossy);
  writer.flag(group.negative);
  writer.count(alerts.length);
  for (const alert of alerts) writeAlert(writer, alert, write);
  writer.count(pending.length);
  pending.forEach(write);
  settled.encode(writer, write);
}

interface GroupSource {
  readonly reader: Reader;
  readonly placeOf: (source: number) => number;
}

function readGroup(store: GroupStore, runtime: Runtime, { reader, placeOf }: GroupSource): Group {
  const read = (): Item => readItem(reader, placeOf);
  const key = reader.text();
  const agency = reader.text();
  const lateOf = reader.flag() ? reader.text() : undefined;
  const clock = clockOf(store, reader);
  const values: string[] = [];
  for (let left = reader.count(); left > 0; left -= 1) values.push(reader.text());
  const group = store.groupAt(runtime, { key, agency, values, clock, lateOf }, Infinity);
  group.touched = reader.count();
  group.early = reader.flag() ? read() : undefined;
  group.lossy = reader.flag();
  group.negative = reader.flag();
  for (let left = reader.count(); left > 0; left -= 1) group.alerts.push(readAlert(reader, read));
  for (let left = reader.count(); left > 0; left -= 1) group.pending.push(read());
  group.settled.decode(reader, read);
  clock.schedule(group);
  return group;
}

function clockOf(store: GroupStore, reader: Reader): GroupClock {
  const agency = reader.text();
  const collector = reader.text();
  const late = reader.flag();
  if (reader.flag()) return store.cityClock;
  const found = late ? store.clocks.agency(agency).collectors.get(collector) : undefined;
  return found === undefined ? store.agencyClock(agency) : store.lateClock(found);
}

function writeAlert(writer: Writer, alert: Alert, write: (item: Item) => void): void {
  writer.text(alert.trigger.id);
  for (const number of [alert.trigger.time, alert.trigger.accepted, alert.low, alert.high])
    writer.float(number);
  writer.count(alert.revision);
  writer.count(alert.signalled);
  writer.flag(alert.stray);
  writer.flag(alert.told !== undefined);
  if (alert.told !== undefined) writeEpisode(writer, alert.told, write);
}

function readAlert(reader: Reader, read: () => Item): Alert {
  const id = reader.text();
  const trigger = { id, time: reader.float(), accepted: reader.float() };
  return {
    trigger,
    low: reader.float(),
    high: reader.float(),
    revision: reader.count(),
    signalled: reader.count(),
    stray: reader.flag(),
    told: reader.flag() ? readEpisode(reader, read) : undefined,
  };
}
