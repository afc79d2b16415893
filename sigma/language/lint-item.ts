import { fold } from './fold.ts';
import type { Problems } from './problems.ts';
import { clip, type SourceScalar } from './source.ts';

/** A detection item as written. */
export interface WrittenItem {
  /** Empty for keywords. */
  readonly field: string;
  readonly modifiers: readonly string[];
  readonly values: readonly SourceScalar[];
  /** Of the item's key. */
  readonly offset: number;
}

/** Modifiers behind which a value is no text with wildcards. */
const verbatim: ReadonlySet<string> = new Set(['re', 'cidr', 'exists', 'fieldref', 'base64', 'base64offset']);
/** Modifiers behind which capitals make another value. */
const encodings: ReadonlySet<string> = new Set([
  'cased', 're', 'base64', 'base64offset', 'wide', 'utf16', 'utf16le', 'utf16be',
]); // prettier-ignore
const relations: ReadonlySet<string> = new Set(['contains', 'startswith', 'endswith']);

/** Warns of what is allowed in an item but seldom meant, or easier to read in another way. */
export function lintItem(item: WrittenItem, problems: Problems): void {
  const { field, modifiers, values, offset } = item;
  if (field !== field.trim())
    problems.add('field_spaces', offset, { detail: clip(field), suggestion: field.trim() });
  if (values.length === 1 && modifiers.includes('all'))
    problems.add('all_single', offset, { detail: clip([field, ...modifiers].join('|')) });
  warnOfDuplicates(item, problems);
  const texts = values.filter(({ value }) => typeof value === 'string');
  for (const { text, offset: at } of texts)
    if (hasControls(text)) problems.add('value_control', at, { detail: clip(JSON.stringify(text)) });
  if (modifiers.some((name) => verbatim.has(name))) return;
  for (const value of texts) lintText(value, item, problems);
  warnOfRelation(item, problems);
}

/** Values that all say with wildcards what one modifier says. */
function warnOfRelation({ field, modifiers, values, offset }: WrittenItem, problems: Problems): void {
  if (field === '' || modifiers.some((name) => name !== 'all')) return;
  const found = new Set(values.map(({ text }) => relationOf(text)));
  const [relation] = found;
  if (found.size === 1 && relation !== undefined)
    problems.add('wildcard_relation', offset, {
      detail: clip(field),
      suggestion: clip([field, relation, ...modifiers].join('|')),
    });
}

function warnOfDuplicates({ modifiers, values }: WrittenItem, problems: Problems): void {
  if (values.length < 2) return;
  const cased = modifiers.some((name) => encodings.has(name));
  const seen = new Set<string>();
  for (const { value, text, offset } of values) {
    const key = `${typeof value}${cased ? text : fold(text)}`;
    if (seen.has(key)) problems.add('value_duplicate', offset, { detail: clip(text) });
    seen.add(key);
  }
}

function hasControls(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 && code !== 10 && code !== 13) return true;
  }
  return false;
}

/** `\temp\*`: a path whose last backslash was meant as one. */
const escapedInPath = /(?<!\\)\\[^\\*?/"'|\s]{1,64}\\[*?]/;

function lintText({ text, offset }: SourceScalar, item: WrittenItem, problems: Problems): void {
  if (escapedInPath.test(text))
    problems.add('escape_doubtful', offset, {
      detail: clip(text),
      suggestion: clip(text.replaceAll(/(?<!\\)\\(?=[*?])/g, String.raw`\\`)),
    });
  const { modifiers } = item;
  if (!text.includes('*')) return lintAddress(text, { offset, item, problems });
  const detail = clip(text);
  const relation = modifiers.find((name) => relations.has(name));
  if (/(?<!\\)\*\*/.test(text)) problems.add('wildcard_double', offset, { detail });
  else if (relation !== undefined) {
    const outer =
      (relation !== 'startswith' && text.startsWith('*')) ||
      (relation !== 'endswith' && /[^\\]\*$/.test(text));
    if (outer && text !== '*') problems.add('wildcard_redundant', offset, { detail });
  }
  lintAddress(text, { offset, item, problems });
}

/** The modifier that says what wildcards at the ends do; undefined where there are others too. */
function relationOf(text: string): string | undefined {
  const [, before = '', inner = '', after = ''] = /^(\*?)([^*?]+)(\*?)$/.exec(text) ?? [];
  // A backslash in front may take the meaning from the last one.
  if (inner === '' || inner.endsWith('\\')) return undefined;
  if (before !== '' && after !== '') return 'contains';
  return before === '' ? (after === '' ? undefined : 'startswith') : 'endswith';
}

/** Names of fields that hold addresses, as far as names tell. */
const addressField =
  /[Aa]ddr|(?:^|[._-])ip(?:$|[._-])|(?:src|dst|client|remote|source|destination)_?ip|I[Pp](?:[A-Z_]|$)/;

interface LintedText {
  readonly offset: number;
  readonly item: WrittenItem;
  readonly problems: Problems;
}

/** `10.*`, or `10.` with startswith, is a network. */
function lintAddress(text: string, { offset, item, problems }: LintedText): void {
  const { field, modifiers } = item;
  const open = modifiers.length === 0 ? /^((?:\d{1,3}\.){1,3})\*$/ : /^((?:\d{1,3}\.){1,3})$/;
  if (
    !addressField.test(field) ||
    modifiers.length > 1 ||
    (modifiers.length === 1 && modifiers[0] !== 'startswith')
  )
    return;
  const parts = (open.exec(text)?.[1] ?? '').split('.').filter((part) => part !== '');
  if (parts.length === 0 || parts.some((part) => Number(part) > 255)) return;
  const network = `${[...parts, '0', '0', '0'].slice(0, 4).join('.')}/${parts.length * 8}`;
  problems.add('network_text', offset, { detail: clip(text), suggestion: `${clip(field)}|cidr: ${network}` });
}
