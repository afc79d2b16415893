import { expect } from 'chai';
import fc from 'fast-check';
import type * as platform from '../../platform/alert.ts';
import {
  explain,
  matches,
  type ExplainedItem,
  type ExplainNode,
  type Explanation,
} from '../../sigma/index.ts';
import { excerptCharsMax } from '../../sigma/explain/explain.ts';
import { eventOf, ruleOf, searchRule } from './rule-text.ts';

const rule = ruleOf(`
selection_img:
  - Image|endswith: '\\cmd.exe'
  - OriginalFileName: 'Cmd.Exe'
selection_cli:
  CommandLine|contains|all:
    - '/c'
    - 'whoami'
  IntegrityLevel: [High, System]
filter_main:
  ParentImage|endswith: '\\ccmexec.exe'
condition: all of selection_* and not 1 of filter_main*
`);
const fields = {
  Image: 'C:\\Windows\\cmd.exe',
  CommandLine: 'cmd /c WHOAMI',
  IntegrityLevel: 'High',
  ParentImage: 'C:\\x.exe',
};

/** Items that must hold for the tree to hold: an `or` with several true parts needs none of them. */
function necessary(node: ExplainNode): readonly ExplainedItem[] {
  if (node.kind === 'item') return [node];
  return node.kind === 'or' && node.children.length > 1 ? [] : node.children.flatMap(necessary);
}

/** All items of a tree. */
function items(node: ExplainNode): readonly ExplainedItem[] {
  return node.kind === 'item' ? [node] : node.children.flatMap(items);
}

describe('explain', () => {
  it('shows the condition as written and the parts that made it true', () => {
    const explanation: Explanation = explain(rule, eventOf(fields));
    expect(explanation).to.eql({
      condition: 'all of selection_* and not 1 of filter_main*',
      tree: {
        kind: 'and', matched: true,
        children: [
          { kind: 'and', matched: true, children: [
            { kind: 'identifier', name: 'selection_img', matched: true, children: [
              { kind: 'or', matched: true, children: [
                { kind: 'item', field: 'Image', modifiers: ['endswith'], patterns: ['\\cmd.exe'], value: 'C:\\Windows\\cmd.exe', matched: true },
              ] },
            ] },
            { kind: 'identifier', name: 'selection_cli', matched: true, children: [
              { kind: 'item', field: 'CommandLine', modifiers: ['contains', 'all'], patterns: ['/c', 'whoami'], value: 'cmd /c WHOAMI', matched: true },
              { kind: 'item', field: 'IntegrityLevel', modifiers: [], patterns: ['High'], value: 'High', matched: true },
            ] },
          ] },
          { kind: 'not', matched: true, children: [
            { kind: 'identifier', name: 'filter_main', matched: false, children: [
              { kind: 'item', field: 'ParentImage', modifiers: ['endswith'], patterns: ['\\ccmexec.exe'], value: 'C:\\x.exe', matched: false },
            ] },
          ] },
        ],
      },
    }); // prettier-ignore
  });

  it('has the shape that an alert keeps', () => {
    const explanation: platform.Explanation = explain(rule, eventOf(fields));
    const back: Explanation = explanation;
    expect(back.tree.matched).to.equal(true);
  });

  it('shows of a rule that did not match what was missing', () => {
    const { tree } = explain(rule, eventOf({ ...fields, CommandLine: 'cmd /c dir' }));
    expect(tree.matched).to.equal(false);
    expect(items(tree)).to.eql([
      { kind: 'item', field: 'CommandLine', modifiers: ['contains', 'all'], patterns: ['whoami'], value: 'cmd /c dir', matched: false },
    ]); // prettier-ignore
  });

  it('cites values without which the rule would not match', () => {
    const letter = fc.constantFrom('a', 'b', 'ab');
    const item = fc.tuple(fc.constantFrom('f', 'g', 'h', 'f|contains', 'g|contains|all', 'h|startswith'), fc.array(letter, { minLength: 1, maxLength: 2 })); // prettier-ignore
    const map = fc.array(item, { minLength: 1, maxLength: 3 }).map((entries) => Object.fromEntries(entries));
    const search = fc.oneof(map, fc.array(map, { minLength: 1, maxLength: 3 }));
    const condition = fc.constantFrom(
      'a and b',
      'a or b',
      'b',
      '1 of them',
      'all of them',
      'a and not (not b)',
    );
    const event = fc.record({ f: letter, g: letter, h: letter });
    fc.assert(
      fc.property(search, search, condition, event, (a, b, text, values) => {
        const any = ruleOf(`a: ${JSON.stringify(a)}\nb: ${JSON.stringify(b)}\ncondition: ${text}`);
        if (!matches(any, eventOf(values))) return;
        for (const { field } of necessary(explain(any, eventOf(values)).tree)) {
          const rest = Object.fromEntries(Object.entries(values).filter(([name]) => name !== field));
          expect(matches(any, eventOf(rest)), String(field)).to.equal(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  for (const [what, search, event, value, patterns] of [
    ['the element of an array that matched', 'f|contains: b', { f: ['a', 'bb'] }, 'bb', ['b']],
    [
      'the value in which a keyword was found',
      '- evil\n- worse',
      { f: 'x', g: 'so evil' },
      'so evil',
      ['evil'],
    ],
    ['no value for an absent field', 'f: null', {}, null, ['null']],
    ['numbers as text', 'f|gt: 5', { f: 6 }, '6', ['5']],
    ['the value of a field that exists', 'f|exists: true', { f: 'x' }, 'x', ['true']],
    ['the value compared with another field', 'f|fieldref: g', { f: 'A', g: 'a' }, 'A', ['g']],
    ['all values of an item turned round', 'f|neq: [a, b]', { f: 'c' }, 'c', ['a', 'b']],
    ['values as the rule writes them', "f|contains|windash: ' -a'", { f: 'x /a' }, 'x /a', [' -a']],
    ['no value for a keyword that is nowhere', "'|neq': evil", { f: 'x' }, null, ['evil']],
  ] as const)
    it(`gives ${what}`, () => {
      const [item] = items(explain(searchRule(search), eventOf(event)).tree);
      expect(item).to.deep.include({ value, patterns, matched: true });
    });

  it('joins a list of conditions', () => {
    const both = ruleOf('a: {f: 1}\nb: {f: 2}\ncondition: [a, b]');
    expect(explain(both, eventOf({ f: 2 })).condition).to.equal('(a) or (b)');
  });

  it('shortens a long value around what matched', () => {
    const long = `${'x'.repeat(5000)}Needle${'y'.repeat(5000)}`;
    const [item] = items(explain(searchRule('f|contains: needle'), eventOf({ f: long })).tree);
    expect(item?.value)
      .to.have.length(excerptCharsMax)
      .and.to.match(/^…x+Needley+…$/);
    const [exact] = items(
      explain(searchRule('f|contains: x'), eventOf({ f: 'x'.repeat(excerptCharsMax) })).tree,
    );
    expect(exact?.value).to.equal('x'.repeat(excerptCharsMax));
    const [more] = items(
      explain(searchRule('f|contains: x'), eventOf({ f: 'x'.repeat(excerptCharsMax + 1) })).tree,
    );
    expect(more?.value?.length).to.be.at.most(excerptCharsMax);
    const [emoji] = items(explain(searchRule('f|contains: n'), eventOf({ f: `n${'😀'.repeat(5000)}` })).tree);
    expect(emoji?.value?.isWellFormed()).to.equal(true);
  });

  it('shows the value that a pattern of very many parts matched', () => {
    const { tree } = explain(searchRule(`f: '${'a*'.repeat(150_000)}'`), eventOf({ f: 'a'.repeat(150_000) }));
    expect(tree.matched).to.equal(true);
  });
});
