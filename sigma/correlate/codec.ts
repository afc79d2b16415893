import { crc32 } from 'node:zlib';
import type { Episode } from './episode.ts';
import type { Item } from './item.ts';

/** State that cannot be read: of another version, damaged, or cut. Nothing of it has been used. */
export class StateRefused extends Error {
  readonly code = 'state_refused';

  constructor(id: string, detail: string) {
    super(`correlation state ${id} cannot be read: ${detail}; start without it`);
    this.name = 'StateRefused';
  }
}

const magic = 0x43414e48;
/** Raised with every change of the form; state of another version is refused. */
const version = 1;
const headBytes = 12;

/** Writes numbers and texts one behind the other. */
export class Writer {
  #bytes = Buffer.allocUnsafe(1024);
  #length = headBytes;

  #room(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#length, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, at);
      this.#bytes = grown;
    }
    return at;
  }

  flag(value: boolean): void {
    const at = this.#room(1);
    this.#bytes[at] = value ? 1 : 0;
  }

  /** A whole number from 0. */
  count(value: number): void {
    let rest = value;
    while (rest >= 128) {
      const at = this.#room(1);
      this.#bytes[at] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    const at = this.#room(1);
    this.#bytes[at] = rest;
  }

  float(value: number): void {
    const at = this.#room(8);
    this.#bytes.writeDoubleLE(value, at);
  }

  /** Two bytes a character only where it needs them; UTF-8 would lose lone surrogates. */
  text(value: string): void {
    const wide = !/^[\0-\xff]*$/.test(value);
    const bytes = wide ? value.length * 2 : value.length;
    this.count(value.length * 2 + (wide ? 1 : 0));
    const at = this.#room(bytes);
    this.#bytes.write(value, at, bytes, wide ? 'utf16le' : 'latin1');
  }

  /** What another writes, with its length. */
  nested(write: (inner: Writer) => void): void {
    const inner = new Writer();
    write(inner);
    this.append(inner);
  }

  /** What another wrote, with its length. */
  append(inner: Writer): void {
    const bytes = inner.#bytes.subarray(headBytes, inner.#length);
    this.count(bytes.length);
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** What was written, with version and checksum. */
  finish(): Uint8Array {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#length));
    bytes.writeUInt32LE(magic, 0);
    bytes.writeUInt32LE(version, 4);
    bytes.writeUInt32LE(crc32(bytes.subarray(headBytes)), 8);
    return bytes;
  }
}

/** Reads what a `Writer` wrote; throws `StateRefused` where it did not. */
export class Reader {
  readonly #id: string;
  readonly #bytes: Buffer;
  #at = headBytes;

  constructor(id: string, bytes: Uint8Array) {
    this.#id = id;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < headBytes || this.#bytes.readUInt32LE(0) !== magic)
      throw new StateRefused(id, 'not a part of correlation state');
    const found = this.#bytes.readUInt32LE(4);
    if (found !== version) throw new StateRefused(id, `version ${found}, not ${version}`);
    if (this.#bytes.readUInt32LE(8) !== crc32(this.#bytes.subarray(headBytes)))
      throw new StateRefused(id, 'the checksum is wrong');
  }

  #take(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    if (this.#at > this.#bytes.length) throw new StateRefused(this.#id, 'it ends too early');
    return at;
  }

  /** Reads what was nested, whole or in part. */
  nested(read: (inner: Reader) => void): void {
    const length = this.count();
    const end = this.#take(length) + length;
    this.#at = end - length;
    read(this);
    this.#at = end;
  }

  flag(): boolean {
    return this.#bytes[this.#take(1)] === 1;
  }

  count(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#take(1)] ?? 0;
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  }

  float(): number {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  text(): string {
    const head = this.count();
    const wide = head % 2 === 1;
    const bytes = wide ? head - 1 : head / 2;
    const at = this.#take(bytes);
    return this.#bytes.toString(wide ? 'utf16le' : 'latin1', at, at + bytes);
  }
}

export function writeItem(writer: Writer, { time, order, event, source, value }: Item): void {
  writer.float(time);
  writer.float(order);
  writer.text(event.id);
  writer.float(event.time);
  writer.float(event.accepted);
  writer.count(source);
  writer.count(value === undefined ? 0 : typeof value === 'string' ? 1 : 2);
  if (typeof value === 'string') writer.text(value);
  else if (value !== undefined) writer.float(value);
}

/** Reads an item whose source stands now at another place. */
export function readItem(reader: Reader, placeOf: (source: number) => number): Item {
  const time = reader.float();
  const order = reader.float();
  const event = { id: reader.text(), time: reader.float(), accepted: reader.float() };
  const source = placeOf(reader.count());
  const kind = reader.count();
  return {
    time,
    order,
    event,
    source,
    value: kind === 0 ? undefined : kind === 1 ? reader.text() : reader.float(),
  };
}

export function writeEpisode(writer: Writer, episode: Episode, write: (item: Item) => void): void {
  write(episode.final);
  for (const number of [episode.at, episode.last, episode.value, episode.lastMatch]) writer.float(number);
  for (const number of [episode.count, episode.tail, episode.confirmed, episode.kept.length])
    writer.count(number);
  episode.kept.forEach(write);
}

export function readEpisode(reader: Reader, read: () => Item): Episode {
  const final = read();
  const [at, last, value, lastMatch] = [reader.float(), reader.float(), reader.float(), reader.float()];
  const [count, tail, confirmed, length] = [reader.count(), reader.count(), reader.count(), reader.count()];
  const kept: Item[] = [];
  for (let left = length; left > 0; left -= 1) kept.push(read());
  return { final, at, last, value, lastMatch, count, tail, confirmed, kept };
}
