import { compileValue } from './evaluate.ts';
import { decide, no, undecided, unknown, yes, type Truth, type Verdict } from './decide.ts';
import type { PlainFields, SigmaEvent } from './event.ts';
import type { FieldIndex } from './field-index.ts';
import type { IndexedRule } from './indexed-rule.ts';
import type { KeywordScan } from './keyword-scan.ts';
import type { Match } from './matcher.ts';
import type { Predicate } from './predicate.ts';
import { Shapes, type Step } from './shape.ts';
import type { Pool, Signature, Signatures } from './signature.ts';

/** One source of signatures: a field that the rules of a class look at, all values (keywords), or pairs of fields. */
export interface Slot {
  /** Of a field. */
  readonly name: string | undefined;
  readonly signatures: Signatures;
  /** Absent for pairs of fields, which no value tells about. */
  readonly index: FieldIndex | undefined;
  /** Predicates that are not false while the slot says nothing: those true of an absent field, or unknown. */
  readonly withoutIt: readonly number[];
}

export interface FieldSlot extends Slot {
  readonly name: string;
  readonly index: FieldIndex;
}

/** What a class of events is decided by. */
export interface ClassParts {
  /** In the order given. */
  readonly rules: readonly IndexedRule[];
  readonly fields: readonly FieldSlot[];
  readonly keywords: { readonly slot: Slot & { index: FieldIndex }; readonly scan: KeywordScan } | undefined;
  readonly pairs: Slot;
  /** Places of rules by a predicate of which they need one. */
  readonly witnesses: ReadonlyMap<number, readonly number[]>;
  /** Places of rules that nothing announces. */
  readonly open: readonly number[];
}

/** What the classes of a matcher share. */
export interface Workshop {
  readonly predicate: (id: number) => Predicate;
  readonly truth: Truth;
  readonly pool: Pool;
  /** A clock in milliseconds. */
  readonly now: (() => number) | undefined;
}

/** What follows from the signatures of an event's fields, taken one after the other. */
interface State {
  readonly before: State | undefined;
  readonly slot: Slot | undefined;
  readonly signature: Signature | undefined;
  readonly next: Map<number, State>;
  outcome: Outcome | undefined;
  events: number;
}

interface Outcome {
  readonly matches: readonly Match[];
  /** Places of the rules that match. */
  readonly fired: readonly number[];
  /** Places of the rules that had to be decided. */
  readonly candidates: readonly number[];
  /** Predicates to run on the event before the rest is decided, with the rule that asks. */
  readonly asks: ReadonlyMap<number, IndexedRule>;
}

const nothing: readonly Match[] = [];
/** One in so many decisions is timed. */
const timedEvery = 16;

/**
 * The rules of one class of events (those with the same set of logsources) and what was learnt about such events: an
 * automaton whose steps are signatures of fields, and whose states know the rules that match, decided when an event
 * first comes there.
 */
export class ClassIndex {
  readonly #parts: ClassParts;
  readonly #workshop: Workshop;
  readonly #names: Shapes<FieldSlot>;
  /** Slots that the own keys of a plain object do not settle: paths through nested objects. */
  readonly #paths: readonly FieldSlot[];
  readonly #tests = new Map<number, (event: SigmaEvent) => boolean>();
  #root = stateOf(undefined, undefined, undefined);
  #states = [this.#root];
  #decisions = 0;

  constructor(parts: ClassParts, workshop: Workshop) {
    this.#parts = parts;
    this.#workshop = workshop;
    const slots = new Map(parts.fields.map((slot) => [slot.name, slot]));
    this.#paths = parts.fields.filter((slot) => slot.name.includes('.'));
    this.#names = new Shapes((name) => slots.get(name));
  }

  get rules(): readonly IndexedRule[] {
    return this.#parts.rules;
  }

  /** The rules that match, in order; throws what the event or a predicate throws. */
  match(event: SigmaEvent): readonly Match[] {
    if (this.#parts.rules.length === 0) return nothing;
    const { plain } = event;
    let end = plain === undefined ? this.#walk(event) : this.#walkPlain(event, plain);
    let outcome = (end.outcome ??= this.#decide(end));
    while (outcome.asks.size > 0) {
      end = this.#settle(end, outcome, event);
      outcome = end.outcome ??= this.#decide(end);
    }
    end.events += 1;
    return outcome.matches;
  }

  /** Adds to the rules what was counted since the last call. */
  count(): void {
    for (const state of this.#states) {
      const { outcome, events } = state;
      state.events = 0;
      if (outcome === undefined || events === 0) continue;
      for (const place of outcome.candidates) this.#rule(place).counts.evaluations += events;
      for (const place of outcome.fired) this.#rule(place).counts.matches += events;
    }
  }

  /** Forgets what was learnt. */
  forget(): void {
    this.count();
    this.#root = stateOf(undefined, undefined, undefined);
    this.#states = [this.#root];
    this.#parts.pairs.signatures.forget();
  }

  #rule(place: number): IndexedRule {
    const rule = this.#parts.rules[place];
    if (rule === undefined) throw new RangeError(`no rule at ${place}`);
    return rule;
  }

  #walk(event: SigmaEvent): State {
    let at = this.#root;
    for (const slot of this.#parts.fields) at = this.#ask(at, slot, event);
    const scan = this.#parts.keywords?.scan;
    if (scan === undefined) return at;
    for (const value of event.values())
      if (scan.always || scan.mayHold(value)) return this.#stepKeywords(at, event);
    return at;
  }

  #walkPlain(event: SigmaEvent, { fields, message, more }: PlainFields): State {
    const scan = this.#parts.keywords?.scan;
    const charsMin = scan?.charsMin ?? 0;
    let found = scan === undefined || scan.always || (message !== undefined && scan.mayHold(message));
    let at = this.#root;
    let step: Step<FieldSlot> = this.#names.root;
    for (const name in fields) {
      let next = step.first;
      while (next !== undefined && next.name !== name) next = next.sibling;
      step = next ?? this.#names.extend(step, name);
      const slot = step.meaning;
      const value = fields[name];
      if (slot === undefined) {
        if (found || scan === undefined) continue;
        if (typeof value !== 'string') found = scan.mayHold(value);
        else if (value.length >= charsMin) found = scan.inText(value);
      } else if (value === undefined) {
        at = this.#ask(at, slot, event);
      } else {
        const signature = typeof value === 'string' ? slot.index.ofText(value) : slot.index.of(value);
        if (!signature.silent || slot.withoutIt.length > 0)
          at = at.next.get(signature.id) ?? this.#extend(at, slot, signature);
        if (signature.keyword) found = true;
      }
    }
    if (more === undefined) {
      for (const slot of this.#paths) if (!Object.hasOwn(fields, slot.name)) at = this.#ask(at, slot, event);
    } else {
      for (const object of more.named) step = this.#names.over(step, object);
      step.asks ??= this.#parts.fields.filter(
        ({ name }) => !Object.hasOwn(fields, name) && more.mayFind(name),
      );
      for (const slot of step.asks) at = this.#ask(at, slot, event);
      if (!found && scan !== undefined)
        for (const value of more.values()) if (scan.mayHold(value)) found = true;
    }
    return found ? this.#stepKeywords(at, event) : at;
  }

  #ask(at: State, slot: FieldSlot, event: SigmaEvent): State {
    const value = event.field(slot.name);
    return value === undefined ? at : this.#step(at, slot, slot.index.of(value));
  }

  #stepKeywords(at: State, event: SigmaEvent): State {
    const slot = this.#parts.keywords?.slot;
    return slot === undefined ? at : this.#step(at, slot, slot.index.ofAll([...event.values()]));
  }

  #step(at: State, slot: Slot, signature: Signature): State {
    if (signature.silent && slot.withoutIt.length === 0) return at;
    return at.next.get(signature.id) ?? this.#extend(at, slot, signature);
  }

  #extend(at: State, slot: Slot, signature: Signature): State {
    const made = stateOf(at, slot, signature);
    at.next.set(signature.id, made);
    this.#states.push(made);
    this.#workshop.pool.entries += 1;
    return made;
  }

  /** Runs what a state asks for on the event, and goes the way again with what is known then. */
  #settle(end: State, { asks }: Outcome, event: SigmaEvent): State {
    const steps: { readonly slot: Slot; signature: Signature }[] = [];
    for (let at = end; at.slot !== undefined && at.signature !== undefined; at = at.before ?? this.#root)
      steps.unshift({ slot: at.slot, signature: at.signature });
    for (const [id, rule] of asks) {
      const holds = this.#timed(rule, () => this.#run(id, event));
      const step = steps.find(({ signature }) => signature.unknowns.includes(id));
      if (step === undefined) {
        const { pairs } = this.#parts;
        const others = pairs.withoutIt.filter((each) => each !== id);
        steps.push({ slot: pairs, signature: pairs.signatures.of(holds ? [id] : [], others) });
      } else {
        step.signature = step.slot.signatures.settled(step.signature, id, holds);
      }
    }
    let at = this.#root;
    for (const { slot, signature } of steps) {
      if (slot.name !== undefined) slot.index?.learn(event.field(slot.name), signature);
      at = this.#step(at, slot, signature);
    }
    return at;
  }

  #run(id: number, event: SigmaEvent): boolean {
    let test = this.#tests.get(id);
    if (test === undefined) {
      const predicate = this.#workshop.predicate(id);
      test = compileValue(predicate.field, { text: '', test: predicate.test });
      this.#tests.set(id, test);
    }
    return test(event);
  }

  #decide(end: State): Outcome {
    const { truth } = this.#workshop;
    const candidates = new Set(this.#parts.open);
    truth.clear();
    for (let at: State | undefined = end; at !== undefined; at = at.before)
      for (const id of at.slot?.withoutIt ?? []) truth.set(id, no);
    for (let at: State | undefined = end; at !== undefined; at = at.before) {
      for (const id of at.signature?.trues ?? []) this.#assume(id, yes, candidates);
      for (const id of at.signature?.unknowns ?? []) this.#assume(id, unknown, candidates);
    }
    return this.#decideRules([...candidates].sort((a, b) => a - b));
  }

  #assume(id: number, verdict: Verdict, candidates: Set<number>): void {
    this.#workshop.truth.set(id, verdict);
    for (const place of this.#parts.witnesses.get(id) ?? []) candidates.add(place);
  }

  #decideRules(candidates: readonly number[]): Outcome {
    const fired: number[] = [];
    const asks = new Map<number, IndexedRule>();
    const timed = ++this.#decisions % timedEvery === 0;
    for (const place of candidates) {
      const rule = this.#rule(place);
      const run = (): number => decide(rule.formula, this.#workshop.truth);
      const verdict = timed ? this.#timed(rule, run, timedEvery) : run();
      if (verdict >= undecided) asks.set(verdict - undecided, rule);
      else if (verdict === yes) fired.push(place);
    }
    const matches = fired.length === 0 ? nothing : fired.map((place) => this.#rule(place).match);
    return { matches, fired, candidates, asks };
  }

  #timed<T>({ counts }: IndexedRule, run: () => T, weight = 1): T {
    const { now } = this.#workshop;
    if (now === undefined) return run();
    const started = now();
    const result = run();
    counts.ms += (now() - started) * weight;
    return result;
  }
}

function stateOf(before: State | undefined, slot: Slot | undefined, signature: Signature | undefined): State {
  return { before, slot, signature, next: new Map(), outcome: undefined, events: 0 };
}
