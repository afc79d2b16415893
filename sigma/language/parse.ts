import { identifiersOf, parseCondition } from './condition.ts';
import { readSearch, type DetectionContext } from './detection.ts';
import { readMetadata, ruleLabel } from './metadata.ts';
import type { Placeholders } from './modifiers.ts';
import type { Problem, Problems } from './problems.ts';
import { containsSource } from './logsource.ts';
import type { Condition, Detection, LogSource, PlainObject, Rule, Search } from './rule.ts';
import { clip, entryOf, plainOf, readDocuments, type SourceMap, type SourceNode } from './source.ts';
import { nearest } from './suggest.ts';

export interface ParseOptions {
  /** Name of the text in problems and rules. */
  readonly file: string;
  /** Values for `%name%` under the modifier `expand`; a rule with others is refused. */
  readonly placeholders?: Placeholders;
  /** Every logsource that events can have; a rule for none of them is refused. Left out: all are taken. */
  readonly logsources?: readonly LogSource[];
}

export interface ParseResult {
  /** The rules that can run. */
  readonly rules: readonly Rule[];
  /** Everything that is wrong, also with rules that run. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the Sigma rules of a YAML text, which may hold several documents. A document with an error gives no rule; the
 * others are not touched by it. Never throws on any text.
 */
export function parseRules(text: string, options: ParseOptions): ParseResult {
  const rules: Rule[] = [];
  const found: Problem[] = [];
  let inCollection = false;
  for (const { root, problems } of readDocuments(text, options.file)) {
    inCollection ||= root?.kind === 'map' && entryOf(root, 'action') !== undefined;
    // The documents behind an `action` are parts of rules.
    if (inCollection && root !== undefined) problems.add('action_not_run', root.offset);
    const rule = root === undefined || inCollection ? undefined : readRule(root, problems, options);
    if (rule !== undefined && !problems.refused) rules.push(rule);
    found.push(...problems.of(root?.kind === 'map' ? ruleLabel(root) : undefined));
  }
  return { rules, problems: found };
}

/** Kinds of document that are recognised and left out, by the key that tells them. */
const otherKinds = [
  ['correlation', 'correlation_not_run'],
  ['filter', 'filter_not_run'],
] as const;

function readRule(root: SourceNode, problems: Problems, options: ParseOptions): Rule | undefined {
  if (root.kind !== 'map') {
    problems.add('document_not_map', root.offset);
    return undefined;
  }
  for (const [key, code] of otherKinds) {
    const entry = entryOf(root, key);
    if (entry === undefined) continue;
    problems.add(code, entry.offset);
    return undefined;
  }
  const metadata = readMetadata(root, problems);
  const logsource = readLogSource(root, problems, options.logsources);
  const detection = readDetection(root, { problems, placeholders: options.placeholders ?? {} });
  if (detection === undefined || logsource === undefined) return undefined;
  const line = problems.lineOf(root.offset);
  const key = metadata.id ?? metadata.name ?? `${options.file}:${line}`;
  return { ...metadata, key, logsource, detection, file: options.file, line };
}

const sourceKeys = ['product', 'category', 'service'] as const;

function readLogSource(
  root: SourceMap,
  problems: Problems,
  known: readonly LogSource[] | undefined,
): LogSource | undefined {
  const node = entryOf(root, 'logsource')?.value;
  if (node === undefined) {
    problems.add('logsource_missing', root.offset);
    return undefined;
  }
  if (node.kind !== 'map') {
    problems.add('logsource_invalid', node.offset);
    return undefined;
  }
  const source: { -readonly [Key in keyof LogSource]: string } = {};
  for (const { key, offset, value } of node.entries) {
    const name = sourceKeys.find((candidate) => candidate === key);
    if (name === undefined) {
      if (key !== 'definition')
        problems.add('logsource_key', offset, {
          detail: clip(key),
          suggestion: nearest(key, [...sourceKeys, 'definition']),
        });
    } else if (value.kind !== 'scalar') problems.add('logsource_invalid', value.offset, { detail: key });
    else if (value.value !== null && value.text !== '') source[name] = value.text.toLowerCase();
  }
  if (Object.keys(source).length === 0) problems.add('logsource_empty', node.offset);
  else if (known !== undefined && !known.some((one) => containsSource(source, one)))
    problems.add('logsource_unknown', node.offset, {
      detail: clip(sourceKeys.map((key) => source[key] ?? '').join('/')),
    });
  return source;
}

function readDetection(root: SourceMap, context: DetectionContext): Detection | undefined {
  const { problems } = context;
  const node = entryOf(root, 'detection')?.value;
  if (node?.kind !== 'map') {
    if (node === undefined) problems.add('detection_missing', root.offset);
    else problems.add('detection_invalid', node.offset);
    return undefined;
  }
  const searches = new Map<string, Search>();
  const names: string[] = [];
  for (const { key, offset, value } of node.entries) {
    if (key === 'condition') continue;
    if (key === 'timeframe' && value.kind === 'scalar') {
      problems.add('aggregation_not_run', offset, { detail: 'timeframe' });
      continue;
    }
    names.push(key);
    const search = readSearch(value, context);
    if (search !== undefined) searches.set(key, search);
  }
  const { conditions, condition } = readConditions(node, names, problems);
  if (condition === undefined || problems.refused) return undefined;
  const used = identifiersOf(condition);
  for (const { key, offset } of node.entries)
    if (searches.has(key) && !used.has(key)) problems.add('search_unused', offset, { detail: clip(key) });
  return { raw: plainMapOf(node), conditions, condition, searches };
}

interface Conditions {
  readonly conditions: readonly string[];
  readonly condition: Condition | undefined;
}

function readConditions(detection: SourceMap, names: readonly string[], problems: Problems): Conditions {
  const none: Conditions = { conditions: [], condition: undefined };
  const entry = entryOf(detection, 'condition');
  if (entry === undefined) {
    problems.add('condition_missing', detection.offset);
    return none;
  }
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  const conditions: string[] = [];
  const parsed: Condition[] = [];
  for (const node of nodes) {
    // An identifier may look like a number.
    if (node.kind !== 'scalar' || node.value === null || node.text.trim() === '') {
      problems.add('condition_invalid', node.offset);
      continue;
    }
    const condition = parseCondition(node.text, names, (code, index, detail) =>
      problems.add(code, node.verbatim ? node.offset + index : node.offset, detail),
    );
    conditions.push(node.text);
    if (condition !== undefined) parsed.push(condition);
  }
  if (nodes.length === 0) problems.add('condition_invalid', entry.value.offset);
  const [only] = parsed;
  return { conditions, condition: parsed.length < 2 ? only : { kind: 'or', children: parsed } };
}

function plainMapOf(map: SourceMap): PlainObject {
  return Object.fromEntries(map.entries.map((entry) => [entry.key, plainOf(entry.value)]));
}
