import { expect } from 'chai';
import { explain, loadRules, matches, type Correlation, type RuleSet } from '../../sigma/index.ts';
import { correlationText, filterText, namedRule, someRules } from './problem-case.ts';
import { eventOf, ruleText } from './rule-text.ts';

function load(...texts: readonly string[]): RuleSet {
  const set = loadRules(texts.map((text, index) => ({ file: `${index}.yml`, text })));
  const errors = set.problems.filter(({ severity }) => severity === 'error');
  expect(errors, JSON.stringify(errors)).to.eql([]);
  return set;
}

function correlationOf(body: Parameters<typeof correlationText>[0], head = ''): Correlation {
  const [correlation] = load(correlationText(body, head) + someRules).correlations;
  if (correlation === undefined) throw new Error('no correlation');
  return correlation;
}

const hour = 3_600_000;

describe('loadRules: correlations', () => {
  it('reads what a correlation says', () => {
    const id = '5F0C3B6E-6F3B-4B43-9B0B-2B3C9D3F8A11';
    const head = `id: ${id}\nname: brute\ntags: [attack.t1110]\nreferences: [https://example.org]\nstatus: test\n`;
    expect(correlationOf({ 'group-by': '[f, g]' }, head)).to.deep.include({
      id: id.toLowerCase(), key: id.toLowerCase(), name: 'brute', title: 'C', level: 'low', tags: ['attack.t1110'],
      references: ['https://example.org'], status: 'test', type: 'event_count', groupBy: ['f', 'g'], timespanMs: 300_000,
      refers: [{ written: 'a', kind: 'rule', key: 'a' }], generate: false, scope: 'agency', file: '0.yml', line: 1,
      condition: { kind: 'predicates', predicates: [{ operator: 'gte', value: 5 }], fields: [] },
    }); // prettier-ignore
  });

  for (const [text, milliseconds] of [
    ['30s', 30_000],
    ['15m', 900_000],
    ['2h', 2 * hour],
    ['7d', 168 * hour],
    ['1w', 168 * hour],
    ['1M', 2_629_746_000],
    ['1y', 31_556_952_000],
    ['366d', 366 * 24 * hour],
  ] as const)
    it(`reads the timespan ${text}`, () => {
      expect(correlationOf({ timespan: text }).timespanMs).to.equal(milliseconds);
    });

  for (const [what, body, condition] of [
    ['a range', { condition: '{gt: 1, lte: 9.5}' }, { predicates: [['gt', 1], ['lte', 9.5]], fields: [] }],
    ['one field', { type: 'value_count', condition: '{field: f, gte: 2}' }, { predicates: [['gte', 2]], fields: ['f'] }],
    ['fields', { type: 'value_count', condition: '{field: [f, g], gte: 2}' }, { predicates: [['gte', 2]], fields: ['f', 'g'] }],
    ['a percentile', { type: 'value_percentile', condition: '{field: f, percentile: 99.5, gt: 2}' }, { predicates: [['gt', 2]], fields: ['f'], percentile: 99.5 }],
    ['a median', { type: 'value_median', condition: '{field: f, lt: -2}' }, { predicates: [['lt', -2]], fields: ['f'] }],
    ['no condition: every rule', { type: 'temporal', rules: '[a, b]', condition: undefined }, { predicates: [['gte', 2]], fields: [] }],
    ['no condition: every step', { type: 'temporal_ordered', rules: '[a, b, a]', condition: undefined }, { predicates: [['gte', 3]], fields: [] }],
    ['a number that means every step', { type: 'temporal_ordered', rules: '[a, b, a]', condition: '{gte: 3}' }, { predicates: [['gte', 3]], fields: [] }],
    ['a number of rules', { type: 'temporal', rules: '[a, b, c]', condition: '{gte: 2}' }, { predicates: [['gte', 2]], fields: [] }],
  ] as const)
    it(`reads a condition with ${what}`, () => {
      const { predicates, ...rest } = condition;
      expect(correlationOf(body).condition).to.eql({
        kind: 'predicates',
        predicates: predicates.map(([operator, value]) => ({ operator, value })),
        ...rest,
      });
    }); // prettier-ignore

  it('reads an expression over names, whose rules it need not list', () => {
    const { refers, condition } = correlationOf({
      type: 'temporal',
      rules: undefined,
      condition: 'a and (b or not c)',
    });
    expect(refers.map(({ written }) => written)).to.eql(['a', 'b', 'c']);
    expect(condition).to.deep.include({ kind: 'expression', text: 'a and (b or not c)' });
    expect(condition).to.have.nested.property('expression.kind', 'and');
  });

  it('resolves quantifiers of an expression over the rules listed', () => {
    const { condition } = correlationOf({ type: 'temporal', rules: '[a, b]', condition: '1 of *' });
    expect(condition).to.have.nested.property('expression.children').that.has.length(2);
  });

  it('refers by id first, then by name, across files in any order', () => {
    const id = '5f0c3b6e-6f3b-4b43-9b0b-2b3c9d3f8a11';
    const { correlations } = load(
      correlationText({ rules: `[${id.toUpperCase()}, b]` }),
      `id: ${id}\n${namedRule('a')}`,
      namedRule('b'),
    );
    expect(correlations[0]?.refers).to.eql([
      { written: id.toUpperCase(), kind: 'rule', key: id },
      { written: 'b', kind: 'rule', key: 'b' },
    ]);
  });

  it('takes names in an expression and in aliases for the ids that are listed', () => {
    const id = '5f0c3b6e-6f3b-4b43-9b0b-2b3c9d3f8a11';
    const body = { type: 'temporal', rules: `[${id}, b]`, condition: 'a and b', 'group-by': 'x', aliases: '{x: {a: f, b: g}}' };
    const [correlation] = load(correlationText(body), `id: ${id}\n${namedRule('a')}`, namedRule('b')).correlations;
    expect(correlation?.condition).to.have.nested.property('expression.children[0].name', id);
    expect(correlation?.aliases).to.eql(new Map([['x', new Map([[id, 'f'], ['b', 'g']])]]));
  }); // prettier-ignore

  it('puts each correlation behind those that it refers to', () => {
    const named = (name: string, rules: string): string =>
      `${correlationText({ rules }, `name: ${name}\n`)}---\n`;
    const text = `${named('z', '[y, x]')}${named('y', '[x]')}${named('x', '[a]')}${namedRule('a')}`;
    expect(load(text).correlations.map(({ name }) => name)).to.eql(['x', 'y', 'z']);
  });

  it('goes through a long chain without a deep stack', () => {
    const link = (n: number): string => correlationText({ rules: n === 0 ? 'a' : `c${n - 1}` }, `name: c${n}\n`);
    const texts = Array.from({ length: 1000 }, (_, n) => link(999 - n));
    expect(loadRules([...texts, namedRule('a')].map((text, n) => ({ file: `${n}`, text }))).correlations).to.have.length(1000);
  }); // prettier-ignore

  for (const [what, head, inside, expected] of [
    ['nowhere', '', undefined, ['a']],
    ['as false', 'generate: false\n', undefined, ['a']],
    ['at the top', 'generate: true\n', undefined, []],
    ['inside', '', 'true', []],
  ] as const)
    it(`keeps rules quiet as generate says, ${what}`, () => {
      const { quiet } = load(correlationText({ generate: inside }, head) + someRules);
      expect([...quiet]).to.eql(expected);
    });

  it('lets a rule speak that one of two correlations wants to hear', () => {
    const { quiet } = load(
      correlationText({ rules: '[a, b]' }),
      correlationText({ generate: 'true' }, 'name: x\n').replace('title: C', 'title: D'),
      someRules,
    );
    expect([...quiet]).to.eql(['b']);
  });

  it('lets a rule speak whose correlation is refused', () => {
    const { quiet, correlations } = loadRules([
      { file: 'x', text: correlationText({ rules: '[a, z]' }) + someRules },
    ]);
    expect([correlations.length, quiet.size]).to.eql([0, 0]);
  });

  it('spans the city where canh says so', () => {
    expect(correlationOf({}, 'canh: {scope: city}\n').scope).to.equal('city');
  });

  it('makes keys unique; references mean the first that can run', () => {
    const id = 'id: 5f0c3b6e-6f3b-4b43-9b0b-2b3c9d3f8a11\n';
    const texts = [`${id}title: broken\n`, id + namedRule('a'), id + namedRule('b'), correlationText({ rules: id.slice(4) })];
    const { rules, correlations } = loadRules(texts.map((text, n) => ({ file: `${n}`, text })));
    expect(rules.map(({ key }) => key)).to.eql([id.slice(4, -1), `${id.slice(4, -1)}#2`]);
    expect(correlations[0]?.refers[0]?.key).to.equal(rules[0]?.key);
  }); // prettier-ignore
});

describe('loadRules: ids', () => {
  it('means the rule where a filter in front of it has the same id', () => {
    const id = 'id: 5f0c3b6e-6f3b-4b43-9b0b-2b3c9d3f8a11\n';
    const texts = [id + filterText({}), id + namedRule('a'), correlationText({ rules: id.slice(4) })];
    expect(load(...texts).correlations[0]?.refers[0]?.kind).to.equal('rule');
  });
});

describe('loadRules: filters', () => {
  const rule = `name: a\n${ruleText('s1: {f: x}\nx: {g: y}\ncondition: [s1, 1 of x*]')}`;

  it('adds the condition as written, with identifiers of its own', () => {
    const [filtered] = load(
      rule,
      filterText({ x: '{u: adm}', x2: '{u: root}', condition: 'not 1 of x*' }),
    ).rules;
    expect(filtered?.filters).to.eql(['F']);
    expect(filtered?.detection.conditions).to.eql(['((s1) or (1 of x*)) and not (F/x or F/x2)']);
    if (filtered === undefined) return;
    for (const [fields, expected] of [
      [{ f: 'x' }, true],
      [{ g: 'y', u: 'adm' }, false],
      [{ f: 'x', u: 'root' }, false],
      [{ u: 'root' }, false],
    ] as const)
      expect(matches(filtered, eventOf(fields)), JSON.stringify(fields)).to.equal(expected);
    expect(JSON.stringify(explain(filtered, eventOf({ f: 'x', u: 'root' })))).to.include('"name":"F/x2"');
  });

  it('keeps only what a positive filter describes', () => {
    const [filtered] = load(rule, filterText({ x: '{u: adm}', condition: 'x' })).rules;
    expect(filtered && [matches(filtered, eventOf({ f: 'x' })), matches(filtered, eventOf({ f: 'x', u: 'adm' }))]).to.eql([false, true]);
  }); // prettier-ignore

  it('adds up, also under one title', () => {
    const [filtered] = load(rule, filterText({ x: '{u: 1}' }), filterText({ x: '{u: 2}' })).rules;
    expect(filtered?.filters).to.eql(['F', 'F']);
    expect([...(filtered?.detection.searches.keys() ?? [])]).to.eql(['s1', 'x', 'F/x', 'F 2/x']);
    const outcomes = [1, 2, 3].map((u) => filtered && matches(filtered, eventOf({ f: 'x', u })));
    expect(outcomes).to.eql([false, false, true]);
  });

  it('keeps identifiers apart whatever slashes are in names', () => {
    const texts = [filterText({ 'b/c': '{u: 1}', x: undefined, condition: 'not b/c' }), filterText({ c: '{u: 2}', x: undefined, condition: 'not c' }).replace('title: F', 'title: F/b')];
    expect(load(rule, ...texts).rules[0]?.detection.searches.size).to.equal(4);
  }); // prettier-ignore

  for (const [what, body, logsource, expected] of [
    ['a name', { rules: '[a]' }, '{product: windows}', ['a']],
    ['names', { rules: '[c, a]' }, '{product: windows}', ['a', 'c']],
    ['a text', { rules: 'b' }, '{product: windows}', ['b']],
    ['any', { rules: 'any' }, '{product: windows}', ['a', 'b', 'c']],
    ['an empty list', { rules: '[]' }, '{product: windows}', ['a', 'b', 'c']],
    ['any of a narrower logsource', { rules: 'any' }, '{product: windows, service: security}', []],
  ] as const)
    it(`applies to the rules that it means: ${what}`, () => {
      const text = filterText({ ...body, x: '{u: v}' }, logsource) + someRules;
      const { rules } = loadRules([{ file: 'x', text }]);
      expect(rules.filter((one) => one.filters !== undefined).map(({ name }) => name)).to.eql(expected);
    });

  it('applies to a rule by its id, and to all of one name', () => {
    const id = '5f0c3b6e-6f3b-4b43-9b0b-2b3c9d3f8a11';
    const named = namedRule('b');
    const { rules } = load(`id: ${id}\n${namedRule('a')}`, named, named.replace('title: b', 'title: other'), filterText({ rules: `[${id}, b]`, x: '{u: v}' }));
    expect(rules.every(({ filters }) => filters?.length === 1)).to.equal(true);
  }); // prettier-ignore
});

describe('loadRules: collections', () => {
  const global = `action: global\ntitle: G\nlevel: low\nlogsource: {product: windows}\ndetection: {s: {f: 1}, condition: s and t}\n`;
  const titles = (text: string): readonly unknown[] =>
    loadRules([{ file: 'x', text }]).rules.map(({ title, line, detection }) => [title, line, detection.raw]);

  it('adds what is global to every rule behind it, and lets it win', () => {
    expect(titles(`${global}---\ntitle: own\ndetection: {t: {g: 1}}\n---\ndetection: {t: {g: 2}}\n`)).to.eql([
      ['G', 7, { t: { g: 1 }, s: { f: 1 }, condition: 's and t' }],
      ['G', 10, { t: { g: 2 }, s: { f: 1 }, condition: 's and t' }],
    ]);
  });

  it('ends what is global at reset', () => {
    const text = `${global}---\ndetection: {t: {g: 1}}\n---\naction: reset\n---\n${namedRule('a')}`;
    expect(titles(text).map((one) => (one as readonly unknown[])[0])).to.eql(['G', 'a']);
  });

  it('repeats a rule with changes, and what was repeated', () => {
    const text = `${namedRule('a')}---\naction: repeat\ntitle: b\ndetection: {s: {f: b}}\n---\naction: repeat\nlevel: high\n`;
    expect(titles(text)).to.eql([
      ['a', 1, { s: { f: 'a' }, condition: 's' }],
      ['b', 10, { s: { f: 'b' }, condition: 's' }],
      ['b', 14, { s: { f: 'b' }, condition: 's' }],
    ]);
  });

  it('leaves correlations and filters as they are', () => {
    const { correlations } = load(`action: global\nlevel: high\n---\n${correlationText({})}${someRules}`);
    expect(correlations.map(({ level }) => level)).to.eql(['low']);
  });
});

describe('loadRules: aggregations', () => {
  const aggregated = (condition: string, head = ''): RuleSet =>
    load(`id: 5f0c3b6e-6f3b-4b43-9b0b-2b3c9d3f8a11\n${ruleText(`a: {f: 1}\nb: {f: 2}\nc: {f: 3}\ncondition: ${condition}\ntimeframe: 5m`, head)}`);
  const figure = (condition: string): unknown => {
    const [correlation] = aggregated(condition).correlations;
    return [correlation?.type, correlation?.groupBy, correlation?.condition];
  };
  const predicates = (operator: string, value: number, more: object = {}): object => ({ kind: 'predicates', predicates: [{ operator, value }], fields: [], ...more });

  for (const [condition, type, groupBy, expected] of [
    ['a | count() > 5', 'event_count', [], predicates('gt', 5)],
    ['a | count() by x >= 5', 'event_count', ['x'], predicates('gte', 5)],
    ['a |count(f) by x, y<5.5', 'value_count', ['x', 'y'], predicates('lt', 5.5, { fields: ['f'] })],
    ['a | sum(f) by x != 5', 'value_sum', ['x'], predicates('neq', 5, { fields: ['f'] })],
    ['a | avg(f) = 5', 'value_avg', [], predicates('eq', 5, { fields: ['f'] })],
    ['a | min(f) <= 5', 'value_percentile', [], predicates('lte', 5, { fields: ['f'], percentile: 0 })],
    ['a | max(f) == 5', 'value_percentile', [], predicates('eq', 5, { fields: ['f'], percentile: 100 })],
  ] as const)
    it(`reads ${condition}`, () => {
      expect(figure(condition)).to.eql([type, groupBy, expected]);
    });

  it('gives the correlation what the rule says, and keeps a quiet rule for what it counts', () => {
    const { rules, correlations, quiet } = aggregated('a and not b | count() > 5', 'tags: [attack.t1110]\n');
    expect(correlations[0]).to.deep.include({ id: '5f0c3b6e-6f3b-4b43-9b0b-2b3c9d3f8a11', title: 'Test', level: 'low', tags: ['attack.t1110'], timespanMs: 300_000 });
    expect(rules.map(({ id, title, detection }) => [id, title, detection.conditions])).to.eql([[undefined, 'Test (matches)', ['a and not b']]]);
    expect([...quiet]).to.eql(rules.map(({ key }) => key));
    expect(correlations[0]?.refers.map(({ key }) => key)).to.eql([...quiet]);
  });

  it('reads near as matches of other identifiers within the timeframe', () => {
    const { rules, correlations } = aggregated('a | near b and not c');
    expect(rules.map(({ title, detection }) => [title, detection.conditions])).to.eql([['Test (matches)', ['a']], ['Test (near b)', ['b']], ['Test (near c)', ['c']]]);
    const written = correlations[0]?.refers.map((one) => one.written) ?? [];
    expect(correlations[0]).to.deep.include({ type: 'temporal', groupBy: [] });
    expect(correlations[0]?.condition).to.have.deep.property('expression', {
      kind: 'and',
      children: [
        { kind: 'identifier', name: written[0] },
        {
          kind: 'and',
          children: [
            { kind: 'identifier', name: written[1] },
            { kind: 'not', child: { kind: 'identifier', name: written[2] } },
          ],
        },
      ],
    });
  });

  it('reads near an identifier that is called as the part in front is', () => {
    const { correlations } = load(ruleText('a: {f: 1}\nmatches: {f: 2}\ncondition: a | near matches\ntimeframe: 5m'));
    expect(correlations[0]?.refers).to.have.length(2);
  }); // prettier-ignore

  it('takes a map called timeframe for a search identifier', () => {
    expect(load(ruleText('timeframe: {f: 1}\ncondition: timeframe')).rules).to.have.length(1);
  });

  it('can be referred to by the id of the rule', () => {
    const text = `name: old\n${ruleText('a: {f: 1}\ncondition: a | count() by x > 5\ntimeframe: 5m')}`;
    const { correlations } = load(correlationText({ rules: '[old]', 'group-by': 'x' }), text);
    expect(correlations.map(({ refers }) => refers[0]?.kind)).to.eql(['rule', 'correlation']);
  });
}); // prettier-ignore
