import { readAggregation, splitAtPipe } from './aggregation.ts';
import { identifiersOf, parseCondition } from './condition.ts';
import { judgeCondition } from './contradiction.ts';
import { readSearch, type DetectionContext } from './detection.ts';
import { timeframeOf, type FoundAggregation } from './legacy.ts';
import { containsSource } from './logsource.ts';
import { readMetadata } from './metadata.ts';
import type { Placeholders } from './modifiers.ts';
import type { ProblemCode, ProblemDetail, Problems } from './problems.ts';
import type { Condition, Detection, LogSource, Rule, Search } from './rule.ts';
import { clip, entryOf, plainMapOf, type SourceMap } from './source.ts';

/** Most conditions in a list. */
export const conditionsMax = 64;

export interface ReadOptions {
  readonly file: string;
  readonly placeholders?: Placeholders;
  readonly logsources?: readonly LogSource[];
}

export interface ReadRule {
  readonly rule: Rule;
  /** What a condition of Sigma 1 says behind its pipe. */
  readonly found: FoundAggregation | undefined;
}

/** Reads a rule; undefined where nothing of it can be used. Whether it may run is in the problems. */
export function readRule(root: SourceMap, problems: Problems, options: ReadOptions): ReadRule | undefined {
  const metadata = readMetadata(root, 'rule', problems);
  const logsource = readLogSource(root, problems, options.logsources);
  const context = { problems, placeholders: options.placeholders ?? {} };
  const read = readDetection(root, context);
  if (read === undefined || logsource === undefined) return undefined;
  const { detection, found } = read;
  const timeframe = timeframeOf(root);
  if (timeframe !== undefined && found === undefined) problems.add('timeframe_alone', timeframe.offset);
  const line = problems.lineOf(root.offset);
  const key = metadata.id ?? metadata.name ?? `${options.file}:${line}`;
  return { rule: { ...metadata, key, logsource, detection, file: options.file, line }, found };
}

const sourceKeys = ['product', 'category', 'service'] as const;

/** Reads the logsource; where all that can come are known, it must contain one of them. */
export function readLogSource(
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
          suggestion: problems.nearest(key, [...sourceKeys, 'definition']),
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

function readDetection(root: SourceMap, context: DetectionContext): ReadSearches | undefined {
  const { problems } = context;
  const node = entryOf(root, 'detection')?.value;
  if (node?.kind === 'map') {
    const read = readSearches(node, context);
    if (read !== undefined) lintCondition(node, read.detection, problems);
    return read;
  }
  if (node === undefined) problems.add('detection_missing', root.offset);
  else problems.add('detection_invalid', node.offset);
  return undefined;
}

interface ReadSearches {
  readonly detection: Detection;
  readonly found: FoundAggregation | undefined;
}

/** Reads search identifiers and the condition over them. */
export function readSearches(node: SourceMap, context: DetectionContext): ReadSearches | undefined {
  const { problems } = context;
  const searches = new Map<string, Search>();
  const names: string[] = [];
  for (const { key, value } of node.entries) {
    if (key === 'condition' || (key === 'timeframe' && value.kind === 'scalar')) continue;
    names.push(key);
    const search = readSearch(value, context);
    if (search !== undefined) searches.set(key, search);
  }
  const { conditions, condition, found } = readConditions(node, names, problems);
  if (condition === undefined || problems.refused) return undefined;
  const used = new Set(identifiersOf(condition));
  if (found?.aggregation.kind === 'near')
    for (const name of identifiersOf(found.aggregation.expression)) used.add(name);
  for (const { key, offset } of node.entries)
    if (searches.has(key) && !used.has(key)) problems.add('search_unused', offset, { detail: clip(key) });
  return { detection: { raw: plainMapOf(node), conditions, condition, searches }, found };
}

function lintCondition(
  node: SourceMap,
  { condition, searches }: Pick<Detection, 'condition' | 'searches'>,
  problems: Problems,
): void {
  const offset = entryOf(node, 'condition')?.value.offset ?? node.offset;
  const verdict = judgeCondition(condition, searches);
  if (verdict === 'impossible') problems.add('condition_impossible', offset);
  else if (verdict === 'single') problems.add('condition_single', offset);
  else if (verdict === 'open') problems.add('condition_open', offset);
}

interface Conditions {
  readonly conditions: readonly string[];
  readonly condition: Condition | undefined;
  readonly found: FoundAggregation | undefined;
}

function readConditions(detection: SourceMap, names: readonly string[], problems: Problems): Conditions {
  const entry = entryOf(detection, 'condition');
  if (entry === undefined) {
    problems.add('condition_missing', detection.offset);
    return { conditions: [], condition: undefined, found: undefined };
  }
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  const conditions: string[] = [];
  const parsed: Condition[] = [];
  let found: FoundAggregation | undefined;
  if (nodes.length > conditionsMax)
    problems.add('condition_too_large', entry.value.offset, {
      detail: `at most ${conditionsMax} conditions`,
    });
  for (const node of nodes.slice(0, conditionsMax)) {
    // An identifier may look like a number.
    if (node.kind !== 'scalar' || node.value === null || node.text.trim() === '') {
      problems.add('condition_invalid', node.offset);
      continue;
    }
    const at = (index: number): number => (node.verbatim ? node.offset + index : node.offset);
    if (names.length === 1 && /\bof\s+them\b/.test(node.text))
      problems.add('them_single', node.offset, { suggestion: names[0] });
    const pipe = splitAtPipe(node.text);
    const text = pipe?.before ?? node.text;
    const report = (code: ProblemCode, index: number, detail?: ProblemDetail): void =>
      problems.add(code, at(index), detail);
    const condition = parseCondition(text, names, report, {
      nearest: (word, candidates) => problems.nearest(word, candidates),
    });
    conditions.push(text.trimEnd());
    if (condition !== undefined) parsed.push(condition);
    if (pipe === undefined) continue;
    if (nodes.length > 1)
      problems.add('aggregation_invalid', at(pipe.index - 1), { detail: 'in a list of conditions' });
    const place = { problems, at: (index: number) => at(pipe.index + index) };
    const aggregation = readAggregation(pipe.after, names, place);
    if (aggregation !== undefined) found = { aggregation, offset: at(pipe.index - 1) };
  }
  if (nodes.length === 0) problems.add('condition_invalid', entry.value.offset);
  const [only] = parsed;
  return { conditions, condition: parsed.length < 2 ? only : { kind: 'or', children: parsed }, found };
}
