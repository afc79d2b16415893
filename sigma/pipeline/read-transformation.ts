import { RE2JS } from 're2js';
import { readSearch } from '../language/detection.ts';
import { plainOf, type SourceNode } from '../language/source.ts';
import { textsOf, type Parameters } from './parameters.ts';
import type {
  FieldMapping,
  PipelineItem,
  PlaceholderChoice,
  PlaceholderFile,
  ReplacementPart,
  Transformation,
} from './pipeline.ts';
import { readLogSourceOf } from './read-logsource.ts';
import { readReplacement } from './replacement.ts';

/** Reads the items of a pipeline inside a pipeline. */
export type ReadItems = (node: SourceNode | undefined) => readonly PipelineItem[];

type Read = (parameters: Parameters, readItems: ReadItems) => Transformation;

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['field_name_mapping', (given) => ({ type: 'field_name_mapping', mapping: fieldMapping(given, true) })],
  [
    'field_name_prefix_mapping',
    (given) => ({ type: 'field_name_prefix_mapping', mapping: fieldMapping(given, false) }),
  ],
  ['field_name_prefix', (given) => ({ type: 'field_name_prefix', prefix: given.text('prefix') })],
  ['field_name_suffix', (given) => ({ type: 'field_name_suffix', suffix: given.text('suffix') })],
  ['add_field', (given) => ({ type: 'add_field', fields: given.texts('field') })],
  ['remove_field', (given) => ({ type: 'remove_field', fields: given.texts('field') })],
  ['set_field', (given) => ({ type: 'set_field', fields: given.texts('fields') })],
  ['drop_detection_item', () => ({ type: 'drop_detection_item' })],
  ['hashes_fields', readHashes],
  ['add_condition', readAddCondition],
  ['change_logsource', (given) => ({ type: 'change_logsource', logsource: readLogSourceOf(given) })],
  ['value_placeholders', (given) => ({ type: 'value_placeholders', ...readChoice(given) })],
  ['wildcard_placeholders', (given) => ({ type: 'wildcard_placeholders', ...readChoice(given) })],
  ['file_placeholders', (given) => ({ type: 'file_placeholders', ...readFile(given), ...readChoice(given) })],
  ['replace_string', readReplace],
  ['map_string', (given) => ({ type: 'map_string', mapping: textMapping(given) })],
  ['set_value', (given) => ({ type: 'set_value', value: readValue(given) })],
  [
    'convert_type',
    (given) => ({ type: 'convert_type', target: given.choice('target_type', ['str', 'num']) }),
  ],
  [
    'case',
    (given) => ({ type: 'case', method: given.choice('method', ['lower', 'upper', 'snake_case'], 'lower') }),
  ],
  ['set_state', (given) => ({ type: 'set_state', key: given.text('key'), value: given.plain('val') })],
  ['rule_failure', (given) => ({ type: 'rule_failure', message: given.text('message') })],
  ['detection_item_failure', (given) => ({ type: 'detection_item_failure', message: given.text('message') })],
  ['strict_field_mapping_failure', () => ({ type: 'strict_field_mapping_failure' })],
  [
    'set_custom_attribute',
    (given) => ({
      type: 'set_custom_attribute',
      attribute: given.text('attribute'),
      value: given.plain('value'),
    }),
  ],
  ['nest', (given, readItems) => ({ type: 'nest', items: readItems(given.required('items')) })],
]);

export const transformationNames: readonly string[] = [...readers.keys()];

/** Transformations of pySigma that make queries, or reach outside, and what to do instead. */
export const queryTransformations: ReadonlyMap<string, string> = new Map([
  ['query_expression_placeholders', 'use value_placeholders'],
  ['http_placeholders', 'use file_placeholders'],
  ['command_placeholders', 'use file_placeholders'],
  ['field_function', 'it is made of Python code'],
  ['regex', 'texts are compared without case anyway'],
  ['extract_fields', 'write the fields in the rule'],
]);

/** The transformation of a known type. */
export function readTransformation(
  type: string,
  given: Parameters,
  readItems: ReadItems,
): Transformation | undefined {
  return readers.get(type)?.(given, readItems);
}

/** Only a quoted name could be meant for a field, and no field is called so. */
const keywordNames: readonly string[] = ['', '~', 'null'];

function fieldMapping(given: Parameters, keywords: boolean): FieldMapping {
  const mapping = new Map<string | null, readonly string[]>();
  for (const [name, { texts, node }] of textsByKey(given)) {
    const keyword = keywordNames.includes(name);
    if (keyword && !keywords) given.refuse(node, 'keywords have no field, so no prefix');
    mapping.set(keyword ? null : name, texts);
  }
  return mapping;
}

function textMapping(given: Parameters): ReadonlyMap<string, readonly string[]> {
  return new Map([...textsByKey(given)].map(([key, { texts }]) => [key, texts]));
}

function textsByKey(
  given: Parameters,
): ReadonlyMap<string, { readonly texts: readonly string[]; readonly node: SourceNode }> {
  const entries = (given.map('mapping')?.entries ?? []).flatMap(({ key, value: node }) => {
    const texts = textsOf(node) ?? [];
    if (texts.length === 0) given.refuse(node, `mapping: ${key}: a text or a list of texts`);
    return texts.length === 0 ? [] : [[key, { texts, node }] as const];
  });
  return new Map(entries);
}

function readChoice(given: Parameters): PlaceholderChoice {
  const include = given.optionalTexts('include');
  const exclude = given.optionalTexts('exclude');
  if (include !== undefined && exclude !== undefined)
    given.refuse(given.node, 'include and exclude do not go together');
  return { ...(include === undefined ? {} : { include }), ...(exclude === undefined ? {} : { exclude }) };
}

function readFile(given: Parameters): PlaceholderFile {
  const format = given.choice('format', ['plaintext', 'csv'], 'plaintext');
  const filter = given.optionalRegex('filter');
  const header = given.flag('csv_has_header', true);
  const node = given.any('csv_column');
  const value = node?.kind === 'scalar' ? node.value : undefined;
  const column = typeof value === 'string' || typeof value === 'number' ? value : undefined;
  const byNumber = typeof column === 'number' && Number.isInteger(column) && column >= 0;
  if (format === 'csv' && !byNumber && !(typeof column === 'string' && header))
    given.refuse(node ?? given.node, 'csv_column: the name of a column of the header, or a number from 0');
  return {
    path: given.text('path'),
    format,
    header,
    ...(filter === undefined ? {} : { filter }),
    ...(column === undefined ? {} : { column }),
  };
}

function readHashes(given: Parameters): Transformation {
  return {
    type: 'hashes_fields',
    algorithms: given.texts('valid_hash_algos'),
    prefix: given.optionalText('field_prefix') ?? '',
    dropAlgorithm: given.flag('drop_algo_prefix'),
    fields: given.optionalTexts('field_to_parse') ?? ['Hashes', 'Hash'],
  };
}

function readAddCondition(given: Parameters): Transformation {
  const conditions = given.map('conditions');
  const name = given.optionalText('name') ?? '_cond';
  if (conditions !== undefined) readSearch(conditions, { problems: given.problems, placeholders: {} });
  // Whatever else it holds, a name must stay one word of the condition.
  if (!/^\w+$/.test(name)) given.refuse(given.any('name') ?? given.node, 'name: letters, digits and _');
  return {
    type: 'add_condition',
    conditions: conditions ?? given.node,
    name,
    template: given.flag('template'),
    negated: given.flag('negated'),
  };
}

function readReplace(given: Parameters): Transformation {
  const regex = given.regex('regex');
  const text = given.text('replacement');
  const node = given.any('replacement') ?? given.node;
  let replacement: readonly ReplacementPart[] = [];
  try {
    replacement = readReplacement(text, RE2JS.compile(regex));
  } catch (error) {
    // Where the regular expression was refused, its groups are not known.
    if (regex !== '') given.refuse(node, `replacement: ${error instanceof Error ? error.message : text}`);
  }
  return {
    type: 'replace_string',
    regex,
    replacement,
    skipSpecial: given.flag('skip_special'),
    interpretSpecial: given.flag('interpret_special'),
  };
}

function readValue(given: Parameters): string | number | boolean | null {
  const node = given.required('value');
  const force = given.any('force_type');
  const type = given.choice('force_type', ['str', 'num'], 'str');
  const plain = node === undefined ? null : plainOf(node);
  if (node?.kind !== 'scalar' || (plain !== null && typeof plain === 'object')) {
    if (node !== undefined) given.refuse(node, 'value: a text, a number, true, false or null');
    return null;
  }
  if (force === undefined) return plain;
  if (typeof plain !== 'string' && typeof plain !== 'number') {
    given.refuse(node, 'force_type needs a text or a number');
    return null;
  }
  if (type === 'str') return node.text;
  const number = numberOf(node.text);
  if (number === undefined) given.refuse(node, 'value: not a number');
  return number ?? null;
}

/** The number that a text is, in decimal. */
export function numberOf(text: string): number | undefined {
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
