import { withRelation } from '../language/modifiers.ts';
import type { Correlation, CorrelationCondition, Item, Test, Value } from '../language/rule.ts';
import { fieldAllows, itemAllows } from './conditions.ts';
import type { PipelineItem, Transformation } from './pipeline.ts';
import type { Run } from './run.ts';
import {
  alternatives,
  changeItems,
  mark,
  PipelineFailure,
  withValues,
  type WorkCorrelation,
  type WorkItem,
  type WorkNode,
  type WorkRule,
} from './work.ts';

type Renaming = Extract<
  Transformation,
  {
    readonly type:
      'field_name_mapping' | 'field_name_prefix_mapping' | 'field_name_prefix' | 'field_name_suffix';
  }
>;

/** What a field name becomes; undefined: what it is. */
type Rename = (name: string | null) => readonly string[] | undefined;

interface Step {
  readonly item: PipelineItem;
  readonly rename: Rename;
  readonly run: Run;
}

/** Renames the fields of detection items, those that values refer to, and those listed under `fields`. */
export function renameInRule(
  work: WorkRule,
  transformation: Renaming,
  { item, run }: Omit<Step, 'rename'>,
): void {
  const step: Step = { item, run, rename: renameOf(transformation) };
  work.fields = work.fields.flatMap((name) => renamedName(name, step));
  changeItems(work, (one) => (itemAllows(item, one, run) ? renamedItem(one, step) : one));
}

function renameOf(transformation: Renaming): Rename {
  switch (transformation.type) {
    case 'field_name_mapping':
      return (name) => transformation.mapping.get(name);
    case 'field_name_prefix_mapping':
      return (name) => {
        if (name === null) return undefined;
        for (const [prefix, targets] of transformation.mapping)
          if (prefix !== null && name.startsWith(prefix))
            return targets.map((target) => target + name.slice(prefix.length));
        return undefined;
      };
    case 'field_name_prefix':
      return (name) => (name === null ? undefined : [transformation.prefix + name]);
    case 'field_name_suffix':
      return (name) => (name === null ? undefined : [name + transformation.suffix]);
  }
}

/** A name that stands outside detection items. */
function renamedName(name: string, { item, rename, run }: Step): readonly string[] {
  const names = rename(name);
  if (names === undefined || !fieldAllows(item, name, { run, applied: run.appliedTo(name) })) return [name];
  run.renamed(name, names, item.id);
  return names;
}

function renamedItem(work: WorkItem, step: Step): WorkNode {
  const { item: pipelineItem, rename, run } = step;
  const item = withReferences(work.item, step);
  const names = rename(item.field);
  if (names === undefined || !fieldAllows(pipelineItem, item.field, { run, applied: work.applied }))
    return item === work.item ? work : mark(work, item, pipelineItem.id);
  for (const name of [...names, ...(item.field === null ? [] : [item.field])]) run.mappedFields.add(name);
  const source = item.field === null ? fieldless(item) : item;
  return alternatives(
    names.map((field) => mark(work, { ...source, field }, pipelineItem.id)),
    item.negated,
  );
}

/** The item with the fields that its values name (`fieldref`) renamed. */
function withReferences(item: Item, step: Step): Item {
  let changed = false;
  const values = item.values.flatMap((value): readonly Value[] => {
    const { test } = value;
    if (test.kind !== 'field') return [value];
    const names = renamedName(test.name, step);
    if (names.length === 1 && names[0] === test.name) return [value];
    changed = true;
    return names.map((name) => ({ text: name, test: { ...test, name } }));
  });
  return changed ? { ...item, values } : item;
}

/** A keyword search on its way to a field: the keyword may stand anywhere in it, as it could anywhere in the event. */
function fieldless(item: Item): Item {
  if (item.values.some(({ test }) => test.kind !== 'text')) return item;
  const tests = item.values.map(({ test }): Test =>
    test.kind === 'text'
      ? { ...test, patterns: test.patterns.map((pattern) => withRelation(pattern, 'contains')) }
      : test,
  );
  return withValues(item, tests);
}

/**
 * Renames what a correlation groups by, its aliases' fields, and the fields it counts or calculates with.
 *
 * @throws PipelineFailure where an alias or a condition would have several fields.
 */
export function renameInCorrelation(
  work: WorkCorrelation,
  transformation: Renaming,
  { item, run }: Omit<Step, 'rename'>,
): void {
  const step: Step = { item, run, rename: renameOf(transformation) };
  const { correlation } = work;
  const aliases = new Map(
    [...correlation.aliases].map(([alias, fields]) => [
      alias,
      new Map([...fields].map(([reference, field]) => [reference, one(field, step)] as const)),
    ]),
  );
  work.fields = work.fields.flatMap((name) => renamedName(name, step));
  work.correlation = {
    ...correlation,
    aliases,
    groupBy: correlation.groupBy.flatMap((name) => (aliases.has(name) ? [name] : renamedName(name, step))),
    condition: renamedCondition(correlation, step),
  };
}

function renamedCondition({ condition, aliases }: Correlation, step: Step): CorrelationCondition {
  if (condition.kind === 'expression') return condition;
  return {
    ...condition,
    fields: condition.fields.map((name) => (aliases.has(name) ? name : one(name, step))),
  };
}

function one(name: string, step: Step): string {
  const [first, ...others] = renamedName(name, step);
  if (first === undefined || others.length > 0)
    throw new PipelineFailure('pipeline_several_fields', `${name}: ${[first, ...others].join(', ')}`);
  return first;
}
