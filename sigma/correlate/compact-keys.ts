import { randomInt } from 'node:crypto';
import { ByteColumn, type IntColumn } from './column.ts';
import { keyAt, slabInts } from './slab.ts';
import { fold } from '../language/fold.ts';
import { foldedText, valueCharactersMax } from './values.ts';

/** Separates parts of a key; no byte of a text is this. */
const separator = 0xff;
/** No slot. */
export const noSlot = -1;
const loadMax = 0.7;
/** An entry of the table: a slot, and the upper bits of its key's hash. */
const slotMask = 0xffffff;
export const slotsMax = slotMask;
const empty = -1;

/** Nothing depends on it but which keys collide: log content must not be able to choose that. */
const multiplier = randomInt(2 ** 30) * 2 + 1;

/** A key in the making: where a group belongs and the folded values that tell it apart, as bytes. */
export class KeyText {
  bytes = new Uint8Array(256);
  length = 0;
  /** Of what was added so far; see `hashOf`. */
  hash = 0;

  /** Begins a key with a whole number below 2²⁴. */
  begin(place: number): void {
    this.bytes[0] = place & 0xff;
    this.bytes[1] = (place >> 8) & 0xff;
    this.bytes[2] = (place >> 16) & 0xff;
    this.length = 3;
    this.hash = hashOf(this.bytes, 0, 3, 0);
  }

  /** Adds a value; false where it is missing. */
  add(value: unknown): boolean {
    const start = this.length;
    const { hash } = this;
    if (typeof value === 'string' && value.length <= valueCharactersMax) {
      if (!this.#addPlain(value)) {
        this.length = start;
        this.hash = hash;
        this.#addText(fold(value));
      }
    } else {
      const text = foldedText(value);
      if (text === undefined) return false;
      this.#addText(text);
    }
    this.#room(1);
    this.bytes[this.length] = separator;
    this.length += 1;
    this.hash = stir(this.hash, separator);
    return true;
  }

  /** ASCII is folded on the way; false where there is something else. */
  #addPlain(text: string): boolean {
    this.#room(text.length);
    const { bytes } = this;
    let to = this.length;
    let { hash } = this;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code >= 0x80) return false;
      const folded = code >= 65 && code <= 90 ? code | 32 : code;
      bytes[to] = folded;
      hash = stir(hash, folded);
      to += 1;
    }
    this.length = to;
    this.hash = hash;
    return true;
  }

  /** As UTF-8 writes single units of UTF-16, so that lone surrogates survive. */
  #addText(text: string): void {
    this.#room(text.length * 3);
    const { bytes, length: from } = this;
    let to = from;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code < 0x80) bytes[to++] = code;
      else {
        if (code < 0x800) bytes[to++] = 0xc0 | (code >> 6);
        else {
          bytes[to++] = 0xe0 | (code >> 12);
          bytes[to++] = 0x80 | ((code >> 6) & 0x3f);
        }
        bytes[to++] = 0x80 | (code & 0x3f);
      }
    }
    this.hash = hashOf(bytes, from, to, this.hash);
    this.length = to;
  }

  #room(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const bytes = new Uint8Array((this.length + more) * 2);
    bytes.set(this.bytes);
    this.bytes = bytes;
  }
}

/** Finds slots by keys. Keys stand one behind the other in one column; a table holds the slots. */
export class CompactKeys {
  /** Bytes of all keys in use, with their heads. */
  used = 0;
  readonly #text = new ByteColumn();
  #textLength = 0;
  /** By slot, where its key stands. */
  readonly #slab: IntColumn;
  #table = new Int32Array(64).fill(empty);
  #count = 0;

  constructor(slab: IntColumn) {
    this.#slab = slab;
  }

  /** The slot of a key, `noSlot` where it has none. */
  find({ bytes, length, hash: stirred }: KeyText): number {
    const mask = this.#table.length - 1;
    const hash = mixed(stirred);
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const entry = this.#table[at] as number;
      if (entry === empty) return noSlot;
      // Most others differ in the tag, and are passed over without looking at their keys.
      if (((entry ^ hash) & ~slotMask) === 0 && this.#equals(entry & slotMask, bytes, length))
        return entry & slotMask;
    }
  }

  #equals(slot: number, bytes: Uint8Array, length: number): boolean {
    const text = this.#text.bytes;
    const start = this.#slab.get(slot * slabInts + keyAt);
    if (((text[start] as number) | ((text[start + 1] as number) << 8)) !== length) return false;
    for (let at = 0; at < length; at += 1) if (text[start + 2 + at] !== bytes[at]) return false;
    return true;
  }

  /** Gives a key to a slot; it must have none yet. */
  add({ bytes, length }: KeyText, slot: number): void {
    if ((this.#count + 1) / this.#table.length > loadMax) this.#rebuild(this.#table.length * 2);
    this.#text.reserve(this.#textLength + length + 2);
    this.#slab.set(slot * slabInts + keyAt, this.#textLength);
    this.#text.set(this.#textLength, length & 0xff);
    this.#text.set(this.#textLength + 1, length >> 8);
    this.#text.bytes.set(bytes.subarray(0, length), this.#textLength + 2);
    this.#textLength += length + 2;
    this.used += length + 2;
    this.#count += 1;
    this.#place(slot);
  }

  #place(slot: number): void {
    const mask = this.#table.length - 1;
    const hash = this.#hashOfSlot(slot);
    let at = hash & mask;
    while (this.#table[at] !== empty) at = (at + 1) & mask;
    this.#table[at] = (hash & ~slotMask) | slot;
  }

  #hashOfSlot(slot: number): number {
    const start = this.#slab.get(slot * slabInts + keyAt);
    return mixed(hashOf(this.#text.bytes, start + 2, start + 2 + this.#lengthAt(start), 0));
  }

  #lengthAt(start: number): number {
    return this.#text.get(start) | (this.#text.get(start + 1) << 8);
  }

  /** Takes the key from a slot and returns its bytes. */
  remove(slot: number): number {
    const mask = this.#table.length - 1;
    let at = this.#hashOfSlot(slot) & mask;
    while (((this.#table[at] as number) & slotMask) !== slot) at = (at + 1) & mask;
    // Closes the gap, so that nothing behind it is lost.
    for (let next = (at + 1) & mask; this.#table[next] !== empty; next = (next + 1) & mask) {
      const entry = this.#table[next] as number;
      const home = this.#hashOfSlot(entry & slotMask) & mask;
      if (((next - home) & mask) < ((next - at) & mask)) continue;
      this.#table[at] = entry;
      at = next;
    }
    this.#table[at] = empty;
    this.#count -= 1;
    const length = this.#lengthAt(this.#slab.get(slot * slabInts + keyAt));
    this.used -= length + 2;
    if (this.#textLength > 2 * this.used + 4096) this.#squeeze();
    return length;
  }

  #rebuild(size: number): void {
    const before = this.#table;
    this.#table = new Int32Array(size).fill(empty);
    for (const entry of before) if (entry !== empty) this.#place(entry & slotMask);
  }

  /** Moves keys over those that are gone. */
  #squeeze(): void {
    const slots = this.#table.filter((entry) => entry !== empty).map((entry) => entry & slotMask);
    slots.sort((a, b) => this.#slab.get(a * slabInts + keyAt) - this.#slab.get(b * slabInts + keyAt));
    let to = 0;
    for (const slot of slots) {
      const from = this.#slab.get(slot * slabInts + keyAt);
      const length = this.#lengthAt(from) + 2;
      this.#text.bytes.copyWithin(to, from, from + length);
      this.#slab.set(slot * slabInts + keyAt, to);
      to += length;
    }
    this.#textLength = to;
  }

  /** The place and the values of a slot's key. */
  parts(slot: number): { readonly place: number; readonly values: readonly string[] } {
    const start = this.#slab.get(slot * slabInts + keyAt) + 2;
    const bytes = this.#text.bytes.subarray(start, start + this.#lengthAt(start - 2));
    const place = (bytes[0] as number) | ((bytes[1] as number) << 8) | ((bytes[2] as number) << 16);
    const values: string[] = [];
    let text = '';
    for (let at = 3; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === separator) {
        values.push(text);
        text = '';
      } else if (byte < 0x80) text += String.fromCharCode(byte);
      else if (byte < 0xe0)
        text += String.fromCharCode(((byte & 0x1f) << 6) | ((bytes[++at] as number) & 0x3f));
      else
        text += String.fromCharCode(
          ((byte & 0xf) << 12) | (((bytes[++at] as number) & 0x3f) << 6) | ((bytes[++at] as number) & 0x3f),
        );
    }
    return { place, values };
  }
}

/**
 * Takes a byte into a hash. The shift makes it no polynomial: of one, texts can be written that collide for every
 * multiplier.
 */
function stir(hash: number, byte: number): number {
  const next = Math.imul(hash ^ byte, multiplier);
  return next ^ (next >>> 15);
}

/** The hash of some bytes, going on from that of what stands before. */
function hashOf(bytes: Uint8Array, from: number, to: number, before: number): number {
  let hash = before;
  for (let at = from; at < to; at += 1) hash = stir(hash, bytes[at] as number);
  return hash;
}

/** Makes every bit count. */
function mixed(stirred: number): number {
  let hash = stirred ^ (stirred >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
