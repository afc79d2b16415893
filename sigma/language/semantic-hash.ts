import { createHash } from 'node:crypto';
import { patternText } from './pattern.ts';
import type { Condition, Correlation, Item, Rule, Search, Value } from './rule.ts';

/**
 * A hash of what decides which events a rule matches: logsource and detection, with the filters that apply. Title,
 * level, comments, the names of search identifiers and the order of alternatives do not change it. 32 hexadecimal digits
 * of SHA-256.
 *
 * It is made of the rule as written rather than as compiled, so that a later engine gives the same rule the same hash.
 */
export function semanticHash(rule: Rule): string {
  const known = hashes.get(rule);
  if (known !== undefined) return known;
  const { product = null, category = null, service = null } = rule.logsource;
  const { condition, searches } = rule.detection;
  const source = JSON.stringify([product, category, service]);
  const forms = new Map([...searches].map(([name, search]) => [name, searchForm(search)]));
  const detection = conditionForm(condition, (name) => forms.get(name) ?? 'null');
  const hash = hashOf(list([source, detection]));
  hashes.set(rule, hash);
  return hash;
}

/** Several ask for it, and a reload keeps the rules of files that did not change. */
const hashes = new WeakMap<Rule, string>();

/**
 * A hash of what decides when a correlation fires, as `semanticHash` is of a rule. `byKey` holds those of what it refers
 * to, by key. How references are written, the order in which they stand and the names of aliases do not change it, except
 * where that order is one in time.
 */
export function correlationHash(correlation: Correlation, byKey: ReadonlyMap<string, string>): string {
  const { type, refers, groupBy, aliases, timespanMs, condition, scope } = correlation;
  const byWritten = new Map(refers.map(({ written, key }) => [written, text(byKey.get(key) ?? key)]));
  const hashed = (written: string): string => byWritten.get(written) ?? text(written);
  // An alias stands for the field that each reference has in its place.
  const fieldForm = (field: string): string => {
    const alias = aliases.get(field);
    if (alias === undefined) return text(field);
    const fields = refers.map(({ written }) => list([hashed(written), text(alias.get(written) ?? field)]));
    return list(sorted(fields));
  };
  const order = refers.map(({ written }) => hashed(written));
  const conditioned =
    condition.kind === 'expression'
      ? conditionForm(condition.expression, hashed)
      : list([
          list(sorted(condition.predicates.map((one) => list([text(one.operator), String(one.value)])))),
          list(condition.fields.map(fieldForm)),
          String(condition.percentile ?? null),
        ]);
  return hashOf(
    list([
      text(type),
      // Two rules that match the same events are two matches of each.
      list(type === 'temporal_ordered' ? order : order.toSorted()),
      // State keeps the values of a group in this order.
      list(groupBy.map(fieldForm)),
      String(timespanMs),
      conditioned,
      text(scope),
    ]),
  );
}

function hashOf(form: string): string {
  return createHash('sha256').update(form).digest('hex').slice(0, 32);
}

// Forms are JSON texts, put together from those of their parts.

function text(value: string): string {
  return JSON.stringify(value);
}

function list(forms: readonly string[]): string {
  return `[${forms.join(',')}]`;
}

/** Longer forms are replaced by their hash: a condition can name a large search thousands of times. */
const formCharsMax = 4096;

function short(form: string): string {
  return form.length > formCharsMax ? text(hashOf(form)) : form;
}

function conditionForm(condition: Condition, identifierForm: (name: string) => string): string {
  switch (condition.kind) {
    case 'identifier':
      return identifierForm(condition.name);
    case 'not':
      return short(list(['"not"', conditionForm(condition.child, identifierForm)]));
    case 'and':
    case 'or':
      return short(
        list([
          `"${condition.kind}"`,
          ...sorted(condition.children.map((child) => conditionForm(child, identifierForm))),
        ]),
      );
  }
}

function searchForm(search: Search): string {
  if (search.kind === 'item') return short(itemForm(search));
  return short(list([`"${search.kind}"`, ...sorted(search.children.map(searchForm))]));
}

/** The order of modifiers can matter, except for those that concern the whole item. */
const ofItem: ReadonlySet<string> = new Set(['all', 'neq', 'cased']);

function itemForm({ field, modifiers, values }: Item): string {
  const chain = modifiers.filter((name) => !ofItem.has(name)).map((name) => aliases.get(name) ?? name);
  const whole = modifiers.filter((name) => ofItem.has(name)).map(text);
  return list([
    '"item"',
    JSON.stringify(field),
    JSON.stringify(chain),
    list(sorted(whole)),
    list(sorted(values.map((value) => valueForm(value, chain)))),
  ]);
}

const aliases: ReadonlyMap<string, string> = new Map([
  ['ignorecase', 'i'],
  ['multiline', 'm'],
  ['dotall', 's'],
  ['wide', 'utf16le'],
]);

/** A value by its type and text; with `expand` also by what its placeholders stand for. */
function valueForm({ text: written, test }: Value, chain: readonly string[]): string {
  const type = test.kind === 'number' || test.kind === 'boolean' || test.kind === 'null' ? test.kind : 'text';
  const form = [`"${type}"`, text(written)];
  if (chain.includes('expand') && test.kind === 'text')
    form.push(list(sorted(test.patterns.map((pattern) => text(patternText(pattern))))));
  if (chain.includes('expand') && test.kind === 'field') form.push(text(test.name));
  return list(form);
}

/** In a fixed order and each once: `or` and `and` do not depend on either. */
function sorted(forms: readonly string[]): readonly string[] {
  if (forms.length < 2) return forms;
  const ordered = forms.toSorted();
  return ordered.filter((form, index) => form !== ordered[index - 1]);
}
