import { expect } from 'chai';
import fc from 'fast-check';
import { COUNT_DIGITS_MAX, Framer } from '../../../collectors/syslog/framing.ts';

const FRAME_BYTES_MAX = 40;

/** Frames of a stream that arrives in the given pieces. */
function frames(pieces: readonly string[]): {
  readonly messages: readonly string[];
  readonly resynchronised: number;
} {
  let resynchronised = 0;
  const framer = new Framer({
    frameBytesMax: FRAME_BYTES_MAX,
    onResynchronised: () => (resynchronised += 1),
  });
  const out = pieces.flatMap((piece) => framer.push(Buffer.from(piece, 'latin1')));
  out.push(...framer.end());
  return { messages: out.map((message) => message.toString('latin1')), resynchronised };
}

const digits = '9'.repeat(COUNT_DIGITS_MAX + 1);

interface Row {
  readonly name: string;
  readonly stream: string;
  readonly messages: readonly string[];
  readonly resynchronised?: number;
}

const rows: readonly Row[] = [
  { name: 'lines', stream: '<1>a\n<2>b\n', messages: ['<1>a', '<2>b'] },
  { name: 'lines with CRLF', stream: '<1>a\r\n<2>b\r\n', messages: ['<1>a', '<2>b'] },
  { name: 'lines without priority', stream: 'a\nb\n', messages: ['a', 'b'] },
  { name: 'empty lines, which are no messages', stream: '\n\n<1>a\n\n', messages: ['<1>a'] },
  { name: 'counted frames', stream: '4 <1>a5 <2>bc', messages: ['<1>a', '<2>bc'] },
  {
    name: 'counted frames with line feeds inside',
    stream: '7 <1>a\nbc4 <2>d',
    messages: ['<1>a\nbc', '<2>d'],
  },
  {
    name: 'counted frames with a line feed after each',
    stream: '4 <1>a\n4 <2>b\n',
    messages: ['<1>a', '<2>b'],
  },
  { name: 'a counted frame that counts its line feed', stream: '5 <1>a\n4 <2>b', messages: ['<1>a', '<2>b'] },
  { name: 'NUL at the end of a frame', stream: '5 <1>a\0', messages: ['<1>a'] },
  {
    name: 'both framings in turn',
    stream: '4 <1>a<2>b\n4 <3>c<4>d\n',
    messages: ['<1>a', '<2>b', '<3>c', '<4>d'],
  },
  { name: 'an unfinished line at the end', stream: '<1>a\n<2>b', messages: ['<1>a', '<2>b'] },
  { name: 'an unfinished counted frame at the end', stream: '9 <1>a', messages: ['<1>a'] },
  { name: 'an unfinished count at the end', stream: '<1>a\n12', messages: ['<1>a', '12'] },
  { name: 'a line that begins with a number', stream: '2026 errors\n12 <', messages: ['2026 errors', '<'] },
  { name: 'a count that begins with zero, which is none', stream: '04 <1>a\n', messages: ['04 <1>a'] },
  {
    name: 'a count with too many digits, as a line',
    stream: `${digits} <1>a\n<2>b\n`,
    messages: [`${digits} <1>a`, '<2>b'],
  },
  { name: 'a count above the maximum, as a line', stream: '41 <1>a\n<2>b\n', messages: ['41 <1>a', '<2>b'] },
  {
    name: 'a count at the maximum',
    stream: `40 <1>${'x'.repeat(37)}<2>b\n`,
    messages: [`<1>${'x'.repeat(37)}`, '<2>b'],
  },
  { name: 'a line at the maximum', stream: `${'x'.repeat(40)}\n<2>b\n`, messages: ['x'.repeat(40), '<2>b'] },
  {
    name: 'a line over the maximum, cut, also before a digit and a line feed',
    stream: `${'x'.repeat(40)}4 <1>a\n${'y'.repeat(81)}\n`,
    messages: ['x'.repeat(40), '4 <1>a', 'y'.repeat(40), 'y'.repeat(40), 'y'],
  },
  {
    name: 'a count that is too small, up to the next count',
    stream: '4 <1>abc 5 <2>de4 <3>f',
    messages: ['<1>a', 'bc ', '<2>de', '<3>f'],
    resynchronised: 1,
  },
  {
    name: 'a count that is too small, up to the next line feed',
    stream: '4 <1>abc\n<2>d\n',
    messages: ['<1>a', 'bc', '<2>d'],
    resynchronised: 1,
  },
  {
    name: 'a count that is too large, as far as it says',
    stream: '8 <1>a4 <2>bcd\n4 <3>e',
    messages: ['<1>a4 <2', '>bcd', '<3>e'],
    resynchronised: 1,
  },
];

describe('Framer', () => {
  for (const { name, stream, messages, resynchronised = 0 } of rows) {
    it(`takes ${name}`, () => {
      expect(frames([stream])).to.deep.equal({ messages, resynchronised });
    });

    it(`takes ${name}, cut in two at every byte, and byte by byte`, () => {
      const cuts = Array.from({ length: stream.length - 1 }, (_, i) => [
        stream.slice(0, i + 1),
        stream.slice(i + 1),
      ]);
      for (const pieces of [...cuts, stream.split('')]) {
        expect(frames(pieces).messages, JSON.stringify(pieces)).to.deep.equal(messages);
      }
    });
  }

  it('gives back what either framing was given, however the stream is cut', () => {
    const body = fc.string({ unit: fc.constantFrom('a', '7', ' ', '<', '>', 'é'.charAt(0)), maxLength: 20 });
    const message = fc.record({ text: body.map((text) => `<13>${text}x`), counted: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 8 }),
        fc.array(fc.nat(200), { maxLength: 6 }),
        (sent, positions) => {
          const stream = sent
            .map(({ text, counted }) => (counted ? `${String(text.length)} ${text}` : `${text}\n`))
            .join('');
          const at = [
            0,
            ...positions.map((p) => p % (stream.length + 1)).toSorted((a, b) => a - b),
            stream.length,
          ];
          const pieces = at.slice(1).map((end, i) => stream.slice(at[i], end));
          expect(frames(pieces).messages).to.deep.equal(sent.map(({ text }) => text));
        },
      ),
    );
  });

  it('loses no byte of any stream but line ends, NUL and counts', () => {
    const soup = fc.string({
      unit: fc.constantFrom('a', '1', '9', '0', ' ', '<', '>', '\n'),
      maxLength: 120,
    });
    fc.assert(
      fc.property(soup, fc.nat(120), (stream, cut) => {
        const { messages } = frames(
          [stream.slice(0, cut), stream.slice(cut)].filter((piece) => piece !== ''),
        );
        const letters = (text: string): string => text.replaceAll(/[^a<>]/g, '');
        expect(letters(messages.join(''))).to.equal(letters(stream));
      }),
    );
  });
});
