import { fold } from '../language/fold.ts';
import { AhoCorasick } from './aho-corasick.ts';
import { compileTest, elementsOf, textOf } from './compare.ts';
import type { KeywordScan } from './keyword-scan.ts';
import { gateOf } from './literals.ts';
import { LineMemo } from './line-memo.ts';
import { ValueMemo } from './memo.ts';
import { Networks } from './networks.ts';
import type { Predicate } from './predicate.ts';
import { Signatures, type Pool, type Signature } from './signature.ts';
import { Trie } from './trie.ts';

export interface FieldIndexOptions {
  readonly pool: Pool;
  readonly requiredLiterals: RequiredLiterals;
  readonly scan?: KeywordScan | undefined;
}

type ValueTest = (value: unknown) => boolean;

/** Texts from so many characters are searched line by line. */
const linesFrom = 512;
/** Remembered numbers of one field. */
const numbersMax = 4096;

/** A trie and what its states stand for. */
class Affixes {
  readonly trie = new Trie();
  readonly ids = new Map<number, number[]>();
  charsMax = 0;
}

/**
 * Tells which of the predicates on one field are true of a value: texts by a hash table, tries from either end and one
 * automaton for what may stand anywhere; the rest by running it, where a literal that it needs is there. Regular
 * expressions are not run, only told to be unknown.
 */
export class FieldIndex {
  readonly signatures: Signatures;
  readonly memo: ValueMemo;
  readonly #whole = new Map<string, number[]>();
  #wholeCharsMax = 0;
  /** Texts that stand for a rule's number. */
  readonly #numberTexts = new Map<string, number[]>();
  readonly #starts = new Affixes();
  readonly #ends = new Affixes();
  readonly #anywhere: readonly (readonly number[])[];
  readonly #automaton: AhoCorasick | undefined;
  readonly #numbers = new Map<number, number[]>();
  readonly #networks = new Networks();
  /** Predicates on values that no literal announces. */
  readonly #others: (readonly [number, ValueTest])[] = [];
  /** What must be run once the literal of a predicate is there; undefined: only when a rule asks. */
  readonly #checks = new Map<number, ValueTest | undefined>();
  /** Regular expressions that any text may match. */
  readonly #open: number[] = [];
  readonly #nulls: number[] = [];
  /** True of every value that is there. */
  readonly #present: number[] = [];
  readonly #numberSignatures = new Map<number, Signature>();
  /** Where no literal goes over the end of a line. */
  readonly #lines: LineMemo | undefined;

  /** Searches values for keywords too, so that values that come again need not be. */
  readonly #scan: KeywordScan | undefined;

  constructor(predicates: readonly Predicate[], { pool, requiredLiterals, scan }: FieldIndexOptions) {
    this.#scan = scan;
    this.signatures = new Signatures(pool);
    this.memo = new ValueMemo(pool);
    const anywhere = new Map<string, number[]>();
    for (const predicate of predicates) this.#add(predicate, anywhere, requiredLiterals);
    this.#anywhere = [...anywhere.values()];
    const literals = [...anywhere.keys()];
    if (literals.length === 0) return;
    const automaton = new AhoCorasick(literals);
    this.#automaton = automaton;
    if (!literals.some((literal) => literal.includes('\n')))
      this.#lines = new LineMemo(pool, (line) => {
        const found: number[] = [];
        automaton.find(fold(line), found);
        return found;
      });
  }

  /** The signature of a field's value, which is not undefined. Of an array, what is true of any element. */
  of(value: unknown): Signature {
    if (typeof value === 'string') return this.ofText(value);
    if (typeof value === 'number') return this.#ofNumber(value);
    return this.ofAll([value]);
  }

  ofText(text: string): Signature {
    const known = this.memo.find(text);
    if (known !== undefined) return known;
    const signature = this.ofAll([text]);
    this.memo.put(text, signature);
    return signature;
  }

  /** Remembers what more has become known of a value. */
  learn(value: unknown, signature: Signature): void {
    if (typeof value === 'string') this.memo.put(value, signature);
    else if (typeof value === 'number' && this.#numberSignatures.has(value))
      this.#numberSignatures.set(value, signature);
  }

  /** What is true of any of several values. */
  ofAll(values: readonly unknown[]): Signature {
    const trues: number[] = [...this.#present];
    const unknowns: number[] = [];
    for (const value of values)
      for (const element of elementsOf(value)) this.#decide(element, trues, unknowns);
    const scan = this.#scan;
    return this.signatures.of(
      trues,
      unknowns,
      scan !== undefined && values.some((value) => scan.mayHold(value)),
    );
  }

  forget(): void {
    this.signatures.forget();
    this.memo.forget();
    this.#lines?.forget();
    this.#numberSignatures.clear();
  }

  #ofNumber(value: number): Signature {
    let signature = this.#numberSignatures.get(value);
    if (signature === undefined) {
      signature = this.ofAll([value]);
      if (this.#numberSignatures.size >= numbersMax) this.#numberSignatures.clear();
      this.#numberSignatures.set(value, signature);
    }
    return signature;
  }

  #decide(value: unknown, trues: number[], unknowns: number[]): void {
    if (value === null) trues.push(...this.#nulls);
    if (typeof value === 'number') append(trues, this.#numbers.get(value));
    for (const [id, test] of this.#others) if (test(value)) trues.push(id);
    const text = textOf(value);
    if (text === undefined) return;
    const found: number[] = [];
    this.#networks.find(text, trues);
    append(unknowns, this.#open);
    this.#findWhole(text, typeof value === 'number', found);
    this.#findAffixes(text, found);
    this.#findAnywhere(text, found);
    for (const id of found) {
      if (!this.#checks.has(id)) trues.push(id);
      else {
        const check = this.#checks.get(id);
        if (check === undefined) unknowns.push(id);
        else if (check(text)) trues.push(id);
      }
    }
  }

  #findWhole(text: string, isNumber: boolean, found: number[]): void {
    if (text.length > this.#wholeCharsMax) return;
    const folded = fold(text);
    append(found, this.#whole.get(folded));
    // A number is compared by value with a rule's number, by its text with all else.
    if (!isNumber) append(found, this.#numberTexts.get(folded));
  }

  /** Only as much of either end is folded as may decide. */
  #findAffixes(text: string, found: number[]): void {
    const { trie: starts, ids: startIds, charsMax: startCharsMax } = this.#starts;
    if (startIds.size > 0) {
      const folded = fold(text.slice(0, startCharsMax));
      for (let state = 0, index = 0; index < folded.length; index++) {
        state = starts.next(state, folded.charCodeAt(index));
        if (state === 0) break;
        append(found, startIds.get(state));
      }
    }
    const { trie: ends, ids: endIds, charsMax: endCharsMax } = this.#ends;
    if (endIds.size > 0) {
      const folded = fold(text.slice(-endCharsMax));
      for (let state = 0, index = folded.length - 1; index >= 0; index--) {
        state = ends.next(state, folded.charCodeAt(index));
        if (state === 0) break;
        append(found, endIds.get(state));
      }
    }
  }

  #findAnywhere(text: string, found: number[]): void {
    if (this.#automaton === undefined) return;
    let texts: number[] = [];
    if (text.length >= linesFrom && this.#lines?.awake === true) {
      this.#lines.collect(text, texts);
      texts = [...new Set(texts)];
    } else {
      this.#automaton.find(fold(text), texts);
    }
    for (const number of texts) append(found, this.#anywhere[number]);
  }

  #add(predicate: Predicate, anywhere: Map<string, number[]>, requiredLiterals: RequiredLiterals): void {
    const { id, test } = predicate;
    switch (test.kind) {
      case 'null':
        this.#nulls.push(id);
        return;
      case 'exists':
        if (test.expected) this.#present.push(id);
        return;
      case 'number':
        if (!Number.isNaN(test.value)) put(this.#numbers, test.value, id);
        for (const text of new Set([String(test.value), fold(test.text)])) {
          put(this.#numberTexts, text, id);
          this.#wholeCharsMax = Math.max(this.#wholeCharsMax, text.length);
        }
        return;
      case 'cidr':
        this.#networks.add(test.network, id);
        return;
      case 'regex': {
        const literals = requiredLiterals(test.source, test.flags)?.filter((literal) => literal !== '');
        if (literals === undefined) this.#open.push(id);
        else {
          this.#checks.set(id, undefined);
          for (const literal of new Set(literals)) put(anywhere, literal, id);
        }
        return;
      }
      case 'compare':
      case 'date':
        this.#others.push([id, compileTest(test)]);
        return;
      case 'field':
        return;
      case 'boolean':
      case 'text':
        this.#addText(id, test, anywhere);
    }
  }

  #addText(
    id: number,
    test: Predicate['test'] & { kind: 'text' | 'boolean' },
    anywhere: Map<string, number[]>,
  ): void {
    const gate = gateOf(test);
    if (gate === undefined) {
      this.#others.push([id, compileTest(test)]);
      return;
    }
    if (!gate.sufficient) this.#checks.set(id, compileTest(test));
    for (const literal of gate.literals) {
      if (gate.where === 'anywhere') put(anywhere, literal, id);
      else if (gate.where === 'whole') {
        put(this.#whole, literal, id);
        this.#wholeCharsMax = Math.max(this.#wholeCharsMax, literal.length);
      } else {
        const affixes = gate.where === 'start' ? this.#starts : this.#ends;
        put(affixes.ids, affixes.trie.add(literal, gate.where === 'end'), id);
        affixes.charsMax = Math.max(affixes.charsMax, literal.length);
      }
    }
  }
}

/**
 * Folded literals of which one is in every text that a regular expression matches; undefined where none can be told.
 */
export type RequiredLiterals = (source: string, flags: string) => readonly string[] | undefined;

function put<K>(table: Map<K, number[]>, key: K, id: number): void {
  const ids = table.get(key);
  if (ids === undefined) table.set(key, [id]);
  else ids.push(id);
}

function append(to: number[], ids: readonly number[] | undefined): void {
  if (ids !== undefined) for (const id of ids) to.push(id);
}
