import { expect } from 'chai';
import { fold, TEXT_CHARS_MAX, tokens } from '../../../platform/query/tokens.ts';

describe('fold', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['WEB-01', 'web-01'],
    ['Cần Thơ', 'can tho'],
    ['Đà Nẵng', 'da nang'],
    ['đường', 'duong'],
    ['Ünïcode', 'unicode'],
    ['ΣΑΣ', 'σας'],
    ['한글', '한글'],
    ['', ''],
  ];
  for (const [text, folded] of rows) {
    it(`makes ${JSON.stringify(folded)} of ${JSON.stringify(text)}, composed or decomposed`, () => {
      expect(fold(text.normalize('NFC'))).to.equal(folded);
      expect(fold(text.normalize('NFD'))).to.equal(folded);
      expect(fold(folded)).to.equal(folded);
    });
  }
});

describe('tokens', () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Failed password for root', ['failed', 'password', 'for', 'root']],
    ['C:\\Windows\\cmd.exe', ['c', 'windows', 'cmd', 'exe']],
    ['10.0.0.7:22', ['10', '0', '0', '7', '22']],
    ['snake_case', ['snake', 'case']],
    ['Cần Thơ, Đà Nẵng', ['can', 'tho', 'da', 'nang']],
    ['a a', ['a', 'a']],
    ['x😀y', ['x', 'y']],
    ['٣ và ๕', ['٣', 'va', '๕']],
    [' .-_ ', []],
    ['', []],
  ];
  for (const [text, list] of rows) {
    it(`splits ${JSON.stringify(text)}, composed or decomposed`, () => {
      expect(tokens(text.normalize('NFC'))).to.deep.equal(list);
      expect(tokens(text.normalize('NFD'))).to.deep.equal(list);
    });
  }

  for (const filler of ['. ', 'đ ']) {
    it(`takes TEXT_CHARS_MAX characters and no more (${JSON.stringify(filler)})`, () => {
      const start = filler.repeat(TEXT_CHARS_MAX / 2 - 1);
      expect(tokens(`${start}xyz`).at(-1)).to.equal('xy');
      expect(tokens(`${start}.xz`).at(-1)).to.equal('x');
      expect(tokens(`${start}..x`)).not.to.include('x');
    });
  }
});
