import type { Automaton } from './automaton.ts';
import { resized, States } from './states.ts';
import { isEnd, matched, Steps } from './step.ts';

/** Numbers that the states and transitions remembered for one expression may take (4 bytes each). */
const regexMemoryMax = 32_768;
/** Remembering pays where states are met again; below so many characters for each new state it does not. */
const charsPerStateMin = 8;

/**
 * Searches a text for a match, in time linear in the text: each character is one step from a set of positions to the
 * next, remembered as a transition, so that a deterministic automaton grows as texts ask for it. Where sets do not
 * repeat, steps are taken without remembering. Nothing in here grows beyond `regexMemoryMax`.
 */
export class Search {
  private readonly asciiClass: Uint16Array;
  private readonly steps: Steps;
  private readonly states: States;
  private readonly statesMax: number;
  private readonly stride: number;
  /**
   * Rows of `stride` transitions: 0 where not known yet, an outcome of a step, or the first number of the next state's
   * row. Row 0 is not used, row 1 is the state at the start of a text.
   */
  private rows: Int32Array;
  /** Whether a text that ends in a state matches: 0 where not known yet, 1 no, 2 yes. */
  private readonly outcomes: Uint8Array;

  constructor(automaton: Automaton) {
    this.asciiClass = automaton.asciiClass;
    this.steps = new Steps(automaton);
    this.stride = automaton.samples.length;
    this.statesMax = Math.max(16, Math.floor(regexMemoryMax / (automaton.words + this.stride + 3)));
    this.states = new States(automaton.words, this.statesMax);
    this.rows = new Int32Array(this.stride * this.states.room);
    this.outcomes = new Uint8Array(this.statesMax + 1);
    this.states.find(this.steps.next, this.steps.start);
  }

  test(text: string): boolean {
    const { asciiClass } = this;
    const end = text.length;
    let { rows } = this;
    let row = this.stride;
    let countBefore = this.states.count;
    let learnedFrom = 0;
    let i = 0;
    for (;;) {
      for (; i < end; i++) {
        const unit = text.charCodeAt(i);
        if (unit > 0x7f) break;
        const to = rows[row + (asciiClass[unit] ?? 0)] ?? 0;
        if (to <= 0) break;
        row = to;
      }
      if (i >= end) return this.matchesAtEnd(row / this.stride);
      const code = codePointIn(text, i);
      const group = this.steps.classOf(code);
      let to = rows[row + group] ?? 0;
      if (to === 0) {
        if (this.states.count >= this.statesMax) {
          if ((this.states.count - countBefore) * charsPerStateMin > i - learnedFrom)
            return this.walk(text, i, row);
          row = this.forget(row);
          countBefore = this.states.count;
          learnedFrom = i;
        }
        to = this.learn(row, group);
        rows = this.rows;
      }
      if (to < 0) return to === matched;
      row = to;
      i += code > 0xffff ? 2 : 1;
    }
  }

  /** Goes on from a state without remembering anything. */
  private walk(text: string, from: number, row: number): boolean {
    const { steps } = this;
    let behind = this.states.load(row / this.stride, steps.current);
    for (let i = from; i < text.length; i++) {
      const code = codePointIn(text, i);
      if (code > 0xffff) i++;
      const group = steps.classOf(code);
      const outcome = steps.step(behind, group);
      if (outcome !== 0) return outcome === matched;
      behind = steps.behind(group);
      steps.advance();
    }
    return steps.matchesHere(behind, isEnd);
  }

  /** Finds out where a state leads. */
  private learn(row: number, group: number): number {
    const { steps, states, stride } = this;
    const behind = states.load(row / stride, steps.current);
    const outcome = steps.step(behind, group);
    const to = outcome === 0 ? states.find(steps.next, steps.behind(group)) * stride : outcome;
    if (this.rows.length < states.room * stride) this.rows = resized(this.rows, states.room * stride);
    this.rows[row + group] = to;
    return to;
  }

  private matchesAtEnd(state: number): boolean {
    const known = this.outcomes[state] ?? 0;
    if (known !== 0) return known === 2;
    const behind = this.states.load(state, this.steps.current);
    const matches = this.steps.matchesHere(behind, isEnd);
    this.outcomes[state] = matches ? 2 : 1;
    return matches;
  }

  /** Forgets all states but the one at the start and the one of a row, and returns the latter's new row. */
  private forget(row: number): number {
    const { steps, states } = this;
    const behind = states.load(row / this.stride, steps.current);
    this.rows.fill(0);
    this.outcomes.fill(0);
    states.clear();
    steps.next.fill(0);
    states.find(steps.next, steps.start);
    return states.find(steps.current, behind) * this.stride;
  }
}

/** `codePointAt` of V8 13.6 (Maglev) can look behind the end of a text that was cut out of a longer one. */
function codePointIn(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if ((unit & 0xfc00) !== 0xd800 || at + 1 >= text.length) return unit;
  const next = text.charCodeAt(at + 1);
  return (next & 0xfc00) === 0xdc00 ? ((unit - 0xd800) << 10) + next - 0xdc00 + 0x10000 : unit;
}
