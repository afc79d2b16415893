import type { ProblemCode } from '../../sigma/index.ts';
import { filterText, namedRule, someRules, type ProblemCase } from './problem-case.ts';
import { ruleText } from './rule-text.ts';

const bad = (
  when: string,
  body: Parameters<typeof filterText>[0],
  code: ProblemCode,
  at: readonly [number, number],
): ProblemCase => ({ when, text: filterText(body) + someRules, code, at });

const filters: readonly ProblemCase[] = [
  { when: 'the filter is a list', text: 'title: F\nlogsource: {product: windows}\nfilter: [a]', code: 'filter_invalid', at: [3, 9] },
  bad('a filter names no rules', { rules: undefined }, 'filter_rules', [4, 3]),
  bad('the rules of a filter are a map', { rules: '{a: b}' }, 'filter_rules', [4, 11]),
  bad('the condition of a filter is missing', { condition: undefined }, 'condition_missing', [4, 3]),
  bad('a filter excludes nothing', { condition: 'x' }, 'filter_positive', [6, 14]),
  bad('a filter can hold of nothing', { condition: 'x and not x' }, 'condition_impossible', [6, 14]),
  bad('a filter aggregates', { condition: 'not x | count() > 5' }, 'aggregation_invalid', [6, 20]),
  bad('a filter names a rule that is not there', { rules: '[a, zz]' }, 'filter_reference', [4, 14]),
  bad('a filter applies to nothing', { rules: '[zz]' }, 'filter_unmatched', [3, 1]),
  {
    when: 'a filter names a rule by a wrong name',
    text: `${filterText({ rules: '[failed_logno]' })}---\n${namedRule('failed_logon')}`,
    code: 'filter_reference',
    at: [4, 11],
    suggestion: 'failed_logon',
  },
  { when: 'the logsource of a filter is another', text: filterText({}, '{product: linux}') + someRules, code: 'filter_logsource', at: [4, 11] },
  { when: 'a filter leaves nothing of a rule', text: filterText({ x: '{f|startswith: A}' }) + someRules, code: 'filter_blinds', at: [3, 1] },
]; // prettier-ignore

/** The condition is in line 8, the timeframe in 9. */
const aggregated = (condition: string, timeframe = '5m'): string =>
  ruleText(`a: {f: 1}\nb: {f: 2}\ncondition: ${condition}\ntimeframe: ${timeframe}`);

const legacy: readonly ProblemCase[] = [
  { when: 'an aggregation is of another kind', text: aggregated('a | top(f) > 5'), code: 'aggregation_invalid', at: [8, 18] },
  { when: 'an aggregation has no number', text: aggregated('a | count() > x'), code: 'aggregation_invalid', at: [8, 18] },
  { when: 'a sum has no field', text: aggregated('a | sum() > 5'), code: 'aggregation_invalid', at: [8, 18] },
  { when: 'there are two aggregations', text: aggregated('a | count() > 5 | count() > 5'), code: 'aggregation_invalid', at: [8, 18] },
  { when: 'an aggregation stands in a list', text: aggregated('[a | count() > 5, b]'), code: 'aggregation_invalid', at: [8, 17] },
  { when: 'near names what is not there', text: aggregated('a | near bb'), code: 'identifier_unknown', at: [8, 23] },
  { when: 'an aggregation can never hold', text: aggregated('a | count() < 1'), code: 'threshold_impossible', at: [8, 16] },
  { when: 'an aggregation has no timeframe', text: ruleText('a: {f: 1}\ncondition: a | count() > 5'), code: 'timeframe_missing', at: [7, 16] },
  { when: 'the timeframe is no timespan', text: aggregated('a | count() > 5', '5x'), code: 'correlation_timespan', at: [9, 14] },
  { when: 'a timeframe has no aggregation', text: aggregated('a or b'), code: 'timeframe_alone', at: [9, 3] },
  { when: 'an aggregation is run as a correlation', text: aggregated('a | count() > 5'), code: 'aggregation_converted', at: [8, 16] },
  { when: 'the action of a collection is misspelt', text: `action: gobal\ntitle: x\n---\n${namedRule('a')}`, code: 'action_invalid', at: [1, 9], suggestion: 'global' },
  { when: 'a fault of a global part is found', text: `action: global\nlevel: hihg\n---\n${namedRule('a')}`, code: 'level_invalid', at: [2, 8], suggestion: 'high' },
  { when: 'a collection repeats too much', text: `action: global\nx: {${Array.from({ length: 30_000 }, (_, n) => `k${n}: 1`).join(', ')}}\n---\na: 1\n---\na: 1\n---\na: 1\n---\na: 1\n`, code: 'source_too_large', at: [10, 1] },
]; // prettier-ignore

export const filterCases = [...filters, ...legacy];
