import type { Automaton } from './automaton.ts';
import { assertions } from './syntax.ts';

/** What is known of a character beside a place, as far as assertions ask for it. */
const isStart = 1;
const isNewline = 2;
const isWord = 4;
export const isEnd = 8;

/** Outcomes of a step after which no further one is needed; 0 is to go on. */
export const matched = -1;
const dead = -2;

/** Runs an automaton by bits: all positions take a character at once, in a fixed number of operations. */
export class Steps {
  readonly words: number;
  /** Kind of what is before a text. */
  readonly start: number;
  /** Positions before and after a step. */
  current: Int32Array;
  next: Int32Array;
  private readonly automaton: Automaton;
  /** What each class is as a character beside a place, and what of it matters once it is passed. */
  private readonly kinds: Uint8Array;
  private readonly mattersBehind: number;
  /** Whether a match may still begin behind the start of the text. */
  private readonly restarts: boolean;

  constructor(automaton: Automaton) {
    this.automaton = automaton;
    this.words = automaton.words;
    this.kinds = Uint8Array.from(automaton.samples, kindOf);
    this.mattersBehind = mattersBehind(automaton.asserted);
    this.start = isStart & this.mattersBehind;
    this.restarts = restartsIn(automaton);
    this.current = new Int32Array(this.words);
    this.next = new Int32Array(this.words);
  }

  /** Goes on from what the last step led to. */
  advance(): void {
    const { current } = this;
    this.current = this.next;
    this.next = current;
  }

  /** What a character of a class is for the place behind it. */
  behind(group: number): number {
    return (this.kinds[group] ?? 0) & this.mattersBehind;
  }

  /** Takes one character from `current` to `next`: `matched`, `dead`, or 0 to go on. */
  step(behind: number, group: number): number {
    const { automaton, current, next, words } = this;
    const { takes, accepts, toNext, toSelf, starts, asserted } = automaton;
    const kind = this.kinds[group] ?? 0;
    if (asserted !== 0 && this.matchesHere(behind, kind)) return matched;
    let carry = 0;
    for (let i = 0; i < words; i++) {
      const here = current[i] ?? 0;
      const on = here & (toNext[i] ?? 0);
      next[i] = (on << 1) | carry | (here & (toSelf[i] ?? 0)) | (starts[i] ?? 0);
      carry = on >>> 31;
    }
    const holds = asserted === 0 ? 0 : holdsBetween(behind, kind);
    this.jump(holds);
    if (automaton.startsIf.length > 0) this.startIf(holds);
    let any = 0;
    let accepted = 0;
    for (let i = 0, at = group * words; i < words; i++, at++) {
      const taken = (next[i] ?? 0) & (takes[at] ?? 0);
      next[i] = taken;
      any |= taken;
      accepted |= taken & (accepts[i] ?? 0);
    }
    if (accepted !== 0) return matched;
    return any === 0 && !this.restarts ? dead : 0;
  }

  private jump(holds: number): void {
    const { current, next } = this;
    const { jumps } = this.automaton;
    let at = 0;
    while (at < jumps.length) {
      const needed = jumps[at++] ?? 0;
      const toAt = at + 1 + 2 * (jumps[at] ?? 0);
      const toEnd = toAt + 1 + 2 * (jumps[toAt] ?? 0);
      if ((needed & ~holds) === 0)
        for (at++; at < toAt; at += 2)
          if (((current[jumps[at] ?? 0] ?? 0) & (jumps[at + 1] ?? 0)) !== 0) {
            for (let to = toAt + 1; to < toEnd; to += 2) {
              const word = jumps[to] ?? 0;
              next[word] = (next[word] ?? 0) | (jumps[to + 1] ?? 0);
            }
            break;
          }
      at = toEnd;
    }
  }

  private startIf(holds: number): void {
    const { next } = this;
    const { startsIf } = this.automaton;
    for (let at = 0; at < startsIf.length;) {
      const possible = ((startsIf[at++] ?? 0) & ~holds) === 0;
      const end = at + 1 + 2 * (startsIf[at] ?? 0);
      for (at++; at < end; at += 2) {
        const word = startsIf[at] ?? 0;
        if (possible) next[word] = (next[word] ?? 0) | (startsIf[at + 1] ?? 0);
      }
    }
  }

  /** Whether assertions that hold between two characters complete a match of what is current. */
  matchesHere(behind: number, ahead: number): boolean {
    const { current } = this;
    const { acceptsIf, emptyIf } = this.automaton;
    if (acceptsIf.length === 0 && emptyIf.length === 0) return false;
    const holds = holdsBetween(behind, ahead);
    for (const needed of emptyIf) if ((needed & ~holds) === 0) return true;
    for (let at = 0; at < acceptsIf.length;) {
      const possible = ((acceptsIf[at++] ?? 0) & ~holds) === 0;
      const end = at + 1 + 2 * (acceptsIf[at] ?? 0);
      for (at++; at < end; at += 2)
        if (possible && ((current[acceptsIf[at] ?? 0] ?? 0) & (acceptsIf[at + 1] ?? 0)) !== 0) return true;
    }
    return false;
  }

  /** The class of a code point. */
  classOf(code: number): number {
    const { asciiClass, rangeStart, rangeClass } = this.automaton;
    if (code < 0x80) return asciiClass[code] ?? 0;
    let low = 0;
    let high = rangeStart.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((rangeStart[middle] ?? 0) <= code) low = middle;
      else high = middle - 1;
    }
    return rangeClass[low] ?? 0;
  }
}

function kindOf(code: number): number {
  if (code === 10) return isNewline;
  const isAlphanumeric =
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isAlphanumeric || code === 95 ? isWord : 0;
}

function mattersBehind(asserted: number): number {
  const { beginText, beginLine, wordBoundary, noWordBoundary } = assertions;
  return (
    ((asserted & (beginText | beginLine)) === 0 ? 0 : isStart) |
    ((asserted & beginLine) === 0 ? 0 : isNewline) |
    ((asserted & (wordBoundary | noWordBoundary)) === 0 ? 0 : isWord)
  );
}

function holdsBetween(behind: number, ahead: number): number {
  const { beginText, endText, beginLine, endLine, wordBoundary, noWordBoundary } = assertions;
  return (
    ((behind & isStart) === 0 ? 0 : beginText) |
    ((behind & (isStart | isNewline)) === 0 ? 0 : beginLine) |
    ((ahead & isEnd) === 0 ? 0 : endText) |
    ((ahead & (isEnd | isNewline)) === 0 ? 0 : endLine) |
    (((behind ^ ahead) & isWord) === 0 ? noWordBoundary : wordBoundary)
  );
}

function restartsIn({ starts, startsIf, emptyIf }: Automaton): boolean {
  if (starts.some((bits) => bits !== 0)) return true;
  if (emptyIf.some((needed) => (needed & assertions.beginText) === 0)) return true;
  for (let at = 0; at < startsIf.length; at += 2 + 2 * (startsIf[at + 1] ?? 0))
    if (((startsIf[at] ?? 0) & assertions.beginText) === 0) return true;
  return false;
}
