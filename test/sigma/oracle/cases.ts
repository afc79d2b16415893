import { expect } from 'chai';
import { parseCondition } from '../../../sigma/language/condition.ts';
import { rulesNamed, type Row } from './build.ts';
import type { Correlation, CorrelationCondition, Predicate } from '../../../sigma/language/rule.ts';

/** One decision about correlations, with a stream that shows it. */
interface Case {
  readonly title: string;
  readonly correlations: readonly Partial<Correlation>[];
  readonly rows: readonly Row[];
  /** Of the last correlation: the match that satisfied first, how many, the constituents, agency and group. */
  readonly finals: readonly string[];
}

function predicates(
  list: readonly (readonly [Predicate['operator'], number])[],
  field?: string | readonly string[],
): CorrelationCondition {
  return {
    kind: 'predicates',
    predicates: list.map(([operator, value]) => ({ operator, value })),
    fields: field === undefined ? [] : typeof field === 'string' ? [field] : field,
  };
}

function expression(text: string): CorrelationCondition {
  const unexpected = (code: string): never => expect.fail(code);
  const condition = parseCondition(text, ['r0', 'r1', 'r2', 'r3', 'inner'], unexpected);
  return condition === undefined ? expect.fail(text) : { kind: 'expression', text, expression: condition };
}

const atLeast = (value: number, field?: string | readonly string[]): CorrelationCondition =>
  predicates([['gte', value]], field);
const seconds = (...times: readonly number[]): readonly Row[] => times.map((time) => [time, 'r0']);
const numbers = (...values: readonly unknown[]): readonly Row[] =>
  values.map((n, time) => [time, 'r0', { n }]);

export const cases: readonly Case[] = [
  {
    title: 'event_count: the match that fills the window ends the first one',
    correlations: [{ condition: atLeast(3) }],
    rows: seconds(0, 1, 2),
    finals: ['e3, 3: e1 e2 e3'],
  },
  {
    title: 'a window leaves out what is exactly the timespan old',
    correlations: [{ condition: atLeast(2) }],
    rows: seconds(0, 10),
    finals: [],
  },
  {
    title: 'a window holds what is less than the timespan old',
    correlations: [{ condition: atLeast(2) }],
    rows: seconds(0, 9.999),
    finals: ['e2, 2: e1 e2'],
  },
  {
    title: 'windows are not cut at round times',
    correlations: [{ condition: atLeast(3) }],
    rows: seconds(0, 8, 11, 13),
    finals: ['e4, 3: e2 e3 e4'],
  },
  {
    title: 'of one time, the window ends with the match that is judged',
    correlations: [{ condition: atLeast(2) }],
    rows: seconds(5, 5, 5),
    finals: ['e2, 3: e1 e2 e3'],
  },
  {
    title: 'an episode goes on as long as satisfied windows are no further apart than the timespan',
    correlations: [{ condition: atLeast(2) }],
    rows: seconds(0, 1, 10.5, 11, 30, 31),
    finals: ['e2, 4: e1 e2 e3 e4', 'e6, 2: e5 e6'],
  },
  {
    title: 'satisfied windows exactly the timespan apart are one episode',
    correlations: [{ condition: atLeast(1) }],
    rows: seconds(0, 10, 20.001),
    finals: ['e1, 2: e1 e2', 'e3, 1: e3'],
  },
  {
    title: 'what comes behind the last satisfied window is not of the episode',
    correlations: [{ condition: atLeast(3) }],
    rows: seconds(0, 1, 2, 11.5),
    finals: ['e3, 3: e1 e2 e3'],
  },
  {
    title: 'gt is one more than gte, and a fraction is rounded up',
    correlations: [{ condition: predicates([['gt', 1.5]]) }],
    rows: seconds(0, 1),
    finals: ['e2, 2: e1 e2'],
  },
  {
    title: 'one event that matches two rules counts twice',
    correlations: [{ refers: rulesNamed('r0', 'r1'), condition: atLeast(2) }],
    rows: [[0, 'r0 r1']],
    finals: ['e1, 2: e1 e1/r1'],
  },
  {
    title: 'groups: case and type of a value do not matter, an array is its JSON text, agencies are apart',
    correlations: [{ groupBy: ['user'], condition: atLeast(2) }],
    rows: [
      [0, 'r0', { user: 'ADMIN' }],
      [1, 'r0', { user: 'admin' }],
      [2, 'r0', { user: 5 }],
      [3, 'r0', { user: '5' }],
      [4, 'r0', { user: ['a'] }],
      [5, 'r0', { user: '["a"]' }],
      [6, 'r0', { user: 'admin', agency: 'other' }],
    ],
    finals: ['e2, 2: e1 e2 (admin)', 'e4, 2: e3 e4 (5)', 'e6, 2: e5 e6 (["a"])'],
  },
  {
    title: 'groups: a match without a field is left out, an empty text is not',
    correlations: [{ groupBy: ['user', 'ip'], condition: atLeast(1) }],
    rows: [
      [0, 'r0', { user: 'x' }],
      [1, 'r0', { user: 'x', ip: null }],
      [2, 'r0', { user: [], ip: '1' }],
      [3, 'r0', { user: '', ip: '1' }],
    ],
    finals: ['e4, 1: e4 ( 1)'],
  },
  {
    title: 'groups: values do not run into one another',
    correlations: [{ groupBy: ['user', 'ip'], condition: atLeast(2) }],
    rows: [
      [0, 'r0', { user: 'a', ip: 'b,c' }],
      [1, 'r0', { user: 'a,b', ip: 'c' }],
      [2, 'r0', { user: 'a\u0000b', ip: 'c' }],
      [3, 'r0', { user: 'a', ip: 'b\u0000c' }],
    ],
    finals: [],
  },
  {
    title: 'the city is one agency',
    correlations: [{ scope: 'city', condition: atLeast(2) }],
    rows: [
      [0, 'r0', { agency: 'a' }],
      [1, 'r0', { agency: 'b' }],
    ],
    finals: ['e2, 2: e1 e2'],
  },
  {
    title: 'aliases name other fields for other rules, and themselves where nothing is said',
    correlations: [
      {
        refers: rulesNamed('r0', 'r1', 'r2'),
        groupBy: ['who'],
        aliases: new Map([
          [
            'who',
            new Map([
              ['r0', 'user'],
              ['r1', 'account'],
            ]),
          ],
        ]),
        condition: atLeast(3),
      },
    ],
    rows: [
      [0, 'r0', { user: 'x' }],
      [1, 'r1', { account: 'X' }],
      [2, 'r2', { who: 'x' }],
    ],
    finals: ['e3, 3: e1 e2/r1 e3/r2 (x)'],
  },
  {
    title: 'value_count: distinct folded values, the last of each',
    correlations: [{ type: 'value_count', condition: atLeast(3, 'v') }],
    rows: ['x', 'X', 'y', 'x', null, 'z', 'z'].map((v, time) => [time, 'r0', { v }]),
    finals: ['e6, 4: e3 e4 e6 e7'],
  },
  {
    title: 'value_count: several fields are counted together',
    correlations: [{ type: 'value_count', condition: atLeast(3, ['v', 'w']) }],
    rows: [
      [0, 'r0', { v: 'a', w: 'b' }],
      [1, 'r0', { v: 'a', w: 'c' }],
      [2, 'r0', { v: 'a' }],
      [3, 'r0', { v: 'b', w: 'b' }],
    ],
    finals: ['e4, 3: e1 e2 e4'],
  },
  {
    title: 'lte: windows that a match opens, the next by the first match behind it',
    correlations: [{ condition: predicates([['lte', 2]]) }],
    rows: seconds(0, 5, 9, 10, 12, 25),
    finals: ['e5, 2: e4 e5', 'e6, 1: e6'],
  },
  {
    title: 'windows that follow one another without a gap are one episode',
    correlations: [{ condition: predicates([['lte', 2]]) }],
    rows: seconds(0, 5, 10, 25.5),
    finals: ['e2, 3: e1 e2 e3', 'e4, 1: e4'],
  },
  {
    title: 'a range is judged of complete windows',
    correlations: [
      {
        condition: predicates([
          ['gte', 2],
          ['lt', 4],
        ]),
      },
    ],
    rows: seconds(0, 1, 2, 3, 20, 21, 22),
    finals: ['e7, 3: e5 e6 e7'],
  },
  {
    title: 'eq and neq are judged of complete windows',
    correlations: [
      {
        condition: predicates([
          ['neq', 1],
          ['neq', 3],
        ]),
      },
    ],
    rows: seconds(0, 20, 21, 40, 41, 42),
    finals: ['e3, 2: e2 e3'],
  },
  {
    title: 'temporal: every rule, the last of each, whatever their order',
    correlations: [{ type: 'temporal', refers: rulesNamed('r0', 'r1'), condition: predicates([]) }],
    rows: [
      [0, 'r1'],
      [1, 'r1'],
      [2, 'r0'],
    ],
    finals: ['e3, 2: e2/r1 e3'],
  },
  {
    title: 'temporal: one event can stand for two rules',
    correlations: [{ type: 'temporal', refers: rulesNamed('r0', 'r1'), condition: predicates([]) }],
    rows: [[0, 'r0 r1']],
    finals: ['e1, 2: e1 e1/r1'],
  },
  {
    title: 'temporal: a number counts distinct rules',
    correlations: [{ type: 'temporal', refers: rulesNamed('r0', 'r1', 'r2'), condition: atLeast(2) }],
    rows: [
      [0, 'r0'],
      [1, 'r0'],
      [2, 'r2'],
    ],
    finals: ['e3, 2: e2 e3/r2'],
  },
  {
    title: 'temporal: an expression over rules',
    correlations: [
      { type: 'temporal', refers: rulesNamed('r0', 'r1', 'r2'), condition: expression('r0 and (r1 or r2)') },
    ],
    rows: [
      [0, 'r1'],
      [1, 'r2'],
      [2, 'r0'],
    ],
    finals: ['e3, 3: e1/r1 e2/r2 e3'],
  },
  {
    title: 'temporal with not: a complete window without it',
    correlations: [
      { type: 'temporal', refers: rulesNamed('r0', 'r1'), condition: expression('r0 and not r1') },
    ],
    rows: [
      [0, 'r0'],
      [9, 'r1'],
      [10, 'r0'],
      [20, 'r1'],
      [29, 'r0'],
    ],
    finals: ['e3, 1: e3'],
  },
  {
    title: 'temporal with not: what can only become true is judged as it comes',
    correlations: [{ type: 'temporal', refers: rulesNamed('r0', 'r1'), condition: expression('not not r0') }],
    rows: seconds(0, 11),
    finals: ['e1, 1: e1', 'e2, 1: e2'],
  },
  {
    title: 'temporal_ordered: the latest chain',
    correlations: [
      { type: 'temporal_ordered', refers: rulesNamed('r0', 'r1', 'r2'), condition: predicates([]) },
    ],
    rows: [
      [0, 'r0'],
      [1, 'r1'],
      [2, 'r0'],
      [3, 'r1'],
      [4, 'r0'],
      [5, 'r2'],
    ],
    finals: ['e6, 3: e3 e4/r1 e6/r2'],
  },
  {
    title: 'temporal_ordered: one event does not stand for two steps',
    correlations: [{ type: 'temporal_ordered', refers: rulesNamed('r0', 'r1'), condition: predicates([]) }],
    rows: [
      [0, 'r0 r1'],
      [20, 'r1'],
      [21, 'r0'],
    ],
    finals: [],
  },
  {
    title: 'temporal_ordered: of one time, the order of reading counts',
    correlations: [{ type: 'temporal_ordered', refers: rulesNamed('r1', 'r0'), condition: predicates([]) }],
    rows: [
      [0, 'r0'],
      [0, 'r1'],
      [0, 'r0'],
    ],
    finals: ['e3, 2: e2/r1 e3'],
  },
  {
    title: 'value_sum: numbers and texts that are numbers; others are left out',
    correlations: [{ type: 'value_sum', condition: atLeast(20, 'n') }],
    rows: numbers(3, 'x', '0x10', null, 1),
    finals: ['e5, 3: e1 e3 e5'],
  },
  {
    title: 'value_sum: a negative number ends nothing, a later window may be satisfied again',
    correlations: [{ type: 'value_sum', condition: atLeast(5, 'n') }],
    rows: numbers(5, -4, 4),
    finals: ['e1, 3: e1 e2 e3'],
  },
  {
    title: 'value_avg: of the window that each match closes, with any operator',
    correlations: [{ type: 'value_avg', condition: predicates([['lt', 3]], 'n') }],
    rows: numbers(5, 2, 1),
    finals: ['e3, 3: e1 e2 e3'],
  },
  {
    title: 'value_percentile: between the two nearest ranks',
    correlations: [
      {
        type: 'value_percentile',
        condition: {
          kind: 'predicates',
          predicates: [{ operator: 'eq', value: 4.75 }],
          fields: ['n'],
          percentile: 75,
        },
      },
    ],
    rows: numbers(4, 1, 7, 2, 5),
    finals: ['e4, 4: e1 e2 e3 e4'],
  },
  {
    title: 'value_median: the middle, or between the middle two',
    correlations: [{ type: 'value_median', condition: predicates([['eq', 2.5]], 'n') }],
    rows: numbers(9, 1, 3, 2),
    finals: ['e4, 4: e1 e2 e3 e4'],
  },
  {
    title: 'an episode of an inner correlation is one match, with the fields of its group',
    correlations: [
      { key: 'inner', groupBy: ['user', 'ip'], condition: atLeast(3) },
      { refers: rulesNamed('inner'), groupBy: ['ip'], condition: atLeast(2), timespanMs: 60_000 },
    ],
    rows: [
      ...[0, 1, 2, 3, 4].map((time): Row => [time, 'r0', { user: 'a', ip: '1' }]),
      ...[5, 6, 7].map((time): Row => [time, 'r0', { user: 'b', ip: '1' }]),
      ...[5, 6, 7].map((time): Row => [time, 'r0', { user: 'c', ip: '2' }]),
    ],
    finals: ['e8, 2: e3/inner e8/inner (1)'],
  },
  {
    title: 'an episode whose windows a match opens stands at the end of the first',
    correlations: [
      { key: 'inner', condition: predicates([['lte', 1]]) },
      { type: 'temporal_ordered', refers: rulesNamed('r1', 'inner'), condition: predicates([]) },
    ],
    rows: [
      [0, 'r0'],
      [9, 'r1'],
    ],
    finals: ['e1, 2: e2/r1 e1/inner'],
  },
  {
    title: 'a hundred constituents are kept, all are counted',
    correlations: [{ condition: atLeast(150) }],
    rows: seconds(...Array.from({ length: 160 }, (_, index) => index / 20)),
    finals: [`e150, 160: ${Array.from({ length: 100 }, (_, index) => `e${index + 1}`).join(' ')}`],
  },
];
