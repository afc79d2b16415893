import { placeholdersOf } from '../language/encoding.ts';
import { alternativesMax, type Placeholders } from '../language/modifiers.ts';
import { parsePattern, type Pattern } from '../language/pattern.ts';
import type { Item, Test } from '../language/rule.ts';
import { anything, filled, placeholderMark, placeholderNames } from './pattern-text.ts';
import type { Pipeline, PlaceholderFile, Transformation } from './pipeline.ts';
import type { Run, Shared } from './run.ts';
import { PipelineFailure, withValues } from './work.ts';

/** Most values taken of one file. */
const fileValuesMax = alternativesMax;

/**
 * The option `placeholders` of the parser for a text whose rules pipelines go over afterwards: placeholders that are not
 * given stay what they are, until a pipeline has values for them. What none has values for is refused then.
 */
export function keepPlaceholders(text: string, given: Placeholders = {}): Placeholders {
  const kept: Record<string, readonly (string | number)[]> = {};
  // Any percent sign may begin one: which ones do is known only when the text has been read.
  const names = [...text.matchAll(/%(?=([^%\\]+)%)/g)].flatMap(([, name]) => name ?? []);
  return Object.assign(kept, Object.fromEntries(names.map((name) => [name, [placeholderMark(name)]])), given);
}

/** The paths, as written, of the files whose texts a pipeline needs (`ApplyOptions.files`). */
export function placeholderFiles({ items }: Pick<Pipeline, 'items'>): readonly string[] {
  const paths = items.flatMap(({ transformation }) => {
    if (transformation.type === 'nest') return placeholderFiles(transformation);
    return transformation.type === 'file_placeholders' ? [transformation.path] : [];
  });
  return [...new Set(paths)];
}

export type PlaceholderTransformation = Extract<
  Transformation,
  { readonly type: 'value_placeholders' | 'wildcard_placeholders' | 'file_placeholders' }
>;

/**
 * The item with its placeholders filled in; undefined where there are none that the transformation is for.
 *
 * @throws PipelineFailure where a placeholder has no values, or too many.
 */
export function filledIn(item: Item, transformation: PlaceholderTransformation, run: Run): Item | undefined {
  const { include, exclude } = transformation;
  const chosen = (name: string): boolean =>
    (include === undefined || include.includes(name)) && (exclude === undefined || !exclude.includes(name));
  if (!item.values.some(({ test }) => unfilled(test).some(chosen))) return undefined;
  const valuesOf = (name: string): readonly Pattern[] | undefined => {
    if (!chosen(name)) return undefined;
    const values = valuesFor(name, transformation, run.shared);
    if (values.length === 0) throw new PipelineFailure('placeholder_unresolved', `%${name}%`, item.line);
    return values;
  };
  const tests = item.values.map(({ test }): Test => {
    if (test.kind !== 'text') return test;
    const patterns = test.patterns.flatMap((pattern) => {
      const all = filled(pattern, valuesOf, alternativesMax);
      if (all === undefined)
        throw new PipelineFailure('value_too_large', `over ${alternativesMax} texts`, item.line);
      return all;
    });
    return { ...test, patterns };
  });
  return withValues(item, tests);
}

function valuesFor(
  name: string,
  transformation: PlaceholderTransformation,
  shared: Shared,
): readonly Pattern[] {
  switch (transformation.type) {
    case 'wildcard_placeholders':
      return [anything];
    case 'value_placeholders':
      return (shared.vars.get(name) ?? []).map((value) => parsePattern(String(value)));
    case 'file_placeholders':
      return fileValues(transformation, shared).map(parsePattern);
  }
}

function fileValues(file: PlaceholderFile, shared: Shared): readonly string[] {
  const { files = {} } = shared.options;
  const text = Object.hasOwn(files, file.path) ? files[file.path] : undefined;
  if (text === undefined) throw new PipelineFailure('pipeline_value', `no text was given for ${file.path}`);
  const values = file.format === 'csv' ? columnOf(text, file) : linesOf(text);
  const regex = file.filter === undefined ? undefined : shared.regex(file.filter);
  const kept = regex === undefined ? values : values.filter((value) => regex.matcher(value).find());
  if (kept.length > fileValuesMax)
    throw new PipelineFailure('value_too_large', `${file.path}: over ${fileValuesMax} values`);
  return kept;
}

function linesOf(text: string): readonly string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function columnOf(text: string, { path, column, header }: PlaceholderFile): readonly string[] {
  const [first = [], ...rest] = rowsOf(text);
  const index = typeof column === 'number' ? column : first.indexOf(column ?? '');
  if (index < 0) throw new PipelineFailure('pipeline_value', `${path} has no column ${column}`);
  return (header ? rest : [first, ...rest]).flatMap((row) => row[index] ?? []);
}

/** Rows of CSV (RFC 4180): cells in double quotes may hold commas, line ends and doubled quotes. */
function rowsOf(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endRow = (): void => {
    if (row.length > 0 || cell !== '') rows.push([...row, cell]);
    row = [];
    cell = '';
  };
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text.charAt(index + 1) === '"') {
        cell += '"';
        index++;
      } else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === ',') {
      row.push(cell);
      cell = '';
    } else if (char === '\n') endRow();
    else if (char !== '\r') cell += char;
  }
  endRow();
  return rows;
}

/** Placeholders of a value that have no values yet. */
function unfilled(test: Test): readonly string[] {
  if (test.kind === 'text') return test.patterns.flatMap(placeholderNames);
  return test.kind === 'field' ? placeholderNames([test.name]) : [];
}

const encodings: readonly string[] = ['base64', 'base64offset', 'wide', 'utf16le', 'utf16be', 'utf16'];

/**
 * Refuses what is left without values when every pipeline is through.
 *
 * @throws PipelineFailure
 */
export function checkFilled({ modifiers, values, line }: Item, given: Placeholders = {}): void {
  const expanded = modifiers.indexOf('expand');
  const encoded = expanded >= 0 && modifiers.some((name, at) => at > expanded && encodings.includes(name));
  for (const { test, text } of values) {
    // Behind an encoding the mark of a placeholder can no longer be seen.
    const hidden = encoded ? placeholdersOf(parsePattern(text)) : [];
    const [name] = [...unfilled(test), ...hidden.filter((one) => !Object.hasOwn(given, one))];
    if (name !== undefined) throw new PipelineFailure('placeholder_unresolved', `%${name}%`, line);
  }
}
