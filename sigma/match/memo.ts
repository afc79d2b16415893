import type { Pool, Signature } from './signature.ts';

/** Longer values are looked at anew each time. */
export const memoCharsMax = 2048;
/** Values that one field's memo holds before it starts anew. */
export const memoValuesMax = 8192;
/** Characters of a value that lead to it; what is found there is compared whole. */
const sampled = 8;
/** Buckets at first and at most; few stay in faster memory. */
const bucketsMin = 256;
const bucketsMax = 4096;
/** Of so many look-ups a share must hit, or the memo rests. */
const windowLookups = 1024;
const windowHitsMin = 128;
const restLookups = 16_384;

/**
 * A remembered value; or, where `children` are, a place at which the values behind it differ: the next node is that of
 * the character there.
 */
interface Node {
  readonly text: string;
  signature: Signature | undefined;
  readonly at: number;
  readonly children: Map<number, Node> | undefined;
}

/**
 * Remembers the signatures of a field's values. Looking at a few characters and comparing once costs a fraction of
 * hashing a long text. A field whose values do not come again switches it off for a while.
 */
export class ValueMemo {
  readonly #pool: Pool;
  #buckets: (Node | undefined)[] = [];
  /** One less than the buckets, of which there are a power of two. */
  #mask = bucketsMin - 1;
  /** Events that follow each other often have the same value. */
  #last: Node | undefined;
  #size = 0;
  #chars = 0;
  #lookups = 0;
  #hits = 0;
  #resting = 0;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  find(text: string): Signature | undefined {
    if (this.#resting > 0) {
      this.#resting -= 1;
      return undefined;
    }
    if (text === this.#last?.text) return this.#last.signature;
    if (++this.#lookups === windowLookups) this.#judge();
    let node = this.#buckets[hashOf(text) & this.#mask];
    while (node !== undefined && node.children !== undefined) node = node.children.get(charAt(text, node.at));
    if (node === undefined || node.text !== text) return undefined;
    this.#hits += 1;
    this.#last = node;
    return node.signature;
  }

  put(text: string, signature: Signature): void {
    if (this.#resting > 0 || text.length > memoCharsMax) return;
    if (this.#size >= memoValuesMax) this.forget();
    if (this.#size > this.#mask && this.#mask < bucketsMax - 1) {
      // What was there is soon learnt again.
      this.forget();
      this.#mask = this.#mask * 4 + 3;
    }
    if (this.#size === 0) this.#buckets = Array.from({ length: this.#mask + 1 }, () => undefined);
    const bucket = hashOf(text) & this.#mask;
    let node = this.#buckets[bucket];
    let branch: Node | undefined;
    while (node?.children !== undefined) {
      branch = node;
      node = node.children.get(charAt(text, node.at));
    }
    if (node?.text === text) {
      node.signature = signature;
      return;
    }
    let made: Node = { text: copyOf(text), signature, at: -1, children: undefined };
    if (node !== undefined) {
      const at = firstDifference(node.text, text);
      const children = new Map<number, Node>();
      children.set(charAt(node.text, at), node);
      children.set(charAt(text, at), made);
      made = { text: '', signature: undefined, at, children };
    }
    if (branch === undefined) this.#buckets[bucket] = made;
    else branch.children?.set(charAt(text, branch.at), made);
    this.#size += 1;
    this.#chars += text.length;
    this.#pool.chars += text.length;
  }

  forget(): void {
    this.#pool.chars -= this.#chars;
    this.#buckets = [];
    this.#last = undefined;
    this.#size = 0;
    this.#chars = 0;
  }

  #judge(): void {
    if (this.#hits < windowHitsMin) {
      this.#resting = restLookups;
      this.forget();
    }
    this.#lookups = 0;
    this.#hits = 0;
  }
}

function hashOf(text: string): number {
  let mixed = text.length;
  const step = Math.ceil(mixed / sampled);
  for (let index = mixed - 1; index >= 0; index -= step)
    mixed = (Math.imul(mixed, 31) + text.charCodeAt(index)) | 0;
  return mixed ^ (mixed >>> 13);
}

/** -1 behind the end. */
function charAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) : -1;
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (charAt(one, at) === charAt(other, at)) at += 1;
  return at;
}

/** A text of its own: a part of a longer text would keep all of that in memory. */
function copyOf(text: string): string {
  return text.length < 13 ? text : (JSON.parse(JSON.stringify(text)) as string);
}
