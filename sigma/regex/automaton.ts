import { codePointMax, type CodePoints } from './code-points.ts';
import { assertions, assertionsIn, positionsOf, type Node } from './syntax.ts';

/**
 * More code points than this, with repeats written out, or more words to look at for each character of a text, are
 * refused: 65,536 characters must not take seconds whatever the expression.
 */
export const regexPositionsMax = 16_384;
export const regexStepWordsMax = 4096;

/** Thrown where an expression passes `regexPositionsMax` or `regexStepWordsMax`. */
export class RegexTooLarge extends Error {}

/**
 * The automaton of Glushkov as bit sets: a position is a place in the expression that takes one code point; a set of
 * positions is `words` words of 32 bits. Most edges lead to the next position or back to the same one, which one shift
 * and one mask take for all positions at once; the others stand in `jumps`, together where they lead to the same.
 */
export interface Automaton {
  readonly words: number;
  /** Class of each ASCII code, and of ranges of others by their first code point. */
  readonly asciiClass: Uint16Array;
  readonly rangeStart: Int32Array;
  readonly rangeClass: Uint16Array;
  /** A code point of each class, to know what assertions say of it. */
  readonly samples: readonly number[];
  /** Positions that take a class: `words` words for each class. */
  readonly takes: Int32Array;
  readonly toNext: Int32Array;
  readonly toSelf: Int32Array;
  /** Sparse: assertions, count of words from, (word, bits)…, count of words to, (word, bits)…, and again. */
  readonly jumps: Int32Array;
  /** Where a match may begin, whatever is before. */
  readonly starts: Int32Array;
  /** … and where assertions hold: sparse, assertions, count of words, (word, bits)…. */
  readonly startsIf: Int32Array;
  /** Positions behind which the text has matched; and where assertions hold, as `startsIf`. */
  readonly accepts: Int32Array;
  readonly acceptsIf: Int32Array;
  /** Assertions, one set of which is enough to match without any code point; empty: none is. */
  readonly emptyIf: readonly number[];
  /** All assertions in use. */
  readonly asserted: number;
}

/** Where one can be after taking a code point: position → assertions needed (several sets: any of them). */
interface Closure {
  readonly positions: ReadonlyMap<number, readonly number[]>;
  readonly accepts: readonly number[];
}

type State =
  | { readonly kind: 'match' }
  | { readonly kind: 'take'; readonly position: number; readonly set: CodePoints; readonly next: number }
  | { readonly kind: 'split'; readonly next: number[] }
  | { readonly kind: 'assert'; readonly assertion: number; readonly next: number };

/** @throws RegexTooLarge */
export function buildAutomaton(node: Node): Automaton {
  const count = positionsOf(node);
  if (count > regexPositionsMax)
    throw new RegexTooLarge(`expression of ${count} characters, at most ${regexPositionsMax}`);
  const states: State[] = [{ kind: 'match' }];
  const takes: Extract<State, { kind: 'take' }>[] = [];
  const start = addNode(node, 0, states, takes);
  const words = Math.max(1, Math.ceil(takes.length / 32));
  const last = takes.length - 1;
  const leaving = new Map<number, number[]>();
  const edges = new Edges(words);
  for (const { position, next } of takes) {
    const after = states[next];
    if (after?.kind === 'take' && after.position === position - 1) {
      edges.addNext(last - position);
      continue;
    }
    const from = leaving.get(next);
    if (from === undefined) leaving.set(next, [last - position]);
    else from.push(last - position);
  }
  for (const [next, from] of leaving) edges.add(from, closure(states, next, takes.length));
  const first = closure(states, start, takes.length);
  const asserted = assertionsIn(node);
  const sets = takes.map(({ set }) => set).toReversed();
  return {
    words,
    ...classify(sets, words, asserted),
    ...edges.finish(),
    ...startsOf(first, words),
    emptyIf: first.accepts,
    asserted,
  };
}

/** What `regexStepWordsMax` bounds, at the most: a jump from every position, under any assertions, to all words. */
export function stepWordsMost(node: Node): number {
  const count = positionsOf(node);
  const words = Math.ceil(count / 32);
  const kinds = Object.values(assertions).filter((kind) => (assertionsIn(node) & kind) !== 0).length;
  return (words + 3) * count * 2 ** kinds + 3 * words;
}

/** Adds the states of a node that goes on to `next`; the last parts come first. */
function addNode(
  node: Node,
  next: number,
  states: State[],
  takes: Extract<State, { kind: 'take' }>[],
): number {
  switch (node.kind) {
    case 'empty':
      return next;
    case 'set': {
      const take = { kind: 'take', position: takes.length, set: node.set, next } as const;
      takes.push(take);
      return states.push(take) - 1;
    }
    case 'assertion':
      return states.push({ kind: 'assert', assertion: node.assertion, next }) - 1;
    case 'concat':
      return node.children.reduceRight((entry, child) => addNode(child, entry, states, takes), next);
    case 'alternate':
      return (
        states.push({
          kind: 'split',
          next: node.children.map((child) => addNode(child, next, states, takes)),
        }) - 1
      );
    case 'repeat': {
      const { child, min, max } = node;
      let entry = next;
      if (max === Infinity) {
        const loop: number[] = [];
        const split = states.push({ kind: 'split', next: loop }) - 1;
        const body = addNode(child, split, states, takes);
        loop.push(body, next);
        entry = min === 0 ? split : body;
      } else
        for (let i = min; i < max; i++)
          entry = states.push({ kind: 'split', next: [addNode(child, entry, states, takes), next] }) - 1;
      for (let i = max === Infinity ? 1 : 0; i < min; i++) entry = addNode(child, entry, states, takes);
      return entry;
    }
  }
}

/** Follows all that takes no code point. Positions are turned round here, so that they ascend with the text. */
function closure(states: readonly State[], from: number, count: number): Closure {
  const positions = new Map<number, number[]>();
  const accepts: number[] = [];
  const seen = new Map<number, number[]>();
  const open: [number, number][] = [[from, 0]];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const [index, needed] = top;
    const before = seen.get(index) ?? [];
    if (!addWeakest(before, needed)) continue;
    seen.set(index, before);
    const state = states[index];
    if (state === undefined || state.kind === 'match') addWeakest(accepts, needed);
    else if (state.kind === 'assert') open.push([state.next, needed | state.assertion]);
    else if (state.kind === 'split') for (const next of state.next) open.push([next, needed]);
    else {
      const position = count - 1 - state.position;
      const conditions = positions.get(position) ?? [];
      addWeakest(conditions, needed);
      positions.set(position, conditions);
    }
  }
  return { positions, accepts };
}

/** Adds a set of assertions unless one that asks no more is there; takes out those that ask more. */
function addWeakest(sets: number[], added: number): boolean {
  if (sets.some((set) => (set & added) === set)) return false;
  const rest = sets.filter((set) => (set & added) !== added);
  sets.splice(0, sets.length, ...rest, added);
  return true;
}

/** Collects edges, as masks where they are regular and as jumps where not. */
class Edges {
  private readonly words: number;
  private readonly toNext: Int32Array;
  private readonly toSelf: Int32Array;
  private readonly accepts: Int32Array;
  private readonly acceptsIf = new Map<number, number[]>();
  private readonly jumps = new Map<string, { needed: number; from: number[]; to: readonly number[] }>();
  private size = 0;

  constructor(words: number) {
    this.words = words;
    this.toNext = new Int32Array(words);
    this.toSelf = new Int32Array(words);
    this.accepts = new Int32Array(words);
  }

  /** An edge to the next position and nowhere else. */
  addNext(from: number): void {
    setBit(this.toNext, from);
  }

  /** Edges of positions that all go on in the same way. */
  add(from: readonly number[], { positions, accepts }: Closure): void {
    for (const needed of accepts)
      if (needed === 0) for (const position of from) setBit(this.accepts, position);
      else this.acceptsIf.set(needed, [...(this.acceptsIf.get(needed) ?? []), ...from]);
    const single = from.length === 1 ? from[0] : undefined;
    const others = new Map<number, number[]>();
    for (const [to, conditions] of positions)
      for (const needed of conditions)
        if (needed === 0 && single !== undefined && to === single + 1) setBit(this.toNext, single);
        else if (needed === 0 && to === single) setBit(this.toSelf, single);
        else {
          const known = others.get(needed) ?? [];
          known.push(to);
          others.set(needed, known);
        }
    for (const [needed, to] of others) this.jump(from, needed, to);
  }

  private jump(from: readonly number[], needed: number, to: readonly number[]): void {
    const key = `${needed}:${to.toSorted((a, b) => a - b).join()}`;
    const known = this.jumps.get(key);
    if (known !== undefined) known.from.push(...from);
    else {
      this.jumps.set(key, { needed, from: [...from], to });
      this.size += new Set(to.map((position) => position >> 5)).size + 2;
      if (this.size > regexStepWordsMax)
        throw new RegexTooLarge(`expression with too many ways through it, at most ${regexStepWordsMax}`);
    }
  }

  finish(): Pick<Automaton, 'toNext' | 'toSelf' | 'jumps' | 'accepts' | 'acceptsIf'> {
    const jumps = [...this.jumps.values()].flatMap(({ needed, from, to }) => [
      needed,
      ...sparse(from),
      ...sparse(to),
    ]);
    if (jumps.length / 2 + 3 * this.words > regexStepWordsMax)
      throw new RegexTooLarge(`expression with too many ways through it, at most ${regexStepWordsMax}`);
    return {
      toNext: this.toNext,
      toSelf: this.toSelf,
      jumps: Int32Array.from(jumps),
      accepts: this.accepts,
      acceptsIf: Int32Array.from([...this.acceptsIf].flatMap(([needed, from]) => [needed, ...sparse(from)])),
    };
  }
}

function startsOf({ positions }: Closure, words: number): Pick<Automaton, 'starts' | 'startsIf'> {
  const starts = new Int32Array(words);
  const conditional = new Map<number, number[]>();
  for (const [position, conditions] of positions)
    for (const needed of conditions)
      if (needed === 0) setBit(starts, position);
      else conditional.set(needed, [...(conditional.get(needed) ?? []), position]);
  return {
    starts,
    startsIf: Int32Array.from([...conditional].flatMap(([needed, to]) => [needed, ...sparse(to)])),
  };
}

/** Count of words, then each word that is not zero with its index before it. */
function sparse(positions: readonly number[]): readonly number[] {
  const words = new Map<number, number>();
  for (const position of positions)
    words.set(position >> 5, (words.get(position >> 5) ?? 0) | (1 << (position & 31)));
  return [words.size, ...[...words].flat()];
}

function setBit(bits: Int32Array, position: number): void {
  bits[position >> 5] = (bits[position >> 5] ?? 0) | (1 << (position & 31));
}

/** Divides all code points into classes that no position tells apart, nor an assertion that is in use. */
function classify(
  sets: readonly CodePoints[],
  words: number,
  asserted: number,
): Pick<Automaton, 'asciiClass' | 'rangeStart' | 'rangeClass' | 'samples' | 'takes'> {
  const distinct = new Map<string, { readonly set: CodePoints; readonly positions: number[] }>();
  const known = new Map<CodePoints, number[]>();
  const add = (set: CodePoints): number[] => {
    const positions = known.get(set) ?? distinct.get(set.join())?.positions ?? [];
    if (!known.has(set)) distinct.set(set.join(), { set, positions });
    known.set(set, positions);
    return positions;
  };
  sets.forEach((set, position) => add(set).push(position));
  if ((asserted & (assertions.beginLine | assertions.endLine)) !== 0) add([10, 10]);
  if ((asserted & (assertions.wordBoundary | assertions.noWordBoundary)) !== 0)
    add([48, 57, 65, 90, 95, 95, 97, 122]);
  const all = [...distinct.values()];
  const bounds = new Set([0, 0x80]);
  for (const { set } of all) set.forEach((bound, i) => bounds.add(Math.min(bound + (i & 1), codePointMax)));
  const starts = [...bounds].sort((a, b) => a - b);
  const at = new Map(starts.map((code, index) => [code, index]));
  // Each set parts every class that it holds a piece of: as many steps as sets have pieces.
  const classes = new Int32Array(starts.length);
  let count = 1;
  for (const { set } of all) {
    const parted = new Map<number, number>();
    for (const index of piecesOf(set, at, starts.length)) {
      const before = classes[index] ?? 0;
      const after = parted.get(before) ?? count++;
      parted.set(before, after);
      classes[index] = after;
    }
  }
  const samples: number[] = [];
  const numbers = new Map<number, number>();
  const classAt = Uint16Array.from(classes, (kind, index) => {
    const known = numbers.get(kind) ?? samples.push(starts[index] ?? 0) - 1;
    numbers.set(kind, known);
    return known;
  });
  const takes = new Int32Array(samples.length * words);
  for (const { set, positions } of all)
    for (const group of new Set(piecesOf(set, at, starts.length).map((index) => classAt[index] ?? 0))) {
      const row = takes.subarray(group * words, (group + 1) * words);
      for (const position of positions) setBit(row, position);
    }
  const asciiClass = new Uint16Array(128);
  const ascii = at.get(0x80) ?? 0;
  for (let index = 0; index < ascii; index++) asciiClass.fill(classAt[index] ?? 0, starts[index]);
  const rangeStart = Int32Array.from(starts.slice(ascii));
  return { asciiClass, rangeStart, rangeClass: classAt.slice(ascii), samples, takes };
}

/** Which of the pieces between bounds a set holds, by their index. */
function piecesOf(set: CodePoints, at: ReadonlyMap<number, number>, count: number): readonly number[] {
  const pieces: number[] = [];
  for (let i = 0; i < set.length; i += 2) {
    const last = set[i + 1] ?? 0;
    const end = last === codePointMax ? count : (at.get(last + 1) ?? 0);
    for (let index = at.get(set[i] ?? 0) ?? 0; index < end; index++) pieces.push(index);
  }
  return pieces;
}
