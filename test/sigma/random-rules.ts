import fc from 'fast-check';
import type { Rule } from '../../sigma/index.ts';
import { parseRules } from './rule-text.ts';

/** Texts in which rules and events meet: short, alike, with everything that is special somewhere. */
const words = [
  'a', 'ab', 'aba', 'abab', 'abc', 'ABC', 'bc', 'x', '', '1', '10', '04', '0x10', '1.5', '1e2', 'true', 'null',
  'powershell', 'PowerShell.exe', '\\cmd.exe', 'C:\\Windows\\cmd.exe', '-enc', '/c whoami', 'a -b /c', '–x',
  'k', 'K', '\u212a', 'İ', 'i', 'ß', 'Σ', 'ς', 'đ', 'Đà Nẵng', '😀', '😁', '\ud83d', 'mimikatz::x',
  'line one\nline two', '\u0000', '10.1.2.3', '10.1.2.255', '::ffff:10.1.2.3', 'fe80::1', '192.168.0.1',
  '2026-11-23T10:30:00Z', '1790000000', 'key', 'sekurlsa::logon',
] as const; // prettier-ignore
const patterns = [
  ...words,
  'a*',
  '*a',
  '*a*',
  'a*b',
  'a?c',
  '?',
  '??',
  '*',
  '\\*',
  'a\\*b',
  '*\\?*',
  '*b*c*',
  '😀?',
];
const regexes = [
  'a+b',
  '^ab',
  'bc$',
  '(?i)ABC',
  'a|b',
  '[0-9]{2}',
  '\\.exe',
  '^$',
  'x.*y',
  '\\bcmd\\b',
  'K',
  '.',
];
export const fieldNames = ['a', 'b', 'A', 'c.d', 'n', '__proto__', 'constructor'] as const;

const word = fc.constantFrom(...words);
const pattern = fc.oneof(
  fc.constantFrom(...patterns),
  fc.tuple(word, word).map(([one, other]) => one + other),
);
const number = fc.constantFrom(0, 1, 4, 10, 16, -1, 1.5, 100, 4688);

/** Modifiers and the values that go with them; some combinations are refused when they are read, which is as well. */
const chains: readonly (readonly [string, fc.Arbitrary<unknown>])[] = [
  ['', fc.oneof(pattern, number, fc.boolean(), fc.constant(null))],
  ...['contains', 'startswith', 'endswith', 'cased', 'contains|cased', 'endswith|cased', 'startswith|cased',
    'contains|all', 'windash', 'contains|windash', 'contains|windash|all', 'endswith|windash', 'neq', 'contains|neq',
    'contains|all|neq'].map((chain) => [chain, pattern] as const),
  ...['base64', 'base64offset|contains', 'wide|base64offset|contains', 'utf16be|base64offset|contains',
    'utf16|base64|contains', 'wide|contains'].map((chain) => [chain, word] as const),
  ...['re', 're|i', 're|m', 're|s', 're|all', 're|neq', 're|i|startswith']
    .map((chain) => [chain, fc.constantFrom(...regexes)] as const),
  ['cidr', fc.constantFrom('10.1.2.0/24', '10.0.0.0/8', '0.0.0.0/0', '10.1.2.3', 'fe80::/10', '::/0', '::ffff:0:0/96')],
  ['exists', fc.boolean()],
  ...['lt', 'lte', 'gt', 'gte', 'gt|neq'].map((chain) => [chain, number] as const),
  ...['fieldref', 'fieldref|contains', 'fieldref|startswith', 'fieldref|endswith', 'fieldref|neq', 'fieldref|cased']
    .map((chain) => [chain, fc.constantFrom('a', 'b', 'n', 'c.d')] as const),
  ...['hour', 'minute', 'day', 'week', 'month', 'year', 'hour|gte', 'minute|lt']
    .map((chain) => [chain, fc.constantFrom(10, 30, 23, 48, 11, 2026)] as const),
]; // prettier-ignore

const item = fc.constantFrom(...chains).chain(([chain, value]) =>
  fc.tuple(
    fc.constantFrom(...fieldNames),
    fc.oneof({ weight: 2, arbitrary: value }, { weight: 1, arbitrary: fc.array(value, { minLength: 1, maxLength: 4 }) }),
  ).map(([field, values]) => [chain === '' ? field : `${field}|${chain}`, values] as const),
); // prettier-ignore
const map = fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => Object.fromEntries(items));
const keywords = fc.oneof(
  fc.array(pattern.filter((text) => text !== ''), { minLength: 1, maxLength: 4 }),
  fc.array(pattern.filter((text) => text !== ''), { minLength: 1, maxLength: 3 }).map((list) => ({ '|all': list })),
  fc.array(fc.constantFrom(...regexes), { minLength: 1, maxLength: 2 }).map((list) => ({ '|re': list })),
); // prettier-ignore
const search = fc.oneof(
  { weight: 6, arbitrary: map },
  { weight: 2, arbitrary: fc.array(map, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: keywords },
);
const condition = fc.constantFrom(
  's1', 'not s1', 's1 and s2', 's1 or s2', 's1 and not s2', 'not s1 or not s2', '1 of s*', 'all of s*',
  'not 1 of s*', 's1 and not 1 of s*', '(s1 or s2) and not s3', 's3 or (s1 and not (s2 or s3))', 'all of them',
); // prettier-ignore
const logsource = fc.constantFrom(
  '{product: windows}',
  '{product: windows, service: sysmon}',
  '{category: proxy}',
);

/** One rule, or none where the parser refuses what was drawn. */
export const randomRule: fc.Arbitrary<Rule | undefined> = fc
  .tuple(logsource, condition, search, search, search)
  .map(([source, text, s1, s2, s3]) => {
    const detection = JSON.stringify({ s1, s2, s3, condition: text });
    const { rules } = parseRules(
      `title: Random\nlevel: low\nlogsource: ${source}\ndetection: ${detection}\n`,
      { file: 'random.yml' },
    );
    return rules[0];
  });

/** The texts of a rule as it was read, for events to be made of. */
export function textsOf(rule: Rule): readonly string[] {
  return [...rule.detection.searches.values()].flatMap(function texts(each): readonly string[] {
    if (each.kind !== 'item') return each.children.flatMap(texts);
    return each.values.flatMap(({ text, test }) =>
      test.kind === 'text'
        ? test.patterns.map((parts) => parts.map((part) => (typeof part === 'string' ? part : 'z')).join(''))
        : [text],
    );
  });
}

/** What a text of a rule can become in an event. */
const mutations: readonly ((text: string) => unknown)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.toLowerCase(),
  (text) => `${text}x`,
  (text) => `x${text}`,
  (text) => `x${text}y`,
  (text) => text.slice(1),
  (text) => text.slice(0, -1),
  (text) => text.replaceAll('-', '/'),
  (text) => text.replaceAll('-', '–'),
  (text) => text.replaceAll('k', '\u212a'),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`x${text}`).toString('base64'),
  (text) => Buffer.from(`xy${text}`, 'utf16le').toString('base64'),
  (text) => (text.trim() === '' ? text : Number(text)),
  (text) => [text],
  (text) => ['x', [text, null]],
  (text) => ({ d: text }),
  (text) => `${'filler line, long enough to be remembered\n'.repeat(14)}${text}\r\nend`,
  (text) => `${text}\n${'filler line, long enough to be remembered\n'.repeat(14)}`,
  () => null,
  () => '',
  () => [],
  () => true,
  () => 10,
];

/** The fields of one event, made of the texts of rules. */
export function randomFields(texts: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  const value = fc
    .tuple(fc.constantFrom(...texts, ...words), fc.constantFrom(...mutations))
    .map(([text, mutate]) => mutate(text));
  return fc
    .array(fc.tuple(fc.constantFrom(...fieldNames, 'c', 'other'), value), { maxLength: 5 })
    .map((entries) => {
      const fields: Record<string, unknown> = {};
      // As JSON does: a key of its own, whatever it is called.
      for (const [name, each] of entries)
        Object.defineProperty(fields, name, {
          value: each,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      return fields;
    });
}
