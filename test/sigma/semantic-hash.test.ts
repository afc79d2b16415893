import { expect } from 'chai';
import { parseRules, semanticHash, type Placeholders } from '../../sigma/index.ts';
import { ruleText } from './rule-text.ts';

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

  it('takes aliases of modifiers for the same', () => {
    expect(of('s: {f|re|ignorecase: a}\ncondition: s')).to.equal(of('s: {f|re|i: a}\ncondition: s'));
    expect(of('s: {f|wide|base64: a}\ncondition: s')).to.equal(of('s: {f|utf16le|base64: a}\ncondition: s'));
  });
});
