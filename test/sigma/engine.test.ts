import { expect } from 'chai';
import { containsSource, createEngine, plainEvent, type LogSource } from '../../sigma/index.ts';
import { parseRules, ruleText, searchRule } from './rule-text.ts';

describe('containsSource', () => {
  const sysmon: LogSource = { product: 'windows', category: 'process_creation', service: 'sysmon' };
  for (const [behaviour, rule, event, expected] of [
    ['what a rule leaves open may be anything', { product: 'windows' }, sysmon, true],
    ['every attribute must be equal', { product: 'windows', category: 'process_creation' }, sysmon, true],
    ['another value is no match', { product: 'linux' }, sysmon, false],
    [
      'an attribute that the event lacks is no match',
      { product: 'windows', service: 'sysmon' },
      { product: 'windows' },
      false,
    ],
    ['a category fits any product', { category: 'proxy' }, { category: 'proxy', product: 'squid' }, true],
    ['case does not matter', { product: 'windows' }, { product: 'Windows' }, true],
  ] as const)
    it(behaviour, () => {
      expect(containsSource(rule, event)).to.equal(expected);
    });
});

describe('createEngine', () => {
  const ruleFor = (title: string, logsource: string): string =>
    ruleText('s: {f: a}\ncondition: s').replace('Test', title).replace('product: windows', logsource);
  const { rules } = parseRules(
    [
      ruleFor('all of Windows', 'product: windows'),
      ruleFor('processes', 'category: process_creation\n  product: windows'),
      ruleFor('sysmon', 'product: windows\n  service: sysmon'),
      ruleFor('linux', 'product: linux'),
      ruleFor('both', 'category: process_creation\n  service: sysmon'),
    ].join('---\n'),
    { file: 'x' },
  );
  const engine = createEngine(rules);
  const titles = (...logsource: LogSource[]): string[] =>
    engine.match(plainEvent({ logsource, fields: { f: 'a' } })).map((match) => match.rule.title);

  for (const [behaviour, sources, expected] of [
    ['an event without logsource meets no rule', [], []],
    ['one tuple is enough', [{ product: 'linux' }], ['linux']],
    [
      'tuples are taken one by one, never mixed',
      [
        { product: 'windows', category: 'process_creation' },
        { product: 'windows', service: 'sysmon' },
      ],
      ['all of Windows', 'processes', 'sysmon'],
    ],
    [
      'a rule that several tuples contain fires once',
      [{ product: 'windows' }, { product: 'windows', service: 'system' }],
      ['all of Windows'],
    ],
  ] as const)
    it(behaviour, () => {
      expect(titles(...sources)).to.eql(expected);
      expect(titles(...sources), 'the second time').to.eql(expected);
    });

  it('tells sources apart whatever characters they hold', () => {
    expect(titles({ product: 'linux', service: 'x' })).to.eql(['linux']);
    expect(titles({ product: 'linux,x' })).to.eql([]);
  });

  it('reports a rule that fails and goes on with the others', () => {
    const good = searchRule('g: a');
    const failures: unknown[] = [];
    const failing = createEngine([searchRule('f: a'), good], {
      onFailure: (rule, error) => failures.push([rule.title, error]),
    });
    const error = new Error('boom');
    const event = {
      logsource: [{ product: 'windows' }],
      field: (name: string): unknown => {
        if (name === 'f') throw error;
        return 'a';
      },
      values: () => [],
    };
    expect(failing.match(event)).to.eql([{ rule: good }]);
    expect(failures).to.eql([['Test', error]]);
  });
});
