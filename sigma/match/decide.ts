import type { Formula } from './predicate.ts';

/** Outcomes of a predicate: false, true, or not known before it is run on the event. */
export const no = 0;
export const yes = 1;
export const unknown = 2;
export type Verdict = typeof no | typeof yes | typeof unknown;

/** Verdicts on predicates for one event: all as they are for an event without fields until set otherwise. */
export class Truth {
  #defaults = new Uint8Array(1024);
  #verdicts = new Uint8Array(1024);
  #stamps = new Uint32Array(1024);
  #stamp = 1;

  /** The verdict on a predicate that no field of an event speaks about. */
  setDefault(id: number, verdict: Verdict): void {
    this.#reserve(id);
    this.#defaults[id] = verdict;
  }

  /** Back to the defaults. */
  clear(): void {
    if (this.#stamp === 0xffffffff) {
      this.#stamps.fill(0);
      this.#stamp = 0;
    }
    this.#stamp += 1;
  }

  set(id: number, verdict: Verdict): void {
    this.#reserve(id);
    this.#verdicts[id] = verdict;
    this.#stamps[id] = this.#stamp;
  }

  get(id: number): number {
    const verdict = this.#stamps[id] === this.#stamp ? this.#verdicts[id] : this.#defaults[id];
    return verdict ?? no;
  }

  #reserve(id: number): void {
    if (id < this.#stamps.length) return;
    const size = Math.max(id + 1, this.#stamps.length * 2);
    this.#defaults = grown(this.#defaults, new Uint8Array(size));
    this.#verdicts = grown(this.#verdicts, new Uint8Array(size));
    this.#stamps = grown(this.#stamps, new Uint32Array(size));
  }
}

function grown<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Of an undecided formula, the predicate that must be known first is this many below the result. */
export const undecided = 2;

/**
 * Decides a formula: 0 false, 1 true; `undecided` plus the id of an unknown predicate on which it hangs.
 */
export function decide({ kind, leaves, children }: Formula, truth: Truth): number {
  if (kind === 'not') {
    const [child] = children;
    const inner = child === undefined ? no : decide(child, truth);
    return inner === no ? yes : inner === yes ? no : inner;
  }
  const settling = kind === 'any' ? yes : no;
  let open = -1;
  for (const id of leaves) {
    const verdict = truth.get(id);
    if (verdict === settling) return settling;
    if (verdict === unknown && open < 0) open = undecided + id;
  }
  for (const child of children) {
    const verdict = decide(child, truth);
    if (verdict === settling) return settling;
    if (verdict >= undecided && open < 0) open = verdict;
  }
  return open >= 0 ? open : kind === 'any' ? no : yes;
}
