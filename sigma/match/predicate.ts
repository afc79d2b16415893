import { fold } from '../language/fold.ts';
import { patternText, type Pattern } from '../language/pattern.ts';
import type { Condition, Item, Rule, Search, Test, Value } from '../language/rule.ts';

/** One comparison of one field (null: of every value) with one pattern or value; equal ones of all rules are one. */
export interface Predicate {
  readonly id: number;
  readonly field: string | null;
  /** Of `text` exactly one pattern, folded unless it is cased. */
  readonly test: Test;
}

/**
 * A rule's condition over predicates. `any` with nothing in it is false, `all` with nothing in it is true; of `not`
 * the one child is turned round.
 */
export interface Formula {
  readonly kind: 'any' | 'all' | 'not';
  readonly leaves: readonly number[];
  readonly children: readonly Formula[];
}

/** The predicates of a set of rules, each once, and what the rules say of them. */
export class PredicateTable {
  readonly predicates: Predicate[] = [];
  readonly #ids = new Map<string, number>();
  readonly #formulas = new Map<Rule, Formula>();

  /** A rule as a formula, compiled when it is first asked for. */
  formulaOf(rule: Rule): Formula {
    let formula = this.#formulas.get(rule);
    if (formula === undefined) {
      const { condition, searches } = rule.detection;
      formula = this.#condition(condition, searches);
      this.#formulas.set(rule, formula);
    }
    return formula;
  }

  predicate(id: number): Predicate {
    const found = this.predicates[id];
    if (found === undefined) throw new RangeError(`no predicate ${id}`);
    return found;
  }

  #condition(condition: Condition, searches: ReadonlyMap<string, Search>): Formula {
    switch (condition.kind) {
      case 'identifier': {
        const search = searches.get(condition.name);
        return search === undefined ? never : this.#search(search);
      }
      case 'not':
        return negation(this.#condition(condition.child, searches));
      case 'and':
      case 'or':
        return join(
          condition.kind === 'and' ? 'all' : 'any',
          condition.children.map((child) => this.#condition(child, searches)),
        );
    }
  }

  #search(search: Search): Formula {
    if (search.kind === 'item') return this.#item(search);
    return join(
      search.kind === 'and' ? 'all' : 'any',
      search.children.map((child) => this.#search(child)),
    );
  }

  #item(item: Item): Formula {
    const values = item.values.map((value) => this.#value(item.field, value));
    const outcome = join(item.all ? 'all' : 'any', values);
    return item.negated ? negation(outcome) : outcome;
  }

  #value(field: string | null, { test }: Value): Formula {
    // A keyword search names no field that could exist or be compared with another.
    if (field === null && (test.kind === 'exists' || test.kind === 'field')) return never;
    if (test.kind !== 'text') return leaf(this.#intern(field, test));
    const leaves = test.patterns.map((pattern) => {
      const folded = test.cased ? pattern : foldPattern(pattern);
      return this.#intern(field, { kind: 'text', patterns: [folded], cased: test.cased });
    });
    return { kind: 'any', leaves: [...new Set(leaves)], children: [] };
  }

  #intern(field: string | null, test: Test): number {
    const key = `${field ?? ''}\u0000${field === null ? 'k' : 'f'}${testKey(test)}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.predicates.length;
      this.predicates.push({ id, field, test });
      this.#ids.set(key, id);
    }
    return id;
  }
}

const never: Formula = { kind: 'any', leaves: [], children: [] };

function leaf(id: number): Formula {
  return { kind: 'any', leaves: [id], children: [] };
}

function negation(child: Formula): Formula {
  return { kind: 'not', leaves: [], children: [child] };
}

/** Joins formulas; those that are of the same kind, or a single leaf, become part of the whole. */
function join(kind: 'any' | 'all', parts: readonly Formula[]): Formula {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const leaves = new Set<number>();
  const children: Formula[] = [];
  for (const part of parts) {
    const [single] = part.leaves;
    if (part.kind === kind) {
      for (const id of part.leaves) leaves.add(id);
      children.push(...part.children);
    } else if (part.kind !== 'not' && part.children.length === 0 && part.leaves.length === 1) {
      leaves.add(single ?? 0);
    } else {
      children.push(part);
    }
  }
  return { kind, leaves: [...leaves], children };
}

function foldPattern(pattern: Pattern): Pattern {
  return pattern.map((part) => (typeof part === 'string' ? fold(part) : part));
}

function testKey(test: Test): string {
  if (test.kind !== 'text') return JSON.stringify(test);
  const [pattern = []] = test.patterns;
  return `${test.cased ? 'c' : 't'}${patternText(pattern)}`;
}
