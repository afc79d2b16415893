import { expect } from 'chai';
import fc from 'fast-check';
import { flatten } from '../../ui/src/evidence/flatten.ts';
import { prose } from '../../ui/src/evidence/prose.ts';
import { visibleParts } from '../../ui/src/evidence/visible.ts';

function shown(text: string): string {
  return visibleParts(text)
    .map((part) => (part.kind === 'text' ? part.text : `<${part.label}>`))
    .join('');
}

const rows: readonly (readonly [string, string, string])[] = [
  ['Vietnamese is left as it is', 'Đăng nhập thất bại: Nguyễn Văn Ằ', 'Đăng nhập thất bại: Nguyễn Văn Ằ'],
  ['decomposed Vietnamese too', 'Cần Thơ'.normalize('NFD'), 'Cần Thơ'.normalize('NFD')],
  ['a direction override is named', 'invoice\u202Egpj.exe', 'invoice<U+202E>gpj.exe'],
  ['isolates are named', '\u2066a\u2069', '<U+2066>a<U+2069>'],
  ['a zero-width space is named', 'pay\u200Bpal', 'pay<U+200B>pal'],
  ['a byte order mark is named', '\uFEFFx', '<U+FEFF>x'],
  ['a soft hyphen is named', 'a\u00ADb', 'a<U+00AD>b'],
  ['control characters have their names', 'a\u0000b\tc\u001B[31m', 'a<NUL>b<TAB>c<ESC>[31m'],
  ['line feeds are named', 'a\r\nb', 'a<CR><LF>b'],
  ['C1 controls are named', '\u0085', '<U+0085>'],
  ['a lone surrogate is named', 'a\uD800b', 'a<U+D800>b'],
  ['tag characters are named', '\u{E0041}', '<U+E0041>'],
  ['emoji are left as they are', '👍', '👍'],
];

describe('visibleParts', () => {
  for (const [title, text, expected] of rows) it(title, () => expect(shown(text)).to.equal(expected));

  it('loses nothing of the text', () => {
    const unit = fc.constantFrom(
      'a',
      'ế',
      '\n',
      '\u202E',
      '\u200B',
      '\uD83D',
      '\uDE00',
      '\uFFFE',
      '\u{E0001}',
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const parts = visibleParts(text).map((part) => (part.kind === 'text' ? part.text : part.character));
        expect(parts.join('')).to.equal(text);
      }),
    );
  });
});

describe('prose', () => {
  it('makes one line of the lines of a rule', () => expect(prose('one\n  two\n')).to.equal('one two'));
});

describe('flatten', () => {
  it('names nested fields by their dotted path', () => {
    expect(flatten({ a: { b: 1, c: ['x', 2] }, d: null })).to.deep.equal([
      { name: 'a.b', value: '1' },
      { name: 'a.c', value: 'x, 2' },
      { name: 'd', value: 'null' },
    ]);
  });

  it('keeps a list of objects as JSON', () => {
    expect(flatten({ a: [{ b: 1 }] })).to.deep.equal([{ name: 'a', value: '[{"b":1}]' }]);
  });

  it('stops at 2000 fields', () => {
    const wide = Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`f${i}`, i]));
    expect(flatten(wide)).to.have.length(2000);
  });

  it('stops at 32 levels', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 40; i += 1) deep = { a: deep };
    expect(flatten(deep)[0]?.name.split('.')).to.have.length(32);
  });
});
