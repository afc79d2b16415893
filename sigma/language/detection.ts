import { lintItem } from './lint-item.ts';
import { applyModifiers, draftOf, modifierNames, ValueProblem, withRelation } from './modifiers.ts';
import type { Placeholders } from './modifiers.ts';
import type { Problems } from './problems.ts';
import type { Item, Search, Test, Value } from './rule.ts';
import { clip, type SourceEntry, type SourceNode, type SourceScalar } from './source.ts';

export interface DetectionContext {
  readonly problems: Problems;
  readonly placeholders: Placeholders;
}

/**
 * Reads what stands under a search identifier: a map (every item), a list of maps (any), or keywords. Undefined where
 * nothing of it can be used; the reason is in the problems.
 */
export function readSearch(node: SourceNode, context: DetectionContext): Search | undefined {
  switch (node.kind) {
    case 'scalar':
      if (node.value === null) context.problems.add('search_empty', node.offset);
      return node.value === null ? undefined : readItem('', [node], { context, offset: node.offset });
    case 'map':
      return group(
        'and',
        node,
        node.entries.map((entry) => readEntry(entry, context)),
        context,
      );
    case 'list':
      return readList(node.items, node.offset, context);
  }
}

/** Keywords of one list are one item; maps among them are further alternatives. */
function readList(
  items: readonly SourceNode[],
  offset: number,
  context: DetectionContext,
): Search | undefined {
  const keywords = items.filter((item) => item.kind === 'scalar');
  const searches: (Search | undefined)[] = [];
  if (keywords.length > 0) searches.push(readItem('', keywords, { context, offset }));
  for (const item of items) {
    if (item.kind === 'map') searches.push(readSearch(item, context));
    else if (item.kind === 'list')
      context.problems.add('search_invalid', item.offset, { detail: 'a list inside a list' });
  }
  return group('or', { offset }, searches, context);
}

function group(
  kind: 'and' | 'or',
  { offset }: { readonly offset: number },
  found: readonly (Search | undefined)[],
  { problems }: DetectionContext,
): Search | undefined {
  if (found.length === 0) problems.add('search_empty', offset);
  const children = found.filter((child) => child !== undefined);
  return children.length === 1 ? children[0] : children.length === 0 ? undefined : { kind, children };
}

/** One key of a map: `field|modifier|…`, with one value or a list of them. */
function readEntry({ key, offset, value }: SourceEntry, context: DetectionContext): Item | undefined {
  const { problems } = context;
  if (value.kind === 'map') {
    problems.add('value_invalid', value.offset, { detail: `${clip(key)}: a map is no value` });
    return undefined;
  }
  const nodes = value.kind === 'scalar' ? [value] : value.items;
  const scalars = nodes.filter((node) => node.kind === 'scalar');
  for (const node of nodes)
    if (node.kind !== 'scalar')
      problems.add('value_invalid', node.offset, { detail: 'a list or map inside a list' });
  if (nodes.length === 0) problems.add('list_empty', offset, { detail: clip(key) });
  if (nodes.length > 1)
    for (const node of scalars) if (node.value === null) problems.add('null_in_list', node.offset);
  const empty: SourceScalar = {
    kind: 'scalar',
    value: null,
    text: '',
    offset: value.offset,
    verbatim: false,
  };
  return readItem(key, nodes.length === 0 ? [empty] : scalars, { context, offset });
}

interface ItemPlace {
  readonly context: DetectionContext;
  readonly offset: number;
}

function readItem(
  key: string,
  nodes: readonly SourceScalar[],
  { context, offset }: ItemPlace,
): Item | undefined {
  const [name = '', ...modifiers] = key.split('|');
  const field = name === '' ? null : name;
  if (!checkModifiers(name, modifiers, { context, offset })) return undefined;
  lintItem({ field: name, modifiers, values: nodes, offset }, context.problems);
  const values = nodes
    .map((node) => readValue(node, { field, modifiers, context }))
    .filter((value) => value !== undefined);
  if (values.length === 0) return undefined;
  return {
    kind: 'item',
    field,
    modifiers,
    values,
    all: modifiers.includes('all'),
    negated: modifiers.includes('neq'),
    line: context.problems.lineOf(offset),
  };
}

function checkModifiers(
  name: string,
  modifiers: readonly string[],
  { context: { problems }, offset }: ItemPlace,
): boolean {
  let at = offset + name.length + 1;
  let good = true;
  for (const [index, modifier] of modifiers.entries()) {
    if (!modifierNames.includes(modifier)) {
      problems.add('modifier_unknown', at, {
        detail: clip(modifier),
        suggestion: problems.nearest(modifier, modifierNames),
      });
      good = false;
    } else if (modifiers.indexOf(modifier) !== index) {
      problems.add('modifier_combination', at, { detail: `${modifier} stands twice` });
      good = false;
    }
    at += modifier.length + 1;
  }
  return good;
}

interface ValueContext {
  readonly field: string | null;
  readonly modifiers: readonly string[];
  readonly context: DetectionContext;
}

function readValue(node: SourceScalar, { field, modifiers, context }: ValueContext): Value | undefined {
  const text = node.value === null ? 'null' : node.text;
  try {
    const test = testOf(node, { field, modifiers, context });
    return { text, test };
  } catch (error) {
    if (!(error instanceof ValueProblem)) throw error;
    context.problems.add(error.code, node.offset, { detail: clip(error.message) });
    return undefined;
  }
}

/** Relations that a keyword search can have of its own; without one it is `contains`. */
const relations: readonly string[] = ['contains', 'startswith', 'endswith'];

function testOf(node: SourceScalar, { field, modifiers, context }: ValueContext): Test {
  // A regular expression may look like a number; keywords are searched in the text of every value.
  const asText = node.value !== null && (field === null || modifiers.includes('re'));
  const draft = draftOf(asText ? node.text : node.value, node.text);
  const test = applyModifiers(draft, modifiers, context.placeholders);
  if (field !== null) return test;
  if (node.text === '') throw new ValueProblem('value_invalid', 'an empty keyword is in every event');
  if (test.kind === 'regex' || test.kind === 'cidr') return test;
  if (test.kind !== 'text')
    throw new ValueProblem(
      'modifier_combination',
      `a keyword has no field to which ${test.kind} could apply`,
    );
  if (modifiers.some((modifier) => relations.includes(modifier))) return test;
  return { ...test, patterns: test.patterns.map((pattern) => withRelation(pattern, 'contains')) };
}
