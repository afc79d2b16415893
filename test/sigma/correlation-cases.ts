import type { ProblemCode } from '../../sigma/index.ts';
import { correlationText, namedRule, someRules, type ProblemCase } from './problem-case.ts';

type Body = Parameters<typeof correlationText>[0];

function bad(
  when: string,
  body: Body,
  code: ProblemCode,
  at: readonly [number, number],
  suggestion?: string,
): ProblemCase {
  return {
    when,
    text: correlationText(body) + someRules,
    code,
    at,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

const named = (name: string, body: Body): string => `---\n${correlationText(body, `name: ${name}\n`)}`;
const many = (count: number, what: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => what(n)).join(', ');

const shapes: readonly ProblemCase[] = [
  { when: 'the correlation is a list', text: 'title: C\nlevel: low\ncorrelation: [a]', code: 'correlation_invalid', at: [3, 14] },
  bad('a key is misspelt', { 'group-bye': '[f]' }, 'correlation_key', [8, 3], 'group-by'),
  bad('a key is of another tool', { window: 'tumbling' }, 'correlation_key', [8, 3]),
  bad('the type is missing', { type: undefined }, 'correlation_type', [4, 3]),
  bad('the type is misspelt', { type: 'event_cuont' }, 'correlation_type', [4, 9], 'event_count'),
  bad('the type is a list', { type: '[event_count]' }, 'correlation_type', [4, 9]),
  bad('rules are missing', { rules: undefined }, 'correlation_rules', [4, 3]),
  bad('rules are an empty list', { rules: '[]' }, 'correlation_rules', [5, 10]),
  bad('rules are a map', { rules: '{a: b}' }, 'correlation_rules', [5, 11]),
  bad('a rule is null', { rules: '[a, null]' }, 'correlation_rules', [5, 10]),
  bad('there are too many rules', { rules: `[${many(257, (n) => `r${n}`)}]` }, 'correlation_rules', [5, 10]),
  bad('group-by is an empty text', { 'group-by': "''" }, 'correlation_group_by', [8, 14]),
  bad('group-by holds a map', { 'group-by': '[f, {a: b}]' }, 'correlation_group_by', [8, 13]),
  bad('group-by has too many fields', { 'group-by': `[${many(33, (n) => `f${n}`)}]` }, 'correlation_group_by', [8, 13]),
  bad('the timespan is missing', { timespan: undefined }, 'correlation_timespan', [4, 3]),
  bad('the timespan has no unit', { timespan: '300' }, 'correlation_timespan', [6, 13]),
  bad('the timespan is zero', { timespan: '0m' }, 'correlation_timespan', [6, 13]),
  bad('the timespan is a fraction', { timespan: '1.5h' }, 'correlation_timespan', [6, 13]),
  bad('the timespan is over a year', { timespan: '367d' }, 'correlation_timespan', [6, 13]),
  bad('the timespan is in words', { timespan: '5 minutes' }, 'correlation_timespan', [6, 13], '5m'),
  bad('the unit has capitals', { timespan: '5H' }, 'correlation_timespan', [6, 13], '5h'),
  bad('generate is a text', { generate: "'yes'" }, 'correlation_invalid', [8, 14]),
  { when: 'generate is said twice, not alike', text: `generate: true\n${correlationText({ generate: 'false' })}${someRules}`, code: 'correlation_invalid', at: [9, 13] },
  { when: 'the scope is misspelt', text: `canh: {scope: citty}\n${correlationText({})}${someRules}`, code: 'correlation_scope', at: [1, 15], suggestion: 'city' },
]; // prettier-ignore

const conditions: readonly ProblemCase[] = [
  bad('the condition is missing', { condition: undefined }, 'correlation_condition', [4, 3]),
  bad('the condition is a list', { condition: '[gte]' }, 'correlation_condition', [7, 14]),
  bad('the condition is an expression', { condition: 'a and b' }, 'correlation_condition', [7, 14]),
  bad('the condition compares nothing', { condition: '{}' }, 'correlation_condition', [7, 14]),
  bad('a comparison is misspelt', { condition: '{gtt: 5}' }, 'correlation_condition', [7, 15], 'gt'),
  bad('a number is in quotes', { condition: "{gt: '5'}" }, 'correlation_condition', [7, 20]),
  bad('a count has a field', { condition: '{gte: 5, field: f}' }, 'correlation_field', [7, 30], 'value_count'),
  bad('values have no field', { type: 'value_count' }, 'correlation_field', [7, 15]),
  bad('a sum has two fields', { type: 'value_sum', condition: '{gte: 5, field: [f, g]}' }, 'correlation_field', [7, 30]),
  bad('a field is null', { type: 'value_count', condition: '{gte: 5, field: null}' }, 'correlation_field', [7, 30]),
  bad('a percentile is missing', { type: 'value_percentile', condition: '{gte: 5, field: f}' }, 'correlation_percentile', [7, 15]),
  bad('a percentile is over 100', { type: 'value_percentile', condition: '{gte: 5, field: f, percentile: 101}' }, 'correlation_percentile', [7, 45]),
  bad('a percentile stands elsewhere', { condition: '{gte: 5, percentile: 5}' }, 'correlation_percentile', [7, 35]),
  bad('a range is empty', { condition: '{gt: 5, lt: 3}' }, 'threshold_impossible', [7, 15]),
  bad('between two numbers there is no count', { condition: '{gt: 5, lt: 6}' }, 'threshold_impossible', [7, 15]),
  bad('a count is below 1', { condition: '{lt: 1}' }, 'threshold_impossible', [7, 15]),
  bad('a count is negative', { condition: '{lte: -1}' }, 'threshold_impossible', [7, 15]),
  bad('a count is a fraction', { condition: '{eq: 2.5}' }, 'threshold_impossible', [7, 15]),
  bad('a sum is two numbers', { type: 'value_sum', condition: '{field: f, eq: 5, neq: 5}' }, 'threshold_impossible', [7, 15]),
  bad('there are fewer rules', { type: 'temporal', rules: '[a, b]', condition: '{gte: 3}' }, 'threshold_impossible', [7, 15]),
  bad('an expression excludes itself', { type: 'temporal', rules: '[a, b]', condition: '(a or b) and not a and not b' }, 'threshold_impossible', [7, 15]),
  bad('an expression wants a window without a match', { type: 'temporal', rules: '[a, b]', condition: 'not a and not b' }, 'threshold_impossible', [7, 18]),
  {
    when: 'there are fewer rules, one of them under id and name',
    text: `${correlationText({ type: 'temporal', rules: '[a, 5f0c3b6e-6f3b-4b43-9b0b-2b3c9d3f8a11]', condition: '{gte: 2}' })}---\nid: 5f0c3b6e-6f3b-4b43-9b0b-2b3c9d3f8a11\n${namedRule('a')}`,
    code: 'threshold_impossible',
    at: [5, 11],
  },
  bad('every count satisfies', { condition: '{gte: 1}' }, 'threshold_always', [7, 15]),
  bad('an order is not whole', { type: 'temporal_ordered', rules: '[a, b]', condition: '{gte: 1}' }, 'correlation_condition', [7, 15]),
  bad('an order is an expression', { type: 'temporal_ordered', rules: '[a, b]', condition: 'a and b' }, 'correlation_condition', [7, 14]),
  bad('an expression is broken', { type: 'temporal', rules: '[a, b]', condition: 'a and (b' }, 'condition_syntax', [7, 22]),
  bad('an expression names what is not listed', { type: 'temporal', rules: '[a, c]', condition: 'a and b' }, 'reference_unlisted', [7, 20]),
  bad('an expression leaves a rule out', { type: 'temporal', rules: '[a, b]', condition: 'a' }, 'reference_unused', [5, 14]),
]; // prettier-ignore

const references: readonly ProblemCase[] = [
  bad('a rule is not there', { rules: '[a, z]' }, 'reference_unknown', [5, 14]),
  {
    when: 'a rule is misspelt',
    text: `${correlationText({ rules: '[falied_logon]' })}---\n${namedRule('failed_logon')}`,
    code: 'reference_unknown',
    at: [5, 11],
    suggestion: 'failed_logon',
  },
  bad('an expression names no rule', { type: 'temporal', rules: undefined, condition: 'a and z' }, 'reference_unknown', [6, 20]),
  {
    when: 'a name is ambiguous',
    text: `${correlationText({})}---\n${namedRule('a')}---\n${namedRule('a').replace('title: a', 'title: other')}`,
    code: 'reference_ambiguous',
    at: [5, 11],
  },
  {
    when: 'a rule was refused',
    text: `${correlationText({})}---\nname: a\ntitle: broken\n`,
    code: 'reference_refused',
    at: [5, 11],
  },
  {
    when: 'a correlation was refused',
    text: `${correlationText({ rules: '[k]' })}${named('k', { rules: '[z]' })}`,
    code: 'reference_refused',
    at: [5, 11],
  },
  {
    when: 'what is referred to refers to a cycle',
    text: `${correlationText({ rules: '[k]' })}${named('k', { rules: '[l]' })}${named('l', { rules: '[k]' })}`,
    code: 'reference_refused',
    at: [5, 11],
  },
  {
    when: 'a filter is meant',
    text: `${correlationText({})}---\nname: a\ntitle: F\nlogsource: {product: windows}\nfilter: {rules: any, x: {f: b}, condition: not x}\n`,
    code: 'reference_unknown',
    at: [5, 11],
  },
  { when: 'a correlation refers to itself', text: correlationText({ rules: '[k]' }, 'name: k\n'), code: 'correlation_cycle', at: [6, 11] },
  {
    when: 'correlations refer to each other',
    text: `${correlationText({ rules: '[l]' }, 'name: k\n')}${named('l', { rules: '[k]' })}`,
    code: 'correlation_cycle',
    at: [6, 11],
  },
  {
    when: 'an inner correlation has no such group',
    text: `${correlationText({ rules: '[k]', 'group-by': 'f' })}${named('k', { 'group-by': 'g' })}${someRules}`,
    code: 'reference_fields',
    at: [5, 11],
  },
  bad('a rule is named twice', { rules: '[a, b, a]' }, 'reference_duplicate', [5, 17]),
  bad('aliases are a list', { aliases: '[x]' }, 'correlation_alias', [8, 12]),
  bad('an alias is a text', { aliases: '{x: f}' }, 'correlation_alias', [8, 16]),
  bad('an alias has no field', { aliases: '{x: {a: null}}' }, 'correlation_alias', [8, 20]),
  bad('there are too many aliases', { aliases: `{${many(33, (n) => `x${n}: {a: f}`)}}` }, 'correlation_alias', [8, 13]),
  bad('an alias is of a rule that is not listed', { aliases: '{x: {b: f}}', 'group-by': 'x' }, 'reference_unlisted', [8, 17]),
  bad('an alias is not used', { aliases: '{x: {a: f}}' }, 'alias_unused', [8, 13]),
  bad('an alias says nothing of a rule', { aliases: '{x: {a: f}}', 'group-by': 'x', rules: '[a, b]' }, 'alias_incomplete', [8, 13]),
]; // prettier-ignore

const together: readonly ProblemCase[] = [
  {
    when: 'two documents have one id',
    text: `id: 5f0c3b6e-6f3b-4b43-9b0b-2b3c9d3f8a11\n${namedRule('a')}---\nid: 5f0c3b6e-6f3b-4b43-9b0b-2b3c9d3f8a11\n${namedRule('b')}`,
    code: 'id_duplicate',
    at: [11, 5],
  },
  { when: 'two documents have one title', text: `${namedRule('a')}---\n${namedRule('b').replace('title: b', 'title: a')}`, code: 'title_duplicate', at: [10, 1] },
]; // prettier-ignore

export const correlationCases = [...shapes, ...conditions, ...references, ...together];
