import { createHash } from 'node:crypto';
import { patternText } from './pattern.ts';
import type { Condition, Item, PlainValue, Rule, Search, Value } from './rule.ts';

/**
 * A hash of what decides which events a rule matches: logsource and detection. Title, level, comments, the names of
 * search identifiers and the order of alternatives do not change it. 32 hexadecimal digits of SHA-256.
 *
 * It is made of the rule as written rather than as compiled, so that a later engine gives the same rule the same hash.
 */
export function semanticHash(rule: Rule): string {
  const { product = null, category = null, service = null } = rule.logsource;
  const { condition, searches } = rule.detection;
  const form = JSON.stringify([[product, category, service], conditionForm(condition, searches)]);
  return createHash('sha256').update(form).digest('hex').slice(0, 32);
}

function conditionForm(condition: Condition, searches: ReadonlyMap<string, Search>): PlainValue {
  switch (condition.kind) {
    case 'identifier': {
      const search = searches.get(condition.name);
      return search === undefined ? null : searchForm(search);
    }
    case 'not':
      return ['not', conditionForm(condition.child, searches)];
    case 'and':
    case 'or':
      return [condition.kind, ...sorted(condition.children.map((child) => conditionForm(child, searches)))];
  }
}

function searchForm(search: Search): PlainValue {
  if (search.kind === 'item') return itemForm(search);
  return [search.kind, ...sorted(search.children.map(searchForm))];
}

function itemForm({ field, modifiers, values }: Item): PlainValue {
  // The order of modifiers can matter, except for those that concern the whole item.
  const ofItem = new Set(['all', 'neq', 'cased']);
  const chain = modifiers.filter((name) => !ofItem.has(name)).map((name) => aliases.get(name) ?? name);
  return [
    'item',
    field,
    chain,
    sorted(modifiers.filter((name) => ofItem.has(name))),
    sorted(values.map(valueForm(chain))),
  ];
}

const aliases: ReadonlyMap<string, string> = new Map([
  ['ignorecase', 'i'],
  ['multiline', 'm'],
  ['dotall', 's'],
  ['wide', 'utf16le'],
]);

/** A value by its type and text; with `expand` also by what its placeholders stand for. */
function valueForm(chain: readonly string[]): (value: Value) => PlainValue {
  return ({ text, test }) => {
    const type =
      test.kind === 'number' || test.kind === 'boolean' || test.kind === 'null' ? test.kind : 'text';
    return chain.includes('expand') && test.kind === 'text'
      ? [type, text, sorted(test.patterns.map(patternText))]
      : [type, text];
  };
}

/** In a fixed order and each once: `or` and `and` do not depend on either. */
function sorted(values: readonly PlainValue[]): PlainValue[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value]))]
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, value]) => value);
}
