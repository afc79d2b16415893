import { readCondition } from './correlation-condition.ts';
import type { AliasDraft, CorrelationDraft, Written } from './document.ts';
import { readMetadata } from './metadata.ts';
import type { Problems } from './problems.ts';
import { correlationTypes, type CorrelationType } from './rule.ts';
import { clip, entryOf, type SourceEntry, type SourceMap, type SourceNode } from './source.ts';
import { parseTimespan, timespanNear } from './timespan.ts';

/** Most rules that one correlation refers to, most fields in its groups, and most aliases. */
export const referencesMax = 256;
export const groupFieldsMax = 32;
export const aliasesMax = 32;

const correlationKeys: readonly string[] = [
  'type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate',
]; // prettier-ignore

/** Reads a correlation document; undefined where nothing of it can be used. Whether it may run is in the problems. */
export function readCorrelation(
  root: SourceMap,
  problems: Problems,
  file: string,
): CorrelationDraft | undefined {
  const metadata = readMetadata(root, 'correlation', problems);
  const node = entryOf(root, 'correlation')?.value;
  if (node?.kind !== 'map') {
    problems.add('correlation_invalid', node?.offset ?? root.offset);
    return undefined;
  }
  checkKeys(node, problems);
  const type = readType(node, problems);
  const groupBy = readGroupBy(node, problems);
  const aliases = readAliases(node, problems);
  const timespanMs = readTimespan(node, problems);
  const generate = readGenerate(root, node, problems);
  const scope = readScope(root, problems);
  const listed = readReferences(node, problems);
  if (type === undefined) return undefined;
  const condition = readCondition(node, { type, references: listed ?? [], problems });
  // An expression names its rules itself.
  const rules = listed ?? (condition?.kind === 'expression' ? condition.identifiers : []);
  if (rules.length === 0 && !problems.refused) problems.add('correlation_rules', node.offset);
  if (condition === undefined || timespanMs === undefined) return undefined;
  const line = problems.lineOf(root.offset);
  const key = metadata.id ?? metadata.name ?? `${file}:${line}`;
  return {
    ...metadata, key, type, rules, groupBy, aliases, timespanMs, condition, generate, scope, file, line,
  }; // prettier-ignore
}

function checkKeys(map: SourceMap, problems: Problems): void {
  for (const { key, offset } of map.entries)
    if (!correlationKeys.includes(key))
      problems.add('correlation_key', offset, {
        detail: clip(key),
        suggestion: problems.nearest(key, correlationKeys),
      });
}

function readType(map: SourceMap, problems: Problems): CorrelationType | undefined {
  const node = entryOf(map, 'type')?.value;
  const text = node?.kind === 'scalar' ? node.text : '';
  const type = correlationTypes.find((known) => known === text);
  if (type === undefined)
    problems.add('correlation_type', node?.offset ?? map.offset, {
      detail: text === '' ? correlationTypes.join(', ') : clip(text),
      suggestion: problems.nearest(text, correlationTypes),
    });
  return type;
}

/** A text, or the texts of a list, each with its place; undefined where it is something else or empty. */
export function readTexts(node: SourceNode, problems: Problems): readonly Written[] | undefined {
  const nodes = node.kind === 'list' ? node.items : [node];
  const texts: Written[] = [];
  for (const item of nodes) {
    if (item.kind !== 'scalar' || item.value === null || item.text.trim() === '') return undefined;
    texts.push({ text: item.text, ...problems.placeOf(item.offset) });
  }
  return texts;
}

function readReferences(map: SourceMap, problems: Problems): readonly Written[] | undefined {
  const node = entryOf(map, 'rules')?.value;
  if (node === undefined) return undefined;
  const references = readTexts(node, problems);
  if (references === undefined || references.length === 0) {
    problems.add('correlation_rules', node.offset);
    return [];
  }
  if (references.length <= referencesMax) return references;
  problems.add('correlation_rules', node.offset, { detail: `at most ${referencesMax}` });
  return [];
}

function readGroupBy(map: SourceMap, problems: Problems): readonly string[] {
  const node = entryOf(map, 'group-by')?.value;
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  const fields = readTexts(node, problems);
  if (fields === undefined) problems.add('correlation_group_by', node.offset);
  else if (fields.length > groupFieldsMax)
    problems.add('correlation_group_by', node.offset, { detail: `at most ${groupFieldsMax}` });
  return [...new Set(fields?.map(({ text }) => text))];
}

function readTimespan(map: SourceMap, problems: Problems): number | undefined {
  const node = entryOf(map, 'timespan')?.value;
  const text = node?.kind === 'scalar' ? node.text : '';
  const timespanMs = parseTimespan(text);
  if (timespanMs === undefined)
    problems.add('correlation_timespan', node?.offset ?? map.offset, {
      detail: text === '' ? 'timespan is missing' : clip(text),
      suggestion: timespanNear(text),
    });
  return timespanMs;
}

function readAliases(map: SourceMap, problems: Problems): readonly AliasDraft[] {
  const node = entryOf(map, 'aliases')?.value;
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  if (node.kind !== 'map' || node.entries.length > aliasesMax) {
    problems.add(
      'correlation_alias',
      node.offset,
      node.kind === 'map' ? { detail: `at most ${aliasesMax}` } : {},
    );
    return [];
  }
  return node.entries.map((entry) => readAlias(entry, problems));
}

function readAlias({ key, offset, value }: SourceEntry, problems: Problems): AliasDraft {
  const alias = { text: key, ...problems.placeOf(offset) };
  if (value.kind !== 'map' || value.entries.length === 0 || value.entries.length > referencesMax) {
    problems.add('correlation_alias', value.offset, { detail: clip(key) });
    return { alias, fields: [] };
  }
  const fields = value.entries.map((entry) => {
    const { value: field } = entry;
    if (field.kind !== 'scalar' || field.value === null || field.text === '')
      problems.add('correlation_alias', field.offset, { detail: clip(entry.key) });
    return {
      reference: { text: entry.key, ...problems.placeOf(entry.offset) },
      field: field.kind === 'scalar' ? field.text : '',
    };
  });
  return { alias, fields };
}

/** At the top, as the specification has it, or inside `correlation`, as pySigma does. */
function readGenerate(root: SourceMap, map: SourceMap, problems: Problems): boolean {
  const nodes = [entryOf(root, 'generate'), entryOf(map, 'generate')].flatMap((entry) =>
    entry === undefined ? [] : [entry.value],
  );
  const values = nodes.map((node) => (node.kind === 'scalar' ? node.value : undefined));
  const [value = false, other = value] = values;
  if (typeof value === 'boolean' && value === other) return value;
  const last = nodes.at(-1)?.offset ?? root.offset;
  problems.add('correlation_invalid', last, { detail: 'generate is true or false, and said once' });
  return false;
}

function readScope(root: SourceMap, problems: Problems): 'agency' | 'city' {
  const canh = entryOf(root, 'canh')?.value;
  const node = canh?.kind === 'map' ? entryOf(canh, 'scope')?.value : undefined;
  if (node === undefined) return 'agency';
  const text = node.kind === 'scalar' ? node.text : '';
  if (text === 'city' || text === 'agency') return text;
  problems.add('correlation_scope', node.offset, {
    detail: clip(text),
    suggestion: problems.nearest(text, ['agency', 'city']),
  });
  return 'agency';
}
