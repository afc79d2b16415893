import { expect } from 'chai';
import { matches, plainEvent, whyNot } from '../../sigma/index.ts';
import { eventOf, ruleOf } from './rule-text.ts';

const rows: readonly (readonly [string, string, Readonly<Record<string, unknown>>, readonly string[]])[] = [
  ['a field is absent', 's: {Image: a}\ncondition: s', {}, ['s: Image is absent or empty; the rule wants that it is "a".']],
  ['a value differs', 's: {Image|endswith: /sh}\ncondition: s', { Image: '/bin/ls' }, ['s: Image is "/bin/ls", which does not end with "/sh".']],
  ['every failing part of a map', 's: {A: a, B: b, C: c}\ncondition: s', { A: 'a', B: 'x' }, ['s: B is "x", which is not "b".', 's: C is absent or empty; the rule wants that it is "c".']],
  ['what is left of all', "s: {A|contains|all: [x, y, z]}\ncondition: s", { A: 'x' }, ['s: A is "x", which does not contain "y" and "z".']],
  ['one of many values', 's: {A: [a, b, c, d, e]}\ncondition: s', { A: 'x' }, ['s: A is "x", which is not "a", "b", "c" or 2 more.']],
  ['the nearest of alternatives', 's: [{A: a, B: b}, {C: c}]\nt: {D: d}\ncondition: s or (s and t)', { A: 'x' }, ['s: C is absent or empty; the rule wants that it is "c".']],
  ['the alternative whose field is there', 's: {A: a}\nt: {B: b}\ncondition: 1 of them', { B: 'x' }, ['t: B is "x", which is not "b".']],
  ['what a condition excludes', "s: {A: a}\nf: {B|startswith: SYS}\ncondition: s and not f", { A: 'a', B: 'SYSTEM' }, ['f: B ("SYSTEM") starts with "SYS", which the rule excludes.']],
  ['what neq excludes', 's: {A|neq: a}\ncondition: s', { A: 'a' }, ['s: A ("a") is "a", which the rule excludes.']],
  ['a keyword', 's: [one, two]\ncondition: s', { A: 'three' }, ['s: the event does not contain "one" or "two".']],
  ['exists', 's: {A|exists: true}\ncondition: s', {}, ['s: A is absent.']],
  ['a number', 's: {A|gte: 5}\ncondition: s', { A: 4 }, ['s: A is "4", which is less than "5".']],
  ['not not', 's: {A: a}\ncondition: not (not s)', { A: 'b' }, ['s: A is "b", which is not "a".']],
]; // prettier-ignore

describe('whyNot', () => {
  for (const [what, detection, fields, sentences] of rows)
    it(`names ${what}`, () => {
      const rule = ruleOf(detection);
      expect(matches(rule, eventOf(fields))).to.equal(false);
      expect(whyNot(rule, eventOf(fields))?.sentences).to.deep.equal(sentences);
    });

  it('says first that the rule is for other events', () => {
    const rule = ruleOf('s: {A: a}\ncondition: s');
    const event = plainEvent({ logsource: [{ product: 'linux', service: 'auditd' }], fields: { A: 'b' } });
    expect(whyNot(rule, event)).to.deep.include({
      foreign: true,
      sentences: [
        'The rule is for product windows; the event is of product linux, service auditd.',
        's: A is "b", which is not "a".',
      ],
    });
    const same = plainEvent({ logsource: [], fields: { A: 'a' } });
    expect(whyNot(rule, same)?.sentences).to.deep.equal([
      'The rule is for product windows; the event is of no known logsource.',
    ]);
  });

  it('says nothing where the rule matches', () => {
    expect(whyNot(ruleOf('s: {A: a}\ncondition: s'), eventOf({ A: 'a' }))).to.equal(undefined);
  });
});
