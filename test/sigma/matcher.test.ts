import { expect } from 'chai';
import { createEngine, plainEvent, type LogSource, type Rule, type RuleSet } from '../../sigma/index.ts';
import { AhoCorasick } from '../../sigma/match/aho-corasick.ts';
import { KeywordScan } from '../../sigma/match/keyword-scan.ts';
import { LineMemo } from '../../sigma/match/line-memo.ts';
import { createMatcher } from '../../sigma/match/matcher.ts';
import { memoCharsMax, memoValuesMax, ValueMemo } from '../../sigma/match/memo.ts';
import { PredicateTable } from '../../sigma/match/predicate.ts';
import { Pool, Signatures } from '../../sigma/match/signature.ts';
import { asked, referenceMatches } from './reference.ts';
import { eventOf, ruleOf, searchRule } from './rule-text.ts';

const windows: readonly LogSource[] = [{ product: 'windows' }];

describe('createMatcher', () => {
  const long = 'a line that comes again and again\n'.repeat(30);
  /** A search, and values of field `f` that differ in what they say of it. */
  const rows: readonly (readonly [string, string, readonly unknown[]])[] = [
    ['equality in any case', 'f: Cmd.EXE', ['cmd.exe', 'CMD.EXE', 'cmd.exe ', ['x', 'cmd.exe'], null, '']],
    ['ends', "f|endswith: '\\cmd.exe'", ['c:\\CMD.exe', 'cmd.exe', '\\cmd.exe', '\\cmd.exe2']],
    ['beginnings', 'f|startswith: ab', ['abc', 'AB', 'a', 'cab']],
    ['parts', 'f|contains: [aba, bab, b]', ['ababa', 'x', 'B', `${long}aba`, `${long}xyz`]],
    ['parts over the end of a line', 'f|contains: "n\\na"', [`${long}`, `${long}n\na`, 'n\r\na']],
    ['all of several parts', 'f|contains|all: [ab, cd]', ['abcd', 'ab', ['ab', 'cd'], ['ab']]],
    ['case where it counts', 'f|cased|contains: aB', ['xaBx', 'xabx', 'AB', ['ab', 'aB']]],
    ['wildcards inside', "f: 'a*b?c'", ['aXbXc', 'abxc', 'abc', 'ab😀c', 'xab1c']],
    ['any text', "f: '*'", ['', 'x', 1, null, [], { a: 1 }]],
    ['the empty text', "f: ''", ['', null, [], [''], 0]],
    ['numbers', 'f: 4688', [4688, '4688', '04688', 4688.0, ['4688'], '4688 ']],
    ['numbers as they are written', 'f: 0x10', [16, '16', '0x10', '0X10', 17]],
    ['numbers in parts of texts', "f|contains: '68'", [4688, '4688', 46]],
    ['booleans', 'f: true', [true, 'TRUE', 'true ', 1]],
    ['null', 'f: null', [null, undefined, '', [], [null], 0]],
    ['presence', 'f|exists: true', [null, undefined, '', []]],
    ['absence', 'f|exists: false', [null, undefined, '', []]],
    ['negation', 'f|neq: a', ['a', 'b', undefined, null, ['a', 'b']]],
    ['comparison', 'f|gte: 10', [10, 9, '10', '0x0a', '9.99', 'x', [1, 11]]],
    ['networks', 'f|cidr: [10.0.0.0/8, fe80::/10]', ['10.1.2.3', '::ffff:10.1.2.3', 'fe80::1', '11.0.0.1', '10.1.2']],
    ['parts of dates', 'f|hour: 10', ['2026-11-23T10:00:00Z', '2026-11-23T11:00:00+01:00', 'x']],
    ['regular expressions with a literal', 'f|re: ab+c', ['xabbc', 'ac', 'ABC', `${long}abc`]],
    ['regular expressions without', "f|re: '^[0-9]{2}$'", ['12', '123', 12, ['x', '34']]],
    ['other fields', 'f|fieldref: g', ['same', 'SAME', 'other', ['x', 'same'], undefined]],
    ['objects', "f|contains: '\"a\":1'", [{ a: 1 }, { a: 2 }, [{ b: { a: 1 } }]]],
  ]; // prettier-ignore
  for (const [what, search, values] of rows)
    it(`decides ${what} as the reference evaluator does, at once and when values come again`, () => {
      const rules = [searchRule(search), ruleOf(`s: {${JSON.stringify('g')}: same}\nt:\n  ${search}\ncondition: s and not t`)];
      const matcher = createMatcher(rules);
      const verdicts = new Set<boolean>();
      for (const value of [...values, ...values, ...values]) {
        const event = eventOf({ g: 'same', ...(value === undefined ? {} : { f: value }) });
        const expected = referenceMatches(rules, event);
        verdicts.add(expected[0] === rules[0]);
        for (const each of [event, asked(event)])
          expect(matcher.match(each).map(({ rule }) => rule), JSON.stringify(value)).to.eql(expected);
      }
      expect(verdicts.size, 'some match, some do not').to.equal(2);
    }); // prettier-ignore

  it('looks for keywords in every value, however deep, and in the message', () => {
    const rules = [ruleOf("s: ['sekurlsa::', 'dpapi::masterkey']\ncondition: s"), searchRule('f: x')];
    const matcher = createMatcher(rules);
    for (const [fields, message] of [
      [{ f: 'x' }],
      [{ f: 'x', g: 'run SEKURLSA::logon' }],
      [{ g: [{ deep: ['a', 'dpapi::masterKey'] }] }],
      [{ f: 'se\u212aurlsa::' }],
      [{ f: 'x' }, 'raw sekurlsa::'],
      [{ sekurlsa: '::' }, 'sekurlsa:'],
    ] as const) {
      const event = eventOf(fields, message);
      expect(matcher.match(event).map(({ rule }) => rule)).to.eql(referenceMatches(rules, event));
    }
  });

  it('gives matches in the order of the rules', () => {
    const rules = ['f: a', 'g: a', 'f|contains: a'].map((search) => searchRule(search));
    const found = createMatcher(rules).match(eventOf({ g: 'a', f: 'a' }));
    expect(found.map(({ rule }) => rules.indexOf(rule))).to.eql([0, 1, 2]);
  });

  it('counts for every rule the events it was decided for, its matches and the time it took', () => {
    const rules = [searchRule('f: a'), ruleOf('s: {f: a}\nt: {g: b}\ncondition: s and not t'), searchRule('f: c')];
    let clock = 0;
    const matcher = createMatcher(rules, { now: () => clock++ });
    for (let round = 0; round < 100; round++)
      for (const fields of [{ f: 'a', n: round }, { f: 'a', g: 'b' }, { f: `${round}` }]) matcher.match(eventOf(fields));
    const stats = matcher.stats();
    expect(stats.map(({ rule, evaluations, matches }) => [rules.indexOf(rule), evaluations, matches])).to.eql([
      [0, 200, 200],
      [1, 200, 100],
      [2, 0, 0],
    ]);
    expect(matcher.stats(), 'asking changes nothing').to.eql(stats);
  }); // prettier-ignore

  it('a rule that fails on one event costs that event alone', () => {
    const rules = [searchRule('f: a'), searchRule('g: a')];
    const failed: Rule[] = [];
    const matcher = createMatcher(rules, { onFailure: (rule) => failed.push(rule) });
    const broken = {
      logsource: windows,
      field: (name: string): unknown => {
        if (name === 'f') throw new Error('boom');
        return 'a';
      },
      values: () => [],
    };
    const titlesOf = (event: Parameters<typeof matcher.match>[0]): number[] =>
      matcher.match(event).map(({ rule }) => rules.indexOf(rule));
    expect([titlesOf(eventOf({ f: 'a' })), titlesOf(broken), titlesOf(eventOf({ f: 'a' }))]).to.eql([[0], [1], [0]]);
    expect(failed).to.eql([rules[0]]);
  }); // prettier-ignore

  it('takes logsources by what they say, not by which array says it', () => {
    const rules = [searchRule('f: a')];
    const matcher = createMatcher(rules);
    const count = (logsource: readonly LogSource[]): number =>
      matcher.match(plainEvent({ logsource, fields: { f: 'a' } })).length;
    const linux = [{ product: 'linux' }];
    expect([count(windows), count([{ product: 'windows' }]), count(linux), count(windows), count(linux)]).to.eql([1, 1, 0, 1, 0]);
  }); // prettier-ignore

  it('forgets values when it has learnt too many, and goes on', () => {
    const rules = [searchRule('f|contains: needle')];
    const matcher = createMatcher(rules);
    const wrong: number[] = [];
    for (let n = 0; n < memoValuesMax * 2; n++) {
      const found = matcher.match(eventOf({ f: `${n % (memoValuesMax + 9)}${n % 3 === 0 ? 'needle' : ''}` }));
      if (found.length !== (n % 3 === 0 ? 1 : 0)) wrong.push(n);
    }
    expect(wrong).to.eql([]);
  });
});

describe('createEngine', () => {
  it('goes on with the rules of another set after a reload', () => {
    const [first, second] = [searchRule('f: a'), searchRule('f|startswith: a')];
    const setOf = (rules: readonly Rule[]): RuleSet => ({ rules, correlations: [], quiet: new Set() });
    const engine = createEngine(setOf([first]));
    const event = eventOf({ f: 'a' });
    expect(engine.match(event)).to.eql([{ rule: first }]);
    engine.reload(setOf([second]));
    expect([engine.match(event), engine.rules]).to.eql([[{ rule: second }], [second]]);
  });
});

describe('AhoCorasick', () => {
  it('finds every text that occurs, each once', () => {
    const texts = ['he', 'she', 'his', 'hers', 'a', 'aa', 'đà', '😀', 'x'];
    const automaton = new AhoCorasick(texts);
    for (const text of ['', 'ushers', 'aaaa', 'Đà đà nẵng', 'hi😀s', '\ud83d', 'shishers'.repeat(100), 'ßx\u0000']) {
      const found: number[] = [];
      automaton.find(text, found);
      const expected = texts.flatMap((each, n) => (text.includes(each) ? [n] : []));
      expect(found.toSorted((a, b) => a - b), text).to.eql(expected);
    }
  }); // prettier-ignore
});

describe('KeywordScan', () => {
  const scanOf = (keywords: string): KeywordScan => {
    const table = new PredicateTable();
    table.formulaOf(ruleOf(`s: ${keywords}\ncondition: s`));
    return new KeywordScan(table.predicates, () => undefined, 0);
  };

  it('finds a literal at every place of a text', () => {
    const scan = scanOf("['literal one', 'second']");
    for (let before = 0; before < 40; before++)
      for (const after of ['', 'y', 'yyyyyyyyyyyy'])
        expect(scan.mayHold(`${'x'.repeat(before)}SEcond${after}`), `${before} ${after}`).to.equal(true);
    expect(scan.mayHold('secon second'.slice(0, 11))).to.equal(false);
    for (const filler of ['x', 'đ', '\u212a'])
      for (let before = 250; before < 300; before++)
        expect(scan.mayHold(`${filler.repeat(before)}SEcond`), `${before} ${filler}`).to.equal(true);
  });

  it('cannot tell where a literal is too short', () => {
    expect([scanOf("['abc', 'long enough']").always, scanOf("['abcd']").always]).to.eql([true, false]);
  });
});

describe('ValueMemo', () => {
  const pool = new Pool(1000, 1_000_000);
  const signatures = new Signatures(pool);

  it('remembers values that look alike, and none that is longer than its limit', () => {
    const memo = new ValueMemo(pool);
    const texts = Array.from({ length: 200 }, (_, n) => `${'a'.repeat(n % 7)}${'x'.repeat(300)}${n}${'y'.repeat(300)}`);
    for (const [n, text] of texts.entries()) memo.put(text, signatures.of([n], []));
    for (const [n, text] of texts.entries()) expect(memo.find(text)?.trues, text).to.eql([n]);
    expect(memo.find(`${texts[0]}z`)).to.equal(undefined);
    const most = 'm'.repeat(memoCharsMax);
    memo.put(most, signatures.of([1], []));
    memo.put(`${most}m`, signatures.of([1], []));
    expect([memo.find(most) !== undefined, memo.find(`${most}m`)]).to.eql([true, undefined]);
  }); // prettier-ignore

  it('rests where values do not come again', () => {
    const memo = new ValueMemo(pool);
    for (let n = 0; n < 2000; n++) {
      memo.find(`value ${n}`);
      memo.put(`value ${n}`, signatures.of([], []));
    }
    expect(memo.find('value 1999')).to.equal(undefined);
  });
});

describe('LineMemo', () => {
  it('gives what is in each line, and asks once for a line that comes again', () => {
    let asks = 0;
    const memo = new LineMemo(new Pool(10, 10_000), (line) => {
      asks += 1;
      return line.includes('x') ? [line.length] : [];
    });
    const text = `${'long line with x in it\n'.repeat(5)}short x\n\nlast line, which is long too`;
    const found: number[] = [];
    memo.collect(text, found);
    expect(new Set(found)).to.eql(new Set([22, 7]));
    expect(asks).to.equal(3);
  });
});
