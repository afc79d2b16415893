import { compileTest, elementsOf, related } from './compare.ts';
import type { SigmaEvent } from './event.ts';
import type { Condition, Detection, Item, Rule, Search, Value } from '../language/rule.ts';

/**
 * Whether a rule's detection matches an event, whatever the logsource of either. This file is the definition of what
 * Sigma means here (`DECISIONS.md` says why); every faster engine must agree with it on every rule and event.
 *
 * Two values only: a positive item on an absent field is false, and `not` or `neq` makes that true.
 */
export function matches(rule: Rule, event: SigmaEvent): boolean {
  let predicate = compiled.get(rule.detection);
  if (predicate === undefined) compiled.set(rule.detection, (predicate = compileDetection(rule.detection)));
  return predicate(event);
}

type Predicate = (event: SigmaEvent) => boolean;

/** Rules are plain data; what they compile to is kept beside them. */
const compiled = new WeakMap<Detection, Predicate>();

function compileDetection({ condition, searches }: Detection): Predicate {
  const predicates = new Map<string, Predicate>();
  for (const [name, search] of searches) predicates.set(name, compileSearch(search));
  return compileCondition(condition, predicates);
}

function compileCondition(condition: Condition, searches: ReadonlyMap<string, Predicate>): Predicate {
  switch (condition.kind) {
    case 'identifier':
      return searches.get(condition.name) ?? (() => false);
    case 'not': {
      const child = compileCondition(condition.child, searches);
      return (event) => !child(event);
    }
    case 'and':
    case 'or':
      return join(
        condition.kind,
        condition.children.map((child) => compileCondition(child, searches)),
      );
  }
}

function compileSearch(search: Search): Predicate {
  return search.kind === 'item' ? compileItem(search) : join(search.kind, search.children.map(compileSearch));
}

/** The values of an item are alternatives, or must all match (`all`); `neq` turns the outcome round. */
function compileItem(item: Item): Predicate {
  const values = item.values.map((value) => compileValue(item.field, value));
  const outcome = join(item.all ? 'and' : 'or', values);
  return item.negated ? (event) => !outcome(event) : outcome;
}

function join(kind: 'and' | 'or', parts: readonly Predicate[]): Predicate {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return kind === 'and'
    ? (event) => parts.every((part) => part(event))
    : (event) => parts.some((part) => part(event));
}

/** One value of a rule: true where any element of the field, or for a keyword any value of the event, fits. */
export function compileValue(field: string | null, { test }: Value): Predicate {
  if (test.kind === 'exists')
    return (event) => field !== null && (event.field(field) !== undefined) === test.expected;
  if (test.kind === 'field')
    return (event) => {
      const others = elementsOf(event.field(test.name));
      return elementsOf(field === null ? undefined : event.field(field)).some((value) =>
        others.some((other) => related(value, other, test.relation, test.cased)),
      );
    };
  const fits = compileTest(test);
  if (field !== null) return (event) => anyElement(event.field(field), fits);
  return (event) => {
    for (const value of event.values()) if (anyElement(value, fits)) return true;
    return false;
  };
}

function anyElement(value: unknown, fits: (value: unknown) => boolean): boolean {
  return Array.isArray(value) ? elementsOf(value).some(fits) : fits(value ?? null);
}
