import { packId, unpackId } from './compact-ids.ts';
import type { TimedEvent } from './contract.ts';
import type { Item } from './item.ts';

/** A match on its way into a ring; its value is a number given out elsewhere. */
export interface CompactMatch {
  event: Pick<TimedEvent, 'id' | 'time' | 'accepted' | 'order'>;
  source: number;
  slot: number;
  value: number;
  /** The match of the same group that arrived before it. */
  before: number;
}

/** No record, no slot. */
export const none = -1;

/**
 * Bytes of one record: time and order (8 each), acceptance less time, the record before of the same group, slot, value
 * (4 each), id (18), source (1), and some spare so that the next stands well.
 */
export const recordBytes = 56;
const floats = recordBytes / 8;
const ints = recordBytes / 4;
const acceptedAt = 4;
const beforeAt = 5;
const slotAt = 6;
const valueAt = 7;
const idAt = 32;
const sourceAt = 50;

const deltaMax = 2 ** 31 - 1;
/** Marks an acceptance that is kept aside. */
const aside = -(2 ** 31);
const firstLength = 16;
const growth = 1 / 8;

/** Records are numbered as they arrive, from 0 again after so many. */
const numberMask = 2 ** 30 - 1;

/**
 * Matches of many groups in the order in which they arrived: adding one and forgetting the oldest go through memory from
 * one end to the other, and only the slot of a group is looked up anywhere. A record is known by its number, wherever it
 * stands.
 */
export class CompactRing {
  #floats = new Float64Array(firstLength * floats);
  #ints = new Int32Array(this.#floats.buffer);
  #bytes = new Uint8Array(this.#floats.buffer);
  #capacity = firstLength;
  /** Number and place of the oldest record. */
  #oldest = 0;
  #place = 0;
  /** Records, dead ones among them. */
  length = 0;
  dead = 0;
  /** Records that have left at the old end. */
  passed = 0;
  readonly #acceptedAside = new Map<number, number>();
  readonly #idAside = new Map<number, string>();

  #placeOf(at: number): number {
    const place = ((at - this.#oldest) & numberMask) + this.#place;
    return place < this.#capacity ? place : place - this.#capacity;
  }

  time(at: number): number {
    return this.#floats[this.#placeOf(at) * floats] as number;
  }

  before(at: number): number {
    return this.#ints[this.#placeOf(at) * ints + beforeAt] as number;
  }

  slot(at: number): number {
    return this.#ints[this.#placeOf(at) * ints + slotAt] as number;
  }

  value(at: number): number {
    return this.#ints[this.#placeOf(at) * ints + valueAt] as number;
  }

  /** How many records arrived before this one. */
  arrival(at: number): number {
    return this.passed + ((at - this.#oldest) & numberMask);
  }

  /** The number of the record that arrived so many behind the oldest. */
  at(index: number): number {
    return (this.#oldest + index) & numberMask;
  }

  /** Whether most of the room is empty or dead. */
  get sparse(): boolean {
    return this.#capacity > firstLength && (this.length - this.dead) * 4 < this.#capacity;
  }

  /** Adds a record at the new end and returns its number. */
  add({ event, source, slot, value, before }: CompactMatch): number {
    if (this.length === this.#capacity) this.resize();
    const at = this.at(this.length);
    this.length += 1;
    const record = this.#placeOf(at);
    const { time, order, accepted } = event;
    const place = record * ints;
    this.#floats[record * floats] = time;
    this.#floats[record * floats + 1] = order;
    const delta = accepted - time;
    if (delta <= deltaMax && delta >= -deltaMax && delta === Math.trunc(delta))
      this.#ints[place + acceptedAt] = delta;
    else {
      this.#ints[place + acceptedAt] = aside;
      this.#acceptedAside.set(at, accepted);
    }
    this.#ints[place + beforeAt] = before;
    this.#ints[place + slotAt] = slot;
    this.#ints[place + valueAt] = value;
    this.#bytes[record * recordBytes + sourceAt] = source;
    if (!packId(this.#bytes, record * recordBytes + idAt, event.id)) this.#idAside.set(at, event.id);
    return at;
  }

  /** What it belonged to is gone; its room is free when it is the oldest, or when the ring is squeezed. */
  kill(at: number): void {
    this.#ints[this.#placeOf(at) * ints + slotAt] = none;
    this.dead += 1;
    this.#forgetAside(at);
  }

  #forgetAside(at: number): void {
    if (this.#idAside.size > 0) this.#idAside.delete(at);
    if (this.#acceptedAside.size > 0) this.#acceptedAside.delete(at);
  }

  /** Forgets the oldest record. */
  shift(): void {
    if (this.slot(this.#oldest) === none) this.dead -= 1;
    else this.#forgetAside(this.#oldest);
    this.#place = this.#placeOf(this.at(1));
    this.#oldest = this.at(1);
    this.length -= 1;
    this.passed += 1;
  }

  /** Gives the ring as much room as it needs and some more. */
  resize(): void {
    const capacity = Math.max(firstLength, this.length + Math.ceil(this.length * growth) + 1);
    const bytes = new Uint8Array(capacity * recordBytes);
    const end = Math.min(this.#capacity, this.#place + this.length);
    bytes.set(this.#bytes.subarray(this.#place * recordBytes, end * recordBytes));
    const rest = this.length - (end - this.#place);
    bytes.set(this.#bytes.subarray(0, rest * recordBytes), (end - this.#place) * recordBytes);
    this.#place = 0;
    this.#capacity = capacity;
    this.#bytes = bytes;
    this.#ints = new Int32Array(bytes.buffer);
    this.#floats = new Float64Array(bytes.buffer);
  }

  /**
   * Moves records over the dead ones, and so gives them other numbers. `moved` is told of each, oldest first, and returns
   * the number that the record of the same group before it has now.
   */
  squeeze(moved: (slot: number, at: number) => number): void {
    let to = 0;
    for (let index = 0; index < this.length; index += 1) {
      const from = this.at(index);
      const slot = this.slot(from);
      if (slot === none) continue;
      const at = this.at(to);
      if (to < index) this.#move(from, at);
      this.#ints[this.#placeOf(at) * ints + beforeAt] = moved(slot, at);
      to += 1;
    }
    this.passed += this.length - to;
    this.dead = 0;
    this.length = to;
    this.resize();
  }

  #move(from: number, to: number): void {
    const record = this.#placeOf(from) * recordBytes;
    this.#bytes.copyWithin(this.#placeOf(to) * recordBytes, record, record + recordBytes);
    const id = this.#idAside.get(from);
    if (id !== undefined) this.#idAside.set(to, id);
    const accepted = this.#acceptedAside.get(from);
    if (accepted !== undefined) this.#acceptedAside.set(to, accepted);
    this.#forgetAside(from);
  }

  item(at: number, value: Item['value']): Item {
    const record = this.#placeOf(at);
    const time = this.#floats[record * floats] as number;
    const delta = this.#ints[record * ints + acceptedAt] as number;
    const accepted = delta === aside ? (this.#acceptedAside.get(at) ?? time) : time + delta;
    const id = unpackId(this.#bytes, record * recordBytes + idAt) ?? this.#idAside.get(at) ?? '';
    return {
      time,
      order: this.#floats[record * floats + 1] as number,
      event: { id, time, accepted },
      source: this.#bytes[record * recordBytes + sourceAt] as number,
      value,
    };
  }
}
