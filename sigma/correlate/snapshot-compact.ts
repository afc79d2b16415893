import { Writer, readItem, writeItem, type Reader } from './codec.ts';
import type { CompactGroup, CompactLane } from './compact-lane.ts';
import type { Runtime } from './group-store.ts';
import type { Item } from './item.ts';

/** Compact groups of several parts of the state, each with what was written of it. */
export function writeCompact(
  runtimes: Iterable<Runtime>,
  wanted: (bucket: number) => boolean,
): ReadonlyMap<number, Writer> {
  const parts = new Map<number, Writer>();
  for (const { plan, lane } of runtimes) {
    if (lane === undefined) continue;
    for (const [bucket, inner] of writeLane(lane, wanted)) {
      const writer = parts.get(bucket) ?? new Writer();
      parts.set(bucket, writer);
      writer.flag(true);
      writer.text(plan.id);
      writer.count(plan.sources.length);
      for (const { hash } of plan.sources) writer.text(hash);
      inner.flag(false);
      writer.append(inner);
    }
  }
  return parts;
}

function writeLane(lane: CompactLane, wanted: (bucket: number) => boolean): ReadonlyMap<number, Writer> {
  const writers = new Map<number, Writer>();
  for (const { bucket, group } of lane.all(wanted)) {
    const writer = writers.get(bucket) ?? new Writer();
    writers.set(bucket, writer);
    writer.flag(true);
    writer.count(group.place);
    writer.count(group.values.length);
    for (const value of group.values) writer.text(value);
    writer.flag(group.lossy);
    writer.count(group.until);
    writer.count(group.items.length);
    for (const { item, arrival } of group.items) {
      writeItem(writer, item);
      writer.count(arrival);
    }
  }
  return writers;
}

export interface CompactSink {
  /** The lane of a correlation, and where its sources stand now; no lane: it is gone. */
  find(
    id: string,
    hashes: readonly string[],
  ): { readonly lane: CompactLane | undefined; readonly placeOf: PlaceOf };
  each(lane: CompactLane, group: CompactGroup): void;
}

/** Reads what `writeCompact` wrote of one part; groups of correlations that are gone are passed over. */
export function readCompact(reader: Reader, sink: CompactSink): void {
  while (reader.flag()) {
    const id = reader.text();
    const hashes: string[] = [];
    for (let left = reader.count(); left > 0; left -= 1) hashes.push(reader.text());
    const { lane, placeOf } = sink.find(id, hashes);
    reader.nested((inner) => {
      while (inner.flag()) {
        const group = readGroup(inner, placeOf);
        if (lane !== undefined) sink.each(lane, group);
      }
    });
  }
}

export type PlaceOf = (source: number) => number;

function readGroup(reader: Reader, placeOf: PlaceOf): CompactGroup {
  const place = reader.count();
  const values: string[] = [];
  for (let left = reader.count(); left > 0; left -= 1) values.push(reader.text());
  const [lossy, until] = [reader.flag(), reader.count()];
  const items: { item: Item; arrival: number }[] = [];
  for (let left = reader.count(); left > 0; left -= 1)
    items.push({ item: readItem(reader, placeOf), arrival: reader.count() });
  return { place, values, lossy, until, items };
}

/** Takes compact groups over into another lane, whose sources stand in other places. */
export function moveCompact(from: CompactLane, to: CompactLane, placeOf: PlaceOf): void {
  const groups: CompactGroup[] = [];
  for (const { group } of from.all(() => true))
    groups.push({
      ...group,
      items: group.items.map(({ item, arrival }) => ({
        item: { ...item, source: placeOf(item.source) },
        arrival,
      })),
    });
  to.restore(groups);
}
