import { expect } from 'chai';
import fc from 'fast-check';
import { unescape } from '../../../integrations/web-access/quoted.ts';

const cases: readonly { text: string; is: string; it: string }[] = [
  { it: 'leaves plain text alone', text: 'a b', is: 'a b' },
  { it: 'undoes quotes and backslashes', text: String.raw`\"a\\b\'`, is: String.raw`"a\b'` },
  { it: 'undoes a byte', text: String.raw`\x41\x7e`, is: 'A~' },
  {
    it: 'undoes UTF-8 of two, three and four bytes',
    text: String.raw`\xC4\x91\xE1\xBA\xA7\xF0\x9F\x98\x80`,
    is: 'đầ😀',
  },
  {
    it: 'leaves control characters as they were written',
    text: String.raw`\x00\x1b\x7F\n\t`,
    is: String.raw`\x00\x1B\x7F\n\t`,
  },
  { it: 'leaves C1 controls as escapes', text: String.raw`\xC2\x9B`, is: String.raw`\x9B` },
  { it: 'leaves a lone continuation byte', text: String.raw`\x80\x22`, is: String.raw`\x80"` },
  {
    it: 'leaves a sequence that is too long for its character',
    text: String.raw`\xC0\xAF`,
    is: String.raw`\xC0\xAF`,
  },
  { it: 'leaves a surrogate', text: String.raw`\xED\xA0\x80`, is: String.raw`\xED\xA0\x80` },
  { it: 'leaves a sequence cut short', text: String.raw`\xE1\xBA`, is: String.raw`\xE1\xBA` },
  { it: 'leaves a backslash at the end', text: 'a\\', is: 'a\\' },
  { it: 'leaves what is no escape', text: String.raw`\xZZ\q`, is: String.raw`\xZZ\q` },
];

describe('unescape', () => {
  for (const { it: what, text, is } of cases) {
    it(what, () => {
      expect(unescape(text)).to.equal(is);
    });
  }

  it('decodes exactly the byte sequences that UTF-8 has', () => {
    const reference = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(fc.uint8Array({ min: 0x80, minLength: 1, maxLength: 4 }), (bytes) => {
        const escaped = Array.from(bytes, (byte) => `\\x${byte.toString(16).toUpperCase()}`).join('');
        let decoded: string | undefined;
        try {
          decoded = reference.decode(bytes);
        } catch {
          return;
        }
        if (!/[\u0080-\u009f]/.test(decoded)) expect(unescape(escaped)).to.equal(decoded);
      }),
      { numRuns: 2000 },
    );
  });
});
