import { lintMetadata } from './lint-metadata.ts';
import type { Problems } from './problems.ts';
import { levels, type Level, type Metadata, type PlainObject } from './rule.ts';
import { clip, entryOf, plainOf, type SourceMap, type SourceNode } from './source.ts';

/** Keys that Sigma defines for every document. */
const commonKeys: readonly string[] = [
  'title', 'id', 'name', 'related', 'taxonomy', 'status', 'description', 'license', 'author', 'references', 'date',
  'modified', 'fields', 'falsepositives', 'level', 'tags', 'scope',
]; // prettier-ignore

/** Keys that Sigma defines for each kind of document. */
const keysOf = {
  rule: [...commonKeys, 'logsource', 'detection'],
  correlation: [...commonKeys, 'correlation', 'generate'],
  filter: [...commonKeys, 'logsource', 'filter'],
} as const;

export type DocumentKind = keyof typeof keysOf;

/** Keys of a document that are ours or in use by others; none of them is a slip of the pen. */
const knownCustomKeys: readonly string[] = ['canh', 'regression_tests_path', 'simulation', 'enrichment'];

const optionalTexts = ['name', 'status', 'description', 'author', 'license', 'date', 'modified'] as const;

/** Reads everything that a document says of itself: nothing here decides what fires. */
export function readMetadata(
  map: SourceMap,
  kind: DocumentKind,
  problems: Problems,
): Omit<Metadata, 'file' | 'line'> {
  const title = textAt(map, 'title', problems);
  if (title === undefined) problems.add('title_missing', map.offset);
  checkTaxonomy(map, problems);
  lintMetadata(map, problems);
  const id = readId(map, problems);
  const texts: Record<string, string> = {};
  for (const key of optionalTexts) {
    const value = textAt(map, key, problems);
    if (value !== undefined) texts[key] = value;
  }
  return {
    ...(id === undefined ? {} : { id }),
    ...texts,
    title: title ?? '',
    level: readLevel(map, kind, problems),
    references: textsAt(map, 'references', problems),
    falsepositives: textsAt(map, 'falsepositives', problems),
    tags: textsAt(map, 'tags', problems),
    fields: textsAt(map, 'fields', problems),
    custom: readCustom(map, keysOf[kind], problems),
  };
}

/** What to call a rule in a message. */
export function ruleLabel(map: SourceMap): string | undefined {
  for (const key of ['id', 'title']) {
    const node = entryOf(map, key)?.value;
    if (node?.kind === 'scalar' && node.text !== '') return clip(node.text);
  }
  return undefined;
}

function readId(map: SourceMap, problems: Problems): string | undefined {
  const id = textAt(map, 'id', problems)?.toLowerCase();
  if (id !== undefined && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    problems.add('id_invalid', offsetAt(map, 'id'), { detail: clip(id) });
  return id;
}

function readLevel(map: SourceMap, kind: DocumentKind, problems: Problems): Level {
  const written = entryOf(map, 'level')?.value;
  if (written === undefined) {
    // A filter raises no alert.
    if (kind !== 'filter') problems.add('level_missing', map.offset);
    return 'medium';
  }
  const text = written.kind === 'scalar' ? written.text : '';
  const level = levels.find((known) => known === text.toLowerCase());
  if (level === undefined)
    problems.add('level_invalid', written.offset, {
      detail: clip(text),
      suggestion: problems.nearest(text, levels),
    });
  else if (level !== text) problems.add('level_case', written.offset, { suggestion: level });
  return level ?? 'medium';
}

function checkTaxonomy(map: SourceMap, problems: Problems): void {
  const node = entryOf(map, 'taxonomy')?.value;
  if (node === undefined || (node.kind === 'scalar' && node.value === 'sigma')) return;
  problems.add('taxonomy_foreign', node.offset, node.kind === 'scalar' ? { detail: clip(node.text) } : {});
}

function readCustom(map: SourceMap, keys: readonly string[], problems: Problems): PlainObject {
  const custom: [string, ReturnType<typeof plainOf>][] = [];
  for (const { key, offset, value } of map.entries) {
    if (keys.includes(key)) continue;
    const suggestion = knownCustomKeys.includes(key) ? undefined : problems.nearest(key, keys);
    if (suggestion !== undefined && entryOf(map, suggestion) === undefined)
      problems.add('key_misspelt', offset, { detail: clip(key), suggestion });
    custom.push([key, plainOf(value)]);
  }
  return Object.fromEntries(custom);
}

function textAt(map: SourceMap, key: string, problems: Problems): string | undefined {
  const node = entryOf(map, key)?.value;
  if (node === undefined) return undefined;
  // A list of authors is common enough to be read.
  if (node.kind === 'list' && node.items.every((item) => item.kind === 'scalar'))
    return node.items.map((item) => (item.kind === 'scalar' ? item.text : '')).join(', ');
  if (node.kind === 'scalar') return node.value === null || node.text === '' ? undefined : node.text;
  problems.add('metadata_invalid', node.offset, { detail: key });
  return undefined;
}

function textsAt(map: SourceMap, key: string, problems: Problems): readonly string[] {
  const node = entryOf(map, key)?.value;
  if (node === undefined) return [];
  const items: readonly SourceNode[] = node.kind === 'list' ? node.items : [node];
  const scalars = items.filter((item) => item.kind === 'scalar');
  if (scalars.length < items.length) problems.add('metadata_invalid', node.offset, { detail: key });
  return scalars.filter((item) => item.value !== null).map((item) => item.text);
}

function offsetAt(map: SourceMap, key: string): number {
  return entryOf(map, key)?.value.offset ?? map.offset;
}
