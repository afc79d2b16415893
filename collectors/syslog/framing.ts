import { cutPosition } from '../lines.ts';

/** A frame longer than this is cut; an octet count above it is not believed. */
const FRAME_BYTES_MAX = 1024 * 1024;
/** Digits of an octet count. */
export const COUNT_DIGITS_MAX = 7;

const LF = 0x0a;
const CR = 0x0d;
const NUL = 0x00;
const SPACE = 0x20;
const LESS = 0x3c;
const GREATER = 0x3e;
const PRI_DIGITS_MAX = 3;

export interface FramerOptions {
  readonly frameBytesMax?: number;
  /** Called for every frame that does not begin where the octet count before it said. */
  readonly onResynchronised?: () => void;
}

/**
 * Takes messages out of a TCP stream, in either framing of RFC 6587, decided message by message: a digit other than 0
 * begins an octet count if a space and `<` follow it (§3.4.1), else the message ends with a line feed (§3.4.2). Messages
 * come without their framing; nothing between them is lost, however wrong the framing is.
 */
export class Framer {
  readonly #frameBytesMax: number;
  readonly #onResynchronised: () => void;
  #held: Buffer = Buffer.alloc(0);
  /** No line feed is in the first so many bytes held, so they are not searched again. */
  #searched = 0;
  /** What is held goes on a line whose beginning was cut off, so digits there are no count. */
  #inLine = false;
  #afterCounted = false;

  constructor(options: FramerOptions = {}) {
    this.#frameBytesMax = options.frameBytesMax ?? FRAME_BYTES_MAX;
    this.#onResynchronised = options.onResynchronised ?? ((): void => undefined);
  }

  /** Messages that are complete with these bytes. */
  push(bytes: Buffer): Buffer[] {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const messages: Buffer[] = [];
    for (;;) {
      const taken = this.#take(false);
      if (taken === undefined) break;
      if (taken.length > 0) messages.push(taken);
    }
    this.#held = Buffer.from(this.#held);
    return messages;
  }

  /** The messages that are left when the stream has ended, the last of them as far as it came. */
  end(): Buffer[] {
    const messages: Buffer[] = [];
    while (this.#held.length > 0) {
      const taken = this.#take(true);
      if (taken !== undefined && taken.length > 0) messages.push(taken);
    }
    return messages;
  }

  /** The next message; empty for padding between messages; undefined when more bytes are needed. */
  #take(ended: boolean): Buffer | undefined {
    const first = this.#held[0];
    if (first === undefined) return undefined;
    const begins = this.#searched === 0 && !this.#inLine;
    if (begins && (first === LF || first === CR || first === NUL)) {
      this.#held = this.#held.subarray(1);
      return Buffer.alloc(0);
    }
    const count = begins ? readCount(this.#held, this.#frameBytesMax) : 'none';
    if (count === 'more' && !ended) return undefined;
    if (typeof count === 'object') return this.#takeCounted(count, ended);
    return this.#takeLine(ended);
  }

  #takeCounted({ digits, length }: Count, ended: boolean): Buffer | undefined {
    const start = digits + 1;
    if (this.#held.length < start + length && !ended) return undefined;
    const end = Math.min(start + length, this.#held.length);
    const message = this.#held.subarray(start, end);
    this.#held = this.#held.subarray(end);
    this.#afterCounted = true;
    return trimmed(message);
  }

  #takeLine(ended: boolean): Buffer | undefined {
    const lost = this.#afterCounted && this.#held[0] !== LESS;
    const lineFeed = this.#held.indexOf(LF, this.#searched);
    const boundary = lost ? findCounted(this.#held, lineFeed, this.#frameBytesMax) : -1;
    const found = boundary > 0 ? boundary : lineFeed;
    const known = found >= 0 ? found : this.#held.length;
    if (known > this.#frameBytesMax) return this.#cut();
    if (found < 0 && !ended) {
      // A stream that lost its place is searched from the beginning, because a count may just have been completed.
      if (!lost) this.#searched = this.#held.length;
      return undefined;
    }
    const message = this.#held.subarray(0, known);
    this.#held = this.#held.subarray(known);
    this.#searched = 0;
    this.#inLine = false;
    if (lost) this.#onResynchronised();
    this.#afterCounted = false;
    return trimmed(message);
  }

  /** The beginning of a line that is too long; the rest follows as a message of its own. */
  #cut(): Buffer {
    const end = cutPosition(this.#held, this.#frameBytesMax);
    const message = this.#held.subarray(0, end);
    this.#held = this.#held.subarray(end);
    this.#searched = 0;
    this.#inLine = true;
    return message;
  }
}

interface Count {
  readonly digits: number;
  readonly length: number;
}

/** The octet count at the beginning; `more` when it may still become one. */
function readCount(bytes: Buffer, max: number): Count | 'none' | 'more' {
  let digits = 0;
  let length = 0;
  while (isDigit(bytes[digits])) {
    if (digits === 0 && bytes[0] === 0x30) return 'none';
    length = length * 10 + (bytes[digits] ?? 0) - 0x30;
    digits += 1;
    if (digits > COUNT_DIGITS_MAX) return 'none';
  }
  if (digits === 0) return 'none';
  const after = bytes[digits];
  if (after === undefined) return 'more';
  if (after !== SPACE) return 'none';
  const begin = bytes[digits + 1];
  if (begin === undefined) return 'more';
  return begin === LESS && length <= max ? { digits, length } : 'none';
}

/** Position of the first `count <pri>` in a stream that lost its place, before `limit` if that is not negative. */
function findCounted(bytes: Buffer, limit: number, max: number): number {
  const end = limit < 0 ? bytes.length : limit;
  for (let at = bytes.indexOf(SPACE, 1); at >= 0 && at < end; at = bytes.indexOf(SPACE, at + 1)) {
    if (bytes[at + 1] !== LESS || !isPriority(bytes, at + 1)) continue;
    let start = at;
    while (start > 0 && at - start < COUNT_DIGITS_MAX && isDigit(bytes[start - 1])) start -= 1;
    while (start < at && bytes[start] === 0x30) start += 1;
    if (start < at && typeof readCount(bytes.subarray(start, at + 2), max) === 'object') return start;
  }
  return -1;
}

function isPriority(bytes: Buffer, at: number): boolean {
  let digits = 0;
  while (digits < PRI_DIGITS_MAX && isDigit(bytes[at + 1 + digits])) digits += 1;
  return digits > 0 && bytes[at + 1 + digits] === GREATER;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Without the line end or NUL that some senders put at the end of a message (RFC 6587 §3.4.2). */
export function trimmed(message: Buffer): Buffer {
  let end = message.length;
  while (end > 0 && (message[end - 1] === LF || message[end - 1] === CR || message[end - 1] === NUL))
    end -= 1;
  return message.subarray(0, end);
}
