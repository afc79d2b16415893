import { IntColumn } from './column.ts';
import { CompactKeys, KeyText, noSlot, slotsMax } from './compact-keys.ts';
import { CompactRing, none, recordBytes, type CompactMatch } from './compact-ring.ts';
import { CompactValues } from './compact-values.ts';
import { mostInWindow } from './compact-window.ts';
import { compareItems, type Item } from './item.ts';
import { countAt, flagsAt, slabInts, tailAt, untilAt } from './slab.ts';
import type { Budget } from './budget.ts';
import type { Group } from './group.ts';
import type { Plan } from './plan.ts';

/** Bytes of a slot: its numbers and its share of the table of keys. */
const slotBytes = 32;

/** Keys longer than this are not kept compactly. */
export const compactKeyMax = 60_000;

/** A group is made a full one where it would have to be looked at for so few matches, and holds many … */
const nearMatches = 64;
/** … which is so many for each match that it lacks; */
const nearness = 16;
/** or where it holds this share of all state: full groups of values keep only the last match of each. */
const shareMax = 1 / 16;

/** What hangs on a slot in the place of matches: a full group. */
const full = -2;

const lossyFlag = 64;
const bucketMask = 63;

/** What a snapshot tells of one compact group. */
export interface CompactGroup {
  /** Whose ring it is in. */
  readonly place: number;
  readonly values: readonly string[];
  readonly lossy: boolean;
  readonly until: number;
  /** In order of arrival, with how many arrived before each. */
  readonly items: readonly { readonly item: Item; readonly arrival: number }[];
}

/**
 * Groups of `event_count` and `value_count` with lower bounds that are far from satisfied: nearly all groups are. Only
 * their matches are kept, as bytes. Each match raises the figure of a window by one at most, so a group need not be
 * looked at until as many came as its best window lacked; what may be satisfied becomes a full group.
 */
export class CompactLane {
  readonly plan: Plan;
  readonly key = new KeyText();
  /** What `take` takes: one for all, since a match is made for every event. */
  readonly match: CompactMatch = {
    event: { id: '', time: 0, accepted: 0, order: 0 },
    source: 0,
    slot: none,
    value: 0,
    before: none,
  };
  /** Full groups by their slots. */
  readonly groups = new Map<number, Group>();
  size = 0;
  bytes = 0;
  readonly #budget: Budget;
  readonly #withValues: boolean;
  /** By slot: see `slab.ts`. */
  readonly #slab = new IntColumn();
  readonly #keys = new CompactKeys(this.#slab);
  readonly #values = new CompactValues();
  /** By agency. */
  readonly #rings: (CompactRing | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  readonly #bucketSeed: number;
  #slots = 0;

  constructor(plan: Plan, budget: Budget, bucketSeed: number) {
    this.plan = plan;
    this.#budget = budget;
    this.#bucketSeed = bucketSeed;
    this.#withValues = plan.figure === 'values';
  }

  /** The slot of the key that was made in `key`. */
  find(): number {
    return this.#keys.find(this.key);
  }

  groupAt(slot: number): Group | undefined {
    return this.#slab.get(slot * slabInts + tailAt) === full ? this.groups.get(slot) : undefined;
  }

  bucket(slot: number): number {
    return this.#slab.get(slot * slabInts + flagsAt) & bucketMask;
  }

  /** A new slot for the key in `key`, without matches; `noSlot` where there are too many. */
  open(lossy: boolean): number {
    if (this.#slots >= slotsMax && this.#freeSlots.length === 0) return noSlot;
    const slot = this.#freeSlots.pop() ?? this.#slots;
    if (slot === this.#slots) {
      this.#slots += 1;
      this.#slab.reserve(this.#slots * slabInts);
    }
    this.#keys.add(this.key, slot);
    this.#slab.set(slot * slabInts + tailAt, none);
    this.#slab.set(slot * slabInts + countAt, 0);
    this.#slab.set(slot * slabInts + untilAt, this.plan.least);
    this.#slab.set(slot * slabInts + flagsAt, this.#bucketOfKey() | (lossy ? lossyFlag : 0));
    this.#count(slotBytes + this.key.length);
    this.size += 1;
    return slot;
  }

  #count(bytes: number): void {
    this.bytes += bytes;
    this.#budget.bytes += bytes;
  }

  /** FNV-1a over the values: where a group is kept must be the same in every run. */
  #bucketOfKey(): number {
    let hash = this.#bucketSeed;
    const { bytes, length } = this.key;
    for (let at = 3; at < length; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    return (hash ^ (hash >>> 16)) & bucketMask;
  }

  /** Sets the value in `match` by a text as the event has it, if that is known already; whether it is. */
  knows(text: string): boolean {
    this.match.value = this.#values.find(text);
    return this.match.value >= 0;
  }

  /** Takes what stands in `match`, with its value unless that is known, for a slot; true where its group is to become a full one first. */
  take(slot: number, value: Item['value'], place: number): boolean {
    const until = this.#slab.get(slot * slabInts + untilAt) - 1;
    if (until <= 0 && !this.#look(slot, place)) return true;
    if (until > 0) this.#slab.set(slot * slabInts + untilAt, until);
    this.#put(slot, value, place);
    return false;
  }

  /** Looks at a group; whether one more match still cannot satisfy it. */
  #look(slot: number, place: number): boolean {
    const { least, timespanMs } = this.plan;
    const count = this.#slab.get(slot * slabInts + countAt);
    // No window holds more than the group, and no group more values than all: mostly that says enough.
    let most = Math.min(count, this.#withValues ? this.#values.held : count);
    if (least - most <= nearness) {
      const ring = this.#ring(place);
      const found = this.#walk(slot, ring);
      const times = found.map((at) => ring.time(at));
      most = mostInWindow(
        times,
        this.#withValues ? found.map((at) => ring.value(at)) : undefined,
        timespanMs,
      );
    }
    const lacks = least - most;
    if (lacks <= 1 || (count > nearMatches && count > lacks * nearness)) return false;
    if (count * recordBytes > this.#budget.bytesMax * shareMax) return false;
    this.#slab.set(slot * slabInts + untilAt, lacks - 1);
    return true;
  }

  /** Whether one more match might satisfy a compact group. */
  isNear(slot: number, place: number): boolean {
    return this.#slab.get(slot * slabInts + tailAt) >= 0 && !this.#look(slot, place);
  }

  #ring(place: number): CompactRing {
    return (this.#rings[place] ??= new CompactRing());
  }

  /** Adds `match` to a slot. */
  #put(slot: number, value: Item['value'], place: number): void {
    const { match } = this;
    const ring = this.#ring(place);
    if (ring.dead * 2 > ring.length) this.#squeeze(ring);
    if (typeof value !== 'string') {
      if (this.#withValues) this.#values.keep(match.value);
    } else {
      match.value = this.#values.hold(value);
      this.#count(this.#values.added(match.value));
    }
    match.slot = slot;
    match.before = this.#slab.get(slot * slabInts + tailAt);
    this.#slab.set(slot * slabInts + tailAt, ring.add(match));
    this.#slab.set(slot * slabInts + countAt, this.#slab.get(slot * slabInts + countAt) + 1);
    this.#count(recordBytes);
  }

  /** Links are made again as the records move, so slots forget theirs first. */
  #squeeze(ring: CompactRing): void {
    for (let index = 0; index < ring.length; index += 1) {
      const slot = ring.slot(ring.at(index));
      if (slot !== none) this.#slab.set(slot * slabInts + tailAt, none);
    }
    ring.squeeze((slot, at) => {
      const before = this.#slab.get(slot * slabInts + tailAt);
      this.#slab.set(slot * slabInts + tailAt, at);
      return before;
    });
  }

  /** Forgets matches of an agency that are in no window behind its watermark. */
  expire(place: number, watermark: number, dirty: Uint8Array): void {
    const ring = this.#rings[place];
    if (ring === undefined) return;
    const before = watermark - this.plan.timespanMs;
    while (ring.length > 0) {
      const at = ring.at(0);
      const slot = ring.slot(at);
      if (slot !== none) {
        if (ring.time(at) > before) break;
        dirty[this.bucket(slot)] = 1;
        this.#release(ring, at);
        const count = this.#slab.get(slot * slabInts + countAt) - 1;
        this.#slab.set(slot * slabInts + countAt, count);
        if (count === 0) this.#close(slot);
      }
      ring.shift();
    }
    if (ring.sparse) ring.resize();
  }

  #release(ring: CompactRing, at: number): void {
    if (this.#withValues) this.#count(-this.#values.release(ring.value(at)));
    this.#count(-recordBytes);
  }

  /** Hands the matches of a slot to a full group, in order, and says whether some were given up. */
  raise(slot: number, group: Group): { readonly items: readonly Item[]; readonly lossy: boolean } {
    const { place } = this.#keys.parts(slot);
    const items = this.#itemsOf(slot, place).map(({ item }) => item);
    this.#freeItems(slot, place);
    this.bind(slot, group);
    const lossy = (this.#slab.get(slot * slabInts + flagsAt) & lossyFlag) !== 0;
    return { items: items.toSorted(compareItems), lossy };
  }

  /** Binds a slot without matches to a full group. */
  bind(slot: number, group: Group): void {
    this.#slab.set(slot * slabInts + tailAt, full);
    this.groups.set(slot, group);
  }

  /** Forgets a slot and all that hangs on it. */
  drop(slot: number): void {
    if (this.#slab.get(slot * slabInts + tailAt) >= 0) this.#freeItems(slot, this.#keys.parts(slot).place);
    this.groups.delete(slot);
    this.#close(slot);
  }

  /** Frees a slot without matches. */
  #close(slot: number): void {
    this.#count(-(slotBytes + this.#keys.remove(slot)));
    this.size -= 1;
    this.#slab.set(slot * slabInts + tailAt, none);
    this.#freeSlots.push(slot);
  }

  #freeItems(slot: number, place: number): void {
    const ring = this.#ring(place);
    for (const at of this.#walk(slot, ring)) {
      this.#release(ring, at);
      ring.kill(at);
    }
    this.#slab.set(slot * slabInts + countAt, 0);
    this.#slab.set(slot * slabInts + tailAt, none);
  }

  /** The records of a slot, oldest arrival first. */
  #walk(slot: number, ring: CompactRing): number[] {
    const found: number[] = [];
    let at = this.#slab.get(slot * slabInts + tailAt);
    for (let left = this.#slab.get(slot * slabInts + countAt); left > 0; left -= 1) {
      found.push(at);
      at = ring.before(at);
    }
    return found.reverse();
  }

  #itemsOf(slot: number, place: number): CompactGroup['items'] {
    const ring = this.#ring(place);
    return this.#walk(slot, ring).map((at) => ({
      item: ring.item(at, this.#withValues ? this.#values.text(ring.value(at)) : undefined),
      arrival: ring.arrival(at),
    }));
  }

  /**
   * Gives up groups with at most so many matches, those of the fullest agency first, of these the one whose first match
   * is the oldest, until there is room. Tells of each, before it is gone.
   */
  giveUp(matchesMax: number, giving: (slot: number, newest: number) => void): void {
    const rings = this.#rings.filter((ring) => ring !== undefined);
    for (const ring of rings.toSorted((a, b) => b.length - b.dead - (a.length - a.dead))) {
      for (let index = 0; index < ring.length && !this.#budget.roomy; index += 1) {
        const slot = ring.slot(ring.at(index));
        if (slot === none || this.#slab.get(slot * slabInts + countAt) > matchesMax) continue;
        giving(slot, ring.time(this.#slab.get(slot * slabInts + tailAt)));
        this.drop(slot);
      }
      if (ring.dead * 2 > ring.length) this.#squeeze(ring);
    }
  }

  /** Every compact group of some buckets. */
  *all(wanted: (bucket: number) => boolean): Generator<{ bucket: number; group: CompactGroup }> {
    for (let slot = 0; slot < this.#slots; slot += 1) {
      const bucket = this.bucket(slot);
      if (this.#slab.get(slot * slabInts + tailAt) < 0 || !wanted(bucket)) continue;
      const { place, values } = this.#keys.parts(slot);
      const lossy = (this.#slab.get(slot * slabInts + flagsAt) & lossyFlag) !== 0;
      const until = this.#slab.get(slot * slabInts + untilAt);
      yield { bucket, group: { place, values, lossy, until, items: this.#itemsOf(slot, place) } };
    }
  }

  /** Takes groups of a snapshot, all at once: their matches arrived in turns. */
  restore(groups: readonly CompactGroup[]): void {
    const arrived: { slot: number; place: number; item: Item; arrival: number }[] = [];
    for (const { place, values, lossy, until, items } of groups) {
      this.slotOf(place, values);
      const slot = this.open(lossy);
      if (slot === noSlot) continue;
      this.#slab.set(slot * slabInts + untilAt, until);
      for (const { item, arrival } of items) arrived.push({ slot, place, item, arrival });
    }
    for (const { slot, place, item } of arrived.toSorted((a, b) => a.arrival - b.arrival)) {
      this.match.event = { ...item.event, order: item.order };
      this.match.source = item.source;
      this.#put(slot, item.value, place);
    }
    for (const { place, arrival } of arrived) {
      const ring = this.#ring(place);
      ring.passed = Math.max(ring.passed, arrival + 1 - ring.length);
    }
  }

  /** Nothing of it is used any more. */
  discard(): void {
    this.#count(-this.bytes);
  }

  /** The values of a slot's key. */
  valuesOf(slot: number): readonly string[] {
    return this.#keys.parts(slot).values;
  }

  /** The slot for a place and values, `noSlot` for none. */
  slotOf(place: number, values: readonly string[]): number {
    this.key.begin(place);
    for (const value of values) this.key.add(value);
    return this.key.length > compactKeyMax ? noSlot : this.find();
  }

  /** The slot for a place and values, made where there is none; `noSlot` where the key is too long. */
  slotFor(place: number, values: readonly string[]): number {
    const found = this.slotOf(place, values);
    return found === noSlot && this.key.length <= compactKeyMax ? this.open(false) : found;
  }
}
