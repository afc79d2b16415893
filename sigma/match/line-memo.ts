import type { Pool } from './signature.ts';

/** Longer lines are searched each time, shorter ones are not worth the look-up. */
const lineCharsMax = 16_384;
const lineCharsMin = 16;
const entries = 2048;
const sampled = 24;
const windowLookups = 4096;
const windowHitsMin = 1024;
const restLookups = 65_536;

/**
 * Remembers what was found in the lines of texts that have several: scripts and messages repeat lines where the whole
 * text is always new. Rests where they do not.
 */
export class LineMemo {
  readonly #pool: Pool;
  readonly #find: (line: string) => readonly number[];
  #lines: string[] = [];
  #found: (readonly number[])[] = [];
  #lookups = 0;
  #hits = 0;
  #resting = 0;

  /** @param find what is in one line; kept, so it must always be the same. */
  constructor(pool: Pool, find: (line: string) => readonly number[]) {
    this.#pool = pool;
    this.#find = find;
  }

  /** Whether lines come again often enough. Counts how often it is asked. */
  get awake(): boolean {
    if (this.#resting === 0) return true;
    this.#resting -= 1;
    return false;
  }

  /** What is in each line of a text, one after the other, with repetitions. */
  collect(text: string, into: number[]): void {
    for (let start = 0, end: number; start <= text.length; start = end + 1) {
      end = text.indexOf('\n', start);
      if (end < 0) end = text.length;
      const chars = end - start;
      if (chars === 0) continue;
      const found =
        chars < lineCharsMin || chars > lineCharsMax
          ? this.#find(text.slice(start, end))
          : this.#remembered(text, start, end);
      for (const each of found) into.push(each);
    }
  }

  forget(): void {
    for (const line of this.#lines) this.#pool.chars -= line.length;
    this.#lines = [];
    this.#found = [];
  }

  #remembered(text: string, start: number, end: number): readonly number[] {
    if (++this.#lookups === windowLookups) this.#judge();
    const at = placeOf(text, start, end) & (entries - 1);
    const line = text.slice(start, end);
    const remembered = this.#lines[at];
    if (remembered === line) {
      this.#hits += 1;
      return this.#found[at] ?? [];
    }
    if (this.#lines.length === 0) {
      this.#lines = Array.from({ length: entries }, () => '');
      this.#found = Array.from({ length: entries }, () => []);
    }
    // A text of its own: a part of a longer text would keep all of that in memory.
    const own = JSON.parse(JSON.stringify(line)) as string;
    const found = this.#find(own);
    this.#pool.chars += own.length - (remembered?.length ?? 0);
    this.#lines[at] = own;
    this.#found[at] = found;
    return found;
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

function placeOf(text: string, start: number, end: number): number {
  let mixed = end - start;
  const step = Math.ceil(mixed / sampled);
  for (let index = end - 1; index >= start; index -= step)
    mixed = Math.imul(mixed, 31) + text.charCodeAt(index);
  return (mixed ^ (mixed >>> 15)) >>> 1;
}
