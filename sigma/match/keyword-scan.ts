import { fold } from '../language/fold.ts';
import { gateOf } from './literals.ts';
import type { RequiredLiterals } from './field-index.ts';
import type { Predicate } from './predicate.ts';

/** A literal shorter than this cannot be looked for by samples. */
const literalCharsMin = 4;
/** Deeper values are not looked at: they may hold anything. */
const depthMax = 8;
const gram = 3;
/** Shorter texts are read where they are. */
const bytesFrom = 256;
const buffer = new Uint8Array(1 << 16);
const encoder = new TextEncoder();
const pairCount = 1 << 14;
const groupCount = 1 << 15;
/** Numbers and booleans as texts hold nothing else. */
const numberLike = /^(?:[-+.\de]+|t?r?u?e?|f?a?l?s?e?|.{0,1})$/;

/**
 * Tells quickly that a value holds none of the literals of keyword searches. Each occurrence of a literal covers a
 * run of groups of three characters; looking at one group in every run finds it, so most of a text is never read.
 */
export class KeywordScan {
  /** Nothing can be told: some keyword has no literal that is long enough. */
  readonly always: boolean;
  readonly number: number;
  /** A shorter text holds none of them. */
  readonly charsMin: number;
  readonly #stride: number;
  /** Beginnings of groups, by which most samples are done. */
  readonly #pairs = new Uint32Array(pairCount >> 5);
  readonly #groups = new Uint8Array(groupCount);
  /** By group: literals, and where in them it stands. */
  readonly #places = new Map<number, { readonly literal: string; readonly at: number }[]>();
  readonly #ofNumbers: boolean;

  /** @param number tells it apart from others. */
  constructor(predicates: readonly Predicate[], requiredLiterals: RequiredLiterals, number: number) {
    this.number = number;
    const literals = new Set<string>();
    let always = false;
    for (const { test } of predicates) {
      const found =
        test.kind === 'regex' ? requiredLiterals(test.source, test.flags) : gateOf(test)?.literals;
      if (found === undefined || found.some(({ length }) => length < literalCharsMin)) always = true;
      else for (const literal of found) literals.add(literal);
    }
    this.always = always;
    this.charsMin = Math.min(...Array.from(literals, ({ length }) => length));
    this.#stride = this.charsMin - gram + 1;
    this.#ofNumbers = [...literals].some((literal) => numberLike.test(literal));
    if (!always) for (const literal of literals) this.#mark(literal);
  }

  /** Whether a value, or a value inside it, may hold one of the literals. */
  mayHold(value: unknown, depth = 0): boolean {
    if (typeof value === 'string') return value.length >= this.charsMin && this.inText(value);
    if (typeof value === 'object' && value !== null) {
      if (depth === depthMax) return true;
      return Object.values(value).some((inner) => this.mayHold(inner, depth + 1));
    }
    return this.#ofNumbers && value !== null && value !== undefined;
  }

  /** Whether a text may hold one of the literals. */
  inText(text: string): boolean {
    if (text.length >= bytesFrom && text.length <= buffer.length) {
      // As bytes a text is read twice as fast, where each character is one.
      const { written } = encoder.encodeInto(text, buffer);
      if (written === text.length) return this.#inBytes(text);
    }
    const stride = this.#stride;
    const pairs = this.#pairs;
    const groups = this.#groups;
    const last = text.length - gram;
    for (let at = stride - 1; at <= last; at += stride) {
      const first = text.charCodeAt(at);
      const second = text.charCodeAt(at + 1);
      const pair = pairOf(first, second);
      // A bit each, so that the table stays in the fastest memory.
      if (((pairs[pair >> 5] ?? 0) & (1 << (pair & 31))) === 0) continue;
      const bucket = groupOf(first, second, text.charCodeAt(at + 2));
      if (groups[bucket] !== 0 && this.#confirm(text, at, bucket)) return true;
    }
    return false;
  }

  /** The same over the bytes that `buffer` holds of a text in ASCII. */
  #inBytes(text: string): boolean {
    const stride = this.#stride;
    const pairs = this.#pairs;
    const groups = this.#groups;
    const last = text.length - gram;
    for (let at = stride - 1; at <= last; at += stride) {
      const first = buffer[at] ?? 0;
      const second = buffer[at + 1] ?? 0;
      const pair = pairOf(first, second);
      if (((pairs[pair >> 5] ?? 0) & (1 << (pair & 31))) === 0) continue;
      const bucket = groupOf(first, second, buffer[at + 2] ?? 0);
      if (groups[bucket] !== 0 && this.#confirm(text, at, bucket)) return true;
    }
    return false;
  }

  #confirm(text: string, at: number, bucket: number): boolean {
    for (const place of this.#places.get(bucket) ?? []) {
      const start = at - place.at;
      if (start >= 0 && fold(text.slice(start, start + place.literal.length)) === place.literal) return true;
    }
    return false;
  }

  /** In whatever case a text may write it. */
  #mark(literal: string): void {
    for (let at = 0; at < this.#stride; at++) {
      const buckets = new Set<number>();
      for (const first of unfolded(literal.charCodeAt(at)))
        for (const second of unfolded(literal.charCodeAt(at + 1))) {
          const pair = pairOf(first, second);
          this.#pairs[pair >> 5] = (this.#pairs[pair >> 5] ?? 0) | (1 << (pair & 31));
          for (const third of unfolded(literal.charCodeAt(at + 2)))
            buckets.add(groupOf(first, second, third));
        }
      for (const bucket of buckets) {
        this.#groups[bucket] = 1;
        this.#places.set(bucket, [...(this.#places.get(bucket) ?? []), { literal, at }]);
      }
    }
  }
}

function pairOf(first: number, second: number): number {
  return ((first << 7) ^ second) & (pairCount - 1);
}

function groupOf(first: number, second: number, third: number): number {
  return ((first << 10) ^ (second << 5) ^ third) & (groupCount - 1);
}

/** The characters that fold to a folded character: most often a letter in both cases. */
function unfolded(code: number): readonly number[] {
  unfoldings ??= buildUnfoldings();
  return unfoldings.get(code) ?? [code];
}

let unfoldings: ReadonlyMap<number, readonly number[]> | undefined;

function buildUnfoldings(): ReadonlyMap<number, readonly number[]> {
  const built = new Map<number, number[]>();
  for (let code = 0; code <= 0xffff; code++) {
    const folded = fold(String.fromCharCode(code)).charCodeAt(0);
    if (folded !== code) built.set(folded, [...(built.get(folded) ?? [folded]), code]);
  }
  return built;
}
