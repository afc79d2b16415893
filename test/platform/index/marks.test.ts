import { expect } from 'chai';
import fc from 'fast-check';
import type { Scalar } from '../../../platform/query/document.ts';
import { fieldMark, fieldMarks } from '../../../platform/index/marks.ts';
import { fold } from '../../../platform/query/tokens.ts';

const piece = fc.constantFrom(
  'a',
  'Ab',
  'é',
  'Đ',
  '7',
  '2026-11-23T10:00',
  '.',
  ' ',
  'e\u0301\u0302',
  '한',
  'ﬁ',
);
const text = fc.oneof(
  fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
  fc.tuple(piece, fc.constantFrom(255, 256, 257, 2048, 2049)).map(([one, times]) => one.repeat(times)),
);
const value: fc.Arbitrary<Scalar> = fc.oneof(text, fc.integer(), fc.double(), fc.boolean());

describe('fieldMarks', () => {
  it('holds the mark that a search for any of its values asks for, unless it says that some are missing', () => {
    fc.assert(
      fc.property(value, value, (first, second) => {
        const { marks, incomplete } = fieldMarks({ a: { b: [first, { c: second }] }, 'a.b': second });
        for (const [path, held] of [
          ['a.b', first],
          ['a.b', second],
          ['a.b.c', second],
        ] as const) {
          const wanted = fieldMark(path, fold(String(held)));
          if (wanted !== undefined && !incomplete) expect(marks).to.include(wanted);
        }
      }),
    );
  });

  const without: readonly (readonly [string, string])[] = [
    ['a number of five digits', '50122'],
    ['a word of sixteen letters and digits', '0c9f6e7a1b2d3e4f'],
    ['a point of time', '2026-11-23T10:11:12.131Z'],
    ['a value of more than 256 characters', '- '.repeat(129)],
  ];
  for (const [what, telling] of without) {
    it(`holds none for ${what}, which its tokens tell well enough`, () => {
      expect(fieldMarks({ a: telling })).to.deep.equal({ marks: [], incomplete: false });
      expect(fieldMark('a', telling)).to.equal(undefined);
    });
  }

  it('holds one for shorter ones', () => {
    for (const short of ['5012', '0c9f6e7a1b2d3e4', '2026-11-23', '- '.repeat(128), '10.0.0.1']) {
      expect(fieldMarks({ a: short }).marks, short).to.deep.equal([fieldMark('a', short)]);
    }
  });

  it('holds 2048 marks, and says when there are more', () => {
    const list = (length: number) => Array.from({ length }, (_, n) => `v-${n}`);
    expect(fieldMarks({ a: list(2048) }).incomplete).to.equal(false);
    const { marks, incomplete } = fieldMarks({ a: list(2049) });
    expect(marks).to.have.length(2048);
    expect(incomplete).to.equal(true);
  });
});
