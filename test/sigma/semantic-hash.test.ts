import { expect } from 'chai';
import { loadRules, semanticHash, type Placeholders } from '../../sigma/index.ts';
import { correlationHash } from '../../sigma/language/semantic-hash.ts';
import { correlationText, filterText, namedRule } from './problem-case.ts';
import { parseRules, ruleText } from './rule-text.ts';

const base = 'a:\n  f|contains: [x, y]\n  g: 1\nb:\n  h|cased|endswith: z\ncondition: a and not b';

function hashOf(text: string, placeholders: Placeholders = {}): string {
  const [rule] = parseRules(text, { file: 'x', placeholders }).rules;
  if (rule === undefined) throw new Error(`no rule in ${text}`);
  return semanticHash(rule);
}
const of = (detection: string): string => hashOf(ruleText(detection));

describe('semanticHash', () => {
  it('never changes for the same rule: alert ids rest on it', () => {
    expect(of(base)).to.equal('6a5bb236e7f4ef2780ce0d0baeba845a');
  });

  for (const [what, text] of [
    ['the title', ruleText(base).replace('Test', 'Other')],
    ['the level', ruleText(base).replace('low', 'high')],
    ['a description', ruleText(base, 'description: d\n')],
    ['comments', ruleText(`# why\n${base}`)],
    ['the definition of the logsource', ruleText(base).replace('windows', 'windows\n  definition: d')],
    ['names of search identifiers', ruleText(base.replaceAll(/\ba\b/g, 'sel').replaceAll(/\bb\b/g, 'fil'))],
    ['the order of values', ruleText(base.replace('x, y', 'y, x'))],
    ['a value twice', ruleText(base.replace('x, y', 'x, y, x'))],
    [
      'the order of items',
      ruleText('a:\n  g: 1\n  f|contains: [x, y]\nb:\n  h|cased|endswith: z\ncondition: a and not b'),
    ],
    ['the order of operands', ruleText(base.replace('a and not b', 'not b and a'))],
    ['brackets', ruleText(base.replace('a and not b', '((a) and (not (b)))'))],
    ['a quantifier for one identifier', ruleText(base.replace('a and not b', '1 of a and not any of b*'))],
    ['the place of cased', ruleText(base.replace('cased|endswith', 'endswith|cased'))],
    ['a search that is not used', ruleText(base.replace('condition', 'c: {k: v}\ncondition'))],
  ] as const)
    it(`does not depend on ${what}`, () => {
      expect(hashOf(text)).to.equal(of(base));
    });

  for (const [what, text] of [
    ['the logsource', ruleText(base).replace('windows', 'linux')],
    ['a value', ruleText(base.replace('x, y', 'x, z'))],
    ['the type of a value', ruleText(base.replace('g: 1', "g: '1'"))],
    ['a field', ruleText(base.replace('g: 1', 'G: 1'))],
    ['a modifier', ruleText(base.replace('contains', 'startswith'))],
    ['all', ruleText(base.replace('contains', 'contains|all'))],
    ['neq', ruleText(base.replace('g: 1', 'g|neq: 1'))],
    ['the condition', ruleText(base.replace('a and not b', 'a or not b'))],
  ] as const)
    it(`depends on ${what}`, () => {
      expect(hashOf(text)).to.not.equal(of(base));
    });

  it('depends on the values of placeholders', () => {
    const text = ruleText("s: {f|expand: '%p%'}\ncondition: s");
    expect(hashOf(text, { p: ['a', 'b'] })).to.equal(hashOf(text, { p: ['b', 'a'] }));
    expect(hashOf(text, { p: ['a', 'b'] })).to.not.equal(hashOf(text, { p: ['a'] }));
  });

  it('depends on the field that a placeholder names', () => {
    const text = ruleText("s: {f|expand|fieldref: '%p%'}\ncondition: s");
    expect(hashOf(text, { p: ['a'] })).to.not.equal(hashOf(text, { p: ['b'] }));
  });

  it('depends on all of a search that is too large to be put into the condition each time', () => {
    const large = (last: string): string => of(`s: {f: [${Array.from({ length: 5000 }, (_, n) => `v${n}, `).join('')}${last}]}\nt: {g: 1}\ncondition: ${Array.from({ length: 1000 }, () => '(s or t)').join(' and ')}`);
    expect(large('a')).to.equal(large('v1, a'));
    expect(large('a')).to.not.equal(large('b'));
  }); // prettier-ignore

  it('takes aliases of modifiers for the same', () => {
    expect(of('s: {f|re|ignorecase: a}\ncondition: s')).to.equal(of('s: {f|re|i: a}\ncondition: s'));
    expect(of('s: {f|wide|base64: a}\ncondition: s')).to.equal(of('s: {f|utf16le|base64: a}\ncondition: s'));
  });
});

describe('semanticHash of filtered rules', () => {
  const rule = namedRule('a');
  const filtered = (...filters: readonly string[]): string => {
    const [found] = loadRules([rule, ...filters].map((text, n) => ({ file: `${n}`, text }))).rules;
    return found === undefined ? '' : semanticHash(found);
  };
  const one = filterText({ x: '{u: 1}' });
  const two = filterText({ x: '{u: 2}' }).replace('title: F', 'title: G');

  it('depends on what filters say', () => {
    expect(new Set([filtered(), filtered(one), filtered(two), filtered(one, two)]).size).to.equal(4);
  });

  it('does not depend on their order', () => {
    expect(filtered(two, one)).to.equal(filtered(one, two));
  });

  it('does not depend on what they are called', () => {
    expect(filtered(one.replace('title: F', 'title: Other'))).to.equal(filtered(one));
  });
});

describe('correlationHash', () => {
  const body = {
    type: 'temporal', rules: '[a, b]', condition: 'a and not b', 'group-by': '[x, h]', aliases: '{x: {a: f, b: g}}',
  }; // prettier-ignore
  const ruleTexts = [
    namedRule('a'),
    namedRule('b').replace('f: a', 'f: b'),
    namedRule('c').replace('f: a', 'f: c'),
  ];

  function hashIn(texts: readonly string[]): string {
    const { rules, correlations } = loadRules(texts.map((text, n) => ({ file: `${n}`, text })));
    const hashes = new Map(rules.map((rule) => [rule.key, semanticHash(rule)]));
    for (const one of correlations) hashes.set(one.key, correlationHash(one, hashes));
    const last = correlations.at(-1);
    if (last === undefined) throw new Error(`no correlation in ${texts.join('\n')}`);
    return hashes.get(last.key) ?? '';
  }
  const of = (changes: Parameters<typeof correlationText>[0], head = ''): string =>
    hashIn([correlationText({ ...body, ...changes }, head), ...ruleTexts]);
  const id = '5f0c3b6e-6f3b-4b43-9b0b-2b3c9d3f8a11';

  for (const [what, hash] of [
    ['metadata', () => of({}, `id: ${id}\nname: k\nlevel: high\n`.replace('level: high\n', 'author: x\n'))],
    ['the order of rules', () => of({ rules: '[b, a]' })],
    ['the order of operands', () => of({ condition: 'not b and (a)' })],
    ['the name of an alias', () => of({ 'group-by': '[y, h]', aliases: '{y: {b: g, a: f}}' })],
    ['an alias that is not used', () => of({ aliases: '{x: {a: f, b: g}, z: {a: f}}' })],
    ['names of rules', () => hashIn([correlationText({ ...body, rules: '[q, b]', condition: 'q and not b', aliases: '{x: {q: f, b: g}}' }), ...ruleTexts].map((text) => text.replace('name: a\n', 'name: q\n')))],
    ['reference by id', () => hashIn([correlationText({ ...body, rules: `[${id}, b]` }), ...ruleTexts].map((text) => text.replace('name: a\n', `id: ${id}\nname: a\n`)))],
    ['the unit of the timespan', () => of({ timespan: '300s' })],
    ['generate', () => of({ generate: 'true' })],
  ] as const)
    it(`does not depend on ${what}`, () => {
      expect(hash()).to.equal(of({}));
    }); // prettier-ignore

  for (const [what, changes, head = ''] of [
    ['the rules', { rules: '[a, c]', condition: 'a and not c', aliases: '{x: {a: f, c: g}}' }],
    ['the condition', { condition: 'b and not a' }],
    ['the timespan', { timespan: '6m' }],
    ['group-by', { 'group-by': '[x]' }],
    ['the order of group-by, in which state is kept', { 'group-by': '[h, x]' }],
    ['fields of aliases', { aliases: '{x: {a: f, b: h}}' }],
    ['the scope', {}, 'canh: {scope: city}\n'],
    ['the type', { type: 'event_count', condition: '{gte: 5}' }],
  ] as const)
    it(`depends on ${what}`, () => {
      expect(of(changes, head)).to.not.equal(of({}));
    });

  it('depends on how many rules match the same events', () => {
    const counted = (rules: string): string =>
      hashIn([correlationText({ rules }), namedRule('a'), namedRule('b')]);
    expect(counted('[a, b]')).to.not.equal(counted('[a]'));
  });

  it('depends on the order of temporal_ordered', () => {
    const ordered = (rules: string): string => of({ type: 'temporal_ordered', condition: undefined, rules });
    expect(ordered('[a, b]')).to.not.equal(ordered('[b, a]'));
  });

  it('depends on the predicates, not on their order', () => {
    const counted = (condition: string): string => of({ type: 'event_count', condition });
    expect(counted('{gt: 2, lt: 9}')).to.equal(counted('{lt: 9, gt: 2}'));
    expect(counted('{gt: 2, lt: 9}')).to.not.equal(counted('{gt: 2, lt: 8}'));
  });

  it('depends on what a rule and an inner correlation mean', () => {
    const outer = correlationText({ rules: '[k]', 'group-by': 'h' });
    const inner = correlationText({ 'group-by': 'h' }, 'name: k\n');
    const hash = (...texts: readonly string[]): string => hashIn([outer, ...texts]);
    const before = hash(inner, namedRule('a'));
    expect(hash(inner.replace('title: C', 'title: D'), namedRule('a').replace('low', 'high'))).to.equal(
      before,
    );
    expect(hash(inner.replace('gte: 5', 'gte: 6'), namedRule('a'))).to.not.equal(before);
    expect(hash(inner, namedRule('a').replace('f: a', 'f: z'))).to.not.equal(before);
  });

  it('never changes for the same correlation: alert ids rest on it', () => {
    expect(of({})).to.equal('3d81f24529077165a7abe30fd4372bc2');
  });
});
