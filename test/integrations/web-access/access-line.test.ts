import { expect } from 'chai';
import fc from 'fast-check';
import { parseAccessLine } from '../../../integrations/web-access/access-line.ts';

const TIME = '[23/Nov/2026:10:00:00 +0700]';
const UTC = Date.UTC(2026, 10, 23, 3);

const cases: readonly { it: string; line: string; is: object }[] = [
  {
    it: 'reads a combined line',
    line: `203.0.113.9 - lan ${TIME} "GET /ho-so?id=7 HTTP/1.1" 200 512 "https://portal.example/" "Mozilla/5.0 (X11)"`,
    is: {
      client: '203.0.113.9',
      user: 'lan',
      timeMs: UTC,
      request: 'GET /ho-so?id=7 HTTP/1.1',
      status: 200,
      bytes: 512,
      referrer: 'https://portal.example/',
      userAgent: 'Mozilla/5.0 (X11)',
    },
  },
  { it: 'reads a common line', line: `203.0.113.9 - - ${TIME} "GET / HTTP/1.0" 304 -`, is: { status: 304 } },
  {
    it: 'reads the virtual host of vhost_combined',
    line: `portal.example:443 203.0.113.9 - - ${TIME} "GET / HTTP/1.1" 200 1 "-" "-"`,
    is: { host: 'portal.example:443', client: '203.0.113.9' },
  },
  {
    it: 'reads a virtual host before a client that is a host name',
    line: `portal.example client.example - lan ${TIME} "GET / HTTP/1.1" 200 1`,
    is: { host: 'portal.example', client: 'client.example', user: 'lan' },
  },
  {
    it: 'reads a virtual host that is an address',
    line: `10.1.2.3 203.0.113.9 - - ${TIME} "GET / HTTP/1.1" 200 1`,
    is: { host: '10.1.2.3', client: '203.0.113.9' },
  },
  {
    it: 'reads an IPv6 client',
    line: `2001:db8::9 - - ${TIME} "GET / HTTP/2.0" 200 1 "-" "-"`,
    is: { client: '2001:db8::9' },
  },
  {
    it: 'reads a line without identity',
    line: `203.0.113.9 - ${TIME} "GET / HTTP/1.1" 200 1`,
    is: { client: '203.0.113.9' },
  },
  {
    it: 'keeps a user name with blanks and brackets whole',
    line: `203.0.113.9 - nguyen [van] a ${TIME} "GET / HTTP/1.1" 401 1`,
    is: { user: 'nguyen [van] a', status: 401 },
  },
  {
    it: 'reads a request time behind the user agent',
    line: `203.0.113.9 - - ${TIME} "GET / HTTP/1.1" 200 1 "-" "x" 0.042`,
    is: { durationS: 0.042, extra: ['0.042'] },
  },
  {
    it: 'reads a labelled request time and keeps the other fields',
    line: `203.0.113.9 - - ${TIME} "GET / HTTP/1.1" 200 1 "-" "x" rt=1.500 urt="0.1" [upstream]`,
    is: { durationS: 1.5, extra: ['rt=1.500', 'urt="0.1"', '[upstream]'] },
  },
  {
    it: 'reads a number before the referrer',
    line: `203.0.113.9 - - ${TIME} "GET / HTTP/1.1" 200 1 4711 "https://a.example/" "x"`,
    is: { referrer: 'https://a.example/', userAgent: 'x', extra: ['4711'] },
  },
  {
    it: 'reads X-Forwarded-For behind the user agent',
    line: `10.0.0.2 - - ${TIME} "GET / HTTP/1.1" 200 1 "-" "x" "198.51.100.7, 10.0.0.1"`,
    is: { client: '10.0.0.2', forwarded: ['198.51.100.7', '10.0.0.1'] },
  },
  {
    it: 'reads X-Forwarded-For in the place of the client',
    line: `198.51.100.7, 10.0.0.1 - lan ${TIME} "GET / HTTP/1.1" 200 1`,
    is: { client: '198.51.100.7', forwarded: ['10.0.0.1'], user: 'lan' },
  },
  {
    it: 'undoes the quotes that Apache escapes',
    line: String.raw`203.0.113.9 - - ${TIME} "GET /?q=\"a\\b\" HTTP/1.1" 200 1 "-" "say \"hi\""`,
    is: { request: String.raw`GET /?q="a\b" HTTP/1.1`, userAgent: 'say "hi"' },
  },
  {
    it: 'undoes the quotes that nginx escapes',
    line: String.raw`203.0.113.9 - - ${TIME} "GET /?q=\x22a\x22 HTTP/1.1" 200 1 "-" "C\xE1\xBA\xA7n Th\xC6\xA1"`,
    is: { request: 'GET /?q="a" HTTP/1.1', userAgent: 'Cần Thơ' },
  },
  {
    it: 'leaves escaped control characters and broken UTF-8 as they were written',
    line: String.raw`203.0.113.9 - - ${TIME} "\x16\x03\x01\xFF\x22" 400 157 "-" "-"`,
    is: { request: String.raw`\x16\x03\x01\xFF"`, status: 400 },
  },
  {
    it: 'reads an empty request',
    line: `203.0.113.9 - - ${TIME} "-" 408 0 "-" "-"`,
    is: { status: 408, bytes: 0 },
  },
  {
    it: 'keeps a line cut short in its user agent',
    line: `203.0.113.9 - - ${TIME} "GET / HTTP/1.1" 200 1 "-" "Mozilla/5.0 (Wind`,
    is: { status: 200, userAgent: 'Mozilla/5.0 (Wind' },
  },
  {
    it: 'reads a quote that the server did not escape',
    line: `203.0.113.9 - - ${TIME} "GET /?q="x"y HTTP/1.1" 200 1`,
    is: { request: 'GET /?q="x"y HTTP/1.1', status: 200 },
  },
  {
    it: 'reads a time west of Greenwich, with a fraction',
    line: '203.0.113.9 - - [22/Nov/2026:22:30:00.250 -0430] "GET / HTTP/1.1" 200 1',
    is: { timeMs: UTC + 250 },
  },
  {
    it: 'reads a time in ISO 8601',
    line: '203.0.113.9 - - [2026-11-23T10:00:00+07:00] "GET / HTTP/1.1" 200 1',
    is: { timeMs: UTC },
  },
];

const refused: readonly { it: string; line: string }[] = [
  { it: 'has no time', line: '203.0.113.9 - - "GET / HTTP/1.1" 200 1' },
  {
    it: 'has a time that is none',
    line: '203.0.113.9 - - [99/Nov/2026:10:00:00 +0700] "GET / HTTP/1.1" 200 1',
  },
  { it: 'has no request', line: `203.0.113.9 - - ${TIME} connected` },
  { it: 'begins with the time', line: `${TIME} "GET / HTTP/1.1" 200 1` },
  { it: 'is empty', line: '' },
];

describe('parseAccessLine', () => {
  for (const row of cases) {
    it(row.it, () => {
      expect(parseAccessLine(row.line)).to.deep.include(row.is);
    });
  }

  for (const row of refused) {
    it(`takes no line that ${row.it}`, () => {
      expect(parseAccessLine(row.line)).to.equal(undefined);
    });
  }

  it('leaves out what the server wrote as a hyphen', () => {
    const line = parseAccessLine(`203.0.113.9 - - ${TIME} "-" 408 - "-" "-"`);
    expect(line).to.not.have.any.keys('user', 'request', 'referrer', 'userAgent', 'bytes', 'host');
  });

  it('cuts a field at its maximum', () => {
    const agent = 'a'.repeat(40_000);
    const line = parseAccessLine(`203.0.113.9 - - ${TIME} "GET / HTTP/1.1" 200 1 "-" "${agent}"`);
    expect(line?.userAgent).to.have.length(32_768);
  });

  it('keeps 32 further fields and no more', () => {
    const line = parseAccessLine(`203.0.113.9 - - ${TIME} "GET / HTTP/1.1" 200 1 "-" "x"${' z'.repeat(33)}`);
    expect(line?.extra).to.have.length(32);
  });

  const printable = fc.string({
    unit: fc.constantFrom(...Array.from('abZ09 /?&=%"\\\'[]<>{}$:;.,-_~ầơđ')),
    minLength: 2,
  });
  const field = printable.filter((text) => text.trim() === text && text !== '-');
  const escapes = {
    nginx: (text: string) => bytesOf(text, (byte) => byte === 0x22 || byte === 0x5c || byte > 0x7e),
    apache: (text: string) =>
      bytesOf(text.replaceAll('\\', '\\\\').replaceAll('"', '\\"'), (byte) => byte > 0x7e),
  };
  for (const [server, escape] of Object.entries(escapes)) {
    it(`gives back what ${server} wrote, whatever the client sent`, () => {
      fc.assert(
        fc.property(
          fc.oneof(fc.ipV4(), fc.ipV6()).filter((address) => address !== '::'),
          fc.record({ request: field, referrer: field, userAgent: field }),
          fc.integer({ min: 100, max: 599 }),
          (client, sent, status) => {
            const line = `${client} - - ${TIME} "${escape(sent.request)}" ${status} 9 "${escape(sent.referrer)}" "${escape(sent.userAgent)}"`;
            expect(parseAccessLine(line)).to.deep.include({ client, status, bytes: 9, ...sent });
          },
        ),
      );
    });
  }
});

/** Text with the chosen bytes as `\xHH`. */
function bytesOf(text: string, isEscaped: (byte: number) => boolean): string {
  return Array.from(Buffer.from(text), (byte) =>
    isEscaped(byte) ? `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}` : String.fromCharCode(byte),
  ).join('');
}
