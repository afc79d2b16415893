import type { Rule } from '../language/rule.ts';
import { ClassIndex, type ClassParts, type FieldSlot, type Slot, type Workshop } from './class-index.ts';
import { Truth, unknown, yes } from './decide.ts';
import { FieldIndex, type RequiredLiterals } from './field-index.ts';
import type { IndexedRule } from './indexed-rule.ts';
import { KeywordScan } from './keyword-scan.ts';
import { PredicateTable, type Formula, type Predicate } from './predicate.ts';
import { Signatures, type Pool } from './signature.ts';
import { witnessOf } from './witness.ts';

/** Makes the index of a class when its first event comes; what classes have in common is made once. */
export class ClassBuilder {
  readonly #table = new PredicateTable();
  readonly #truth = new Truth();
  readonly #workshop: Workshop;
  readonly #requiredLiterals: RequiredLiterals;
  readonly #rules = new Map<Rule, IndexedRule>();
  /** Field indexes by field and predicates. */
  readonly #indexes = new Map<string, FieldIndex>();
  /** Keyword searches by their predicates. */
  readonly #scans = new Map<string, KeywordScan>();
  #prepared = 0;

  constructor(pool: Pool, requiredLiterals: RequiredLiterals, now: (() => number) | undefined) {
    this.#requiredLiterals = requiredLiterals;
    this.#workshop = { pool, now, truth: this.#truth, predicate: (id) => this.#table.predicate(id) };
  }

  build(rules: readonly Rule[]): ClassIndex {
    const indexed = rules.map((rule) => this.indexed(rule));
    this.#setDefaults();
    const byField = new Map<string | null, Set<number>>();
    const pairs: number[] = [];
    for (const { formula } of indexed)
      for (const id of leavesOf(formula)) {
        const { field, test } = this.#table.predicate(id);
        if (test.kind === 'field') pairs.push(id);
        else getOrMake(byField, field, () => new Set<number>()).add(id);
      }
    const keywords = this.#keywords([...(byField.get(null) ?? [])]);
    const fields = [...byField].flatMap(([field, ids]) =>
      field === null ? [] : [this.#fieldSlot(field, [...ids], keywords?.scan)],
    );
    const { witnesses, open } = this.#witnesses(indexed);
    const parts: ClassParts = {
      rules: indexed,
      fields,
      keywords,
      pairs: {
        name: undefined,
        index: undefined,
        signatures: new Signatures(this.#workshop.pool),
        withoutIt: [...new Set(pairs)],
      },
      witnesses,
      open,
    };
    return new ClassIndex(parts, this.#workshop);
  }

  indexed(rule: Rule): IndexedRule {
    return getOrMake(this.#rules, rule, () => ({
      match: { rule },
      formula: this.#table.formulaOf(rule),
      counts: { evaluations: 0, matches: 0, ms: 0 },
    }));
  }

  /** Forgets what was learnt of values. */
  forget(): void {
    for (const index of this.#indexes.values()) index.forget();
  }

  #setDefaults(): void {
    for (const { id, field, test } of this.#table.predicates.slice(this.#prepared)) {
      if (test.kind === 'field') this.#truth.setDefault(id, unknown);
      else if (field !== null && trueOfAbsent(test)) this.#truth.setDefault(id, yes);
    }
    this.#prepared = this.#table.predicates.length;
  }

  #fieldSlot(name: string, ids: readonly number[], scan: KeywordScan | undefined): FieldSlot {
    const predicates = ids.map((id) => this.#table.predicate(id));
    const index = this.#index(name, predicates, scan);
    const withoutIt = predicates.filter(({ test }) => trueOfAbsent(test)).map(({ id }) => id);
    return { name, index, signatures: index.signatures, withoutIt };
  }

  #keywords(ids: readonly number[]): ClassParts['keywords'] {
    if (ids.length === 0) return undefined;
    const predicates = ids.map((id) => this.#table.predicate(id));
    const index = this.#index(null, predicates, undefined);
    const slot: Slot & { index: FieldIndex } = {
      name: undefined,
      index,
      signatures: index.signatures,
      withoutIt: [],
    };
    const scan = getOrMake(
      this.#scans,
      ids.toSorted((a, b) => a - b).join(),
      () => new KeywordScan(predicates, this.#requiredLiterals, this.#scans.size),
    );
    return { slot, scan };
  }

  #index(field: string | null, predicates: readonly Predicate[], scan: KeywordScan | undefined): FieldIndex {
    const ids = predicates.map(({ id }) => id).sort((a, b) => a - b);
    return getOrMake(
      this.#indexes,
      `${field ?? ''}|${scan?.number}|${ids.join()}`,
      () =>
        new FieldIndex(predicates, {
          pool: this.#workshop.pool,
          requiredLiterals: this.#requiredLiterals,
          scan,
        }),
    );
  }

  #witnesses(rules: readonly IndexedRule[]): Pick<ClassParts, 'witnesses' | 'open'> {
    const witnesses = new Map<number, number[]>();
    const open: number[] = [];
    for (const [place, { formula }] of rules.entries()) {
      const witness = witnessOf(formula, this.#workshop.predicate);
      if (witness === undefined) open.push(place);
      else for (const id of witness.ids) getOrMake(witnesses, id, () => []).push(place);
    }
    return { witnesses, open };
  }
}

function trueOfAbsent(test: Predicate['test']): boolean {
  return test.kind === 'null' || (test.kind === 'exists' && !test.expected);
}

function* leavesOf({ leaves, children }: Formula): Generator<number> {
  yield* leaves;
  for (const child of children) yield* leavesOf(child);
}

function getOrMake<K, V>(table: Map<K, V>, key: K, make: () => V): V {
  let value = table.get(key);
  if (value === undefined) table.set(key, (value = make()));
  return value;
}
