import { expect } from 'chai';
import fc from 'fast-check';
import { apache } from '../../../integrations/apache/integration.ts';
import type { Line } from '../../../integrations/contract.ts';
import { nginx } from '../../../integrations/nginx/integration.ts';
import { webAccess } from '../../../integrations/web-access/integration.ts';
import { lineOf } from './lines.ts';

const ACCESS =
  '203.0.113.9 - lan [23/Nov/2026:10:00:00 +0700] "GET /ho-so.php?id=7 HTTP/1.1" 404 512 "-" "curl/8.5"';

/** Which integration takes the line, in the order of the registry. */
function takenBy(line: Line): string | undefined {
  return [nginx, apache, webAccess].find((integration) => integration.parse(line) !== undefined)?.id;
}

const owners: readonly { it: string; line: Line; owner: string | undefined }[] = [
  { it: 'a hint of nginx', line: lineOf(ACCESS, { hints: { product: 'nginx' } }), owner: 'nginx' },
  { it: 'a hint of Apache', line: lineOf(ACCESS, { hints: { product: 'apache' } }), owner: 'apache' },
  { it: 'the path of nginx', line: lineOf(ACCESS, { path: '/var/log/nginx/access.log' }), owner: 'nginx' },
  { it: 'the path of Apache', line: lineOf(ACCESS, { path: '/var/log/httpd/access_log' }), owner: 'apache' },
  { it: 'the syslog tag nginx', line: lineOf(ACCESS, { envelope: { app: 'nginx' } }), owner: 'nginx' },
  { it: 'the syslog tag apache2', line: lineOf(ACCESS, { envelope: { app: 'apache2' } }), owner: 'apache' },
  { it: 'a tag still in front', line: lineOf(`apache2[12]: ${ACCESS}`), owner: 'apache' },
  { it: 'nothing at all', line: lineOf(ACCESS), owner: 'web-access' },
  {
    it: 'the shape of an nginx error',
    line: lineOf('2026/11/23 10:00:00 [error] 12#12: *1 x'),
    owner: 'nginx',
  },
  {
    it: 'the shape of an Apache error',
    line: lineOf('[Mon Nov 23 10:00:00 2026] [error] x'),
    owner: 'apache',
  },
  { it: 'no web server', line: lineOf('sshd[12]: Accepted publickey for lan'), owner: undefined },
];

describe('access logs', () => {
  for (const { it: what, line, owner } of owners) {
    it(`with ${what} belong to ${owner ?? 'nobody'}`, () => {
      expect(takenBy(line)).to.equal(owner);
    });
  }

  it('give the fields of the webserver category', () => {
    const [event] = nginx.parse(lineOf(`${ACCESS}\r`, { hints: { product: 'nginx' } })) ?? [];
    expect(event?.native).to.deep.equal({
      'c-ip': '203.0.113.9',
      'cs-username': 'lan',
      'cs-method': 'GET',
      'cs-uri': '/ho-so.php?id=7',
      'cs-uri-stem': '/ho-so.php',
      'cs-uri-query': ['id=7', '/ho-so.php?id=7'],
      'cs-version': 'HTTP/1.1',
      'cs-user-agent': 'curl/8.5',
      'sc-status': 404,
      'sc-bytes': 512,
    });
    expect(event?.logsource).to.deep.include({ category: 'webserver', product: 'nginx', service: 'access' });
  });

  it('give ECS', () => {
    const [event] = apache.parse(lineOf(ACCESS, { hints: { product: 'apache' } })) ?? [];
    expect(event?.time).to.equal(Date.UTC(2026, 10, 23, 3));
    expect(event?.ecs).to.deep.equal({
      'event.kind': 'event',
      'event.category': ['web'],
      'event.type': ['access'],
      'event.dataset': 'apache.access',
      'event.outcome': 'failure',
      'source.address': '203.0.113.9',
      'source.ip': '203.0.113.9',
      'related.ip': ['203.0.113.9'],
      'related.user': ['lan'],
      'http.request.method': 'GET',
      'http.response.status_code': 404,
      'http.response.body.bytes': 512,
      'http.version': '1.1',
      'url.original': '/ho-so.php?id=7',
      'url.path': '/ho-so.php',
      'url.query': 'id=7',
      'url.extension': 'php',
      'user_agent.original': 'curl/8.5',
      'user.name': 'lan',
    });
  });

  it('keep a request that is none as text', () => {
    const line = ACCESS.replace('GET /ho-so.php?id=7 HTTP/1.1', String.raw`\x16\x03\x01`);
    const [event] = webAccess.parse(lineOf(line)) ?? [];
    expect(event?.native).to.include({ request: String.raw`\x16\x03\x01`, 'sc-status': 404 });
    expect(event?.native).to.not.have.property('cs-method');
  });

  it('give the name of a client that is no address, and no address', () => {
    const [event] = webAccess.parse(lineOf(ACCESS.replace('203.0.113.9', 'may12.example'))) ?? [];
    expect(event?.ecs).to.include({ 'source.address': 'may12.example', 'source.domain': 'may12.example' });
    expect(event?.ecs).to.not.have.any.keys('source.ip', 'related.ip');
  });

  it('never throw, whatever the line holds', () => {
    const bits = fc.constantFrom(
      '"',
      '\\',
      '\\x',
      '\\xE1',
      ' ',
      '[',
      ']',
      '{',
      '}',
      ': ',
      ', client: ',
      ', referer: ',
      '-',
      'GET /',
      '[23/Nov/2026:10:00:00 +0700] ',
      '2026/11/23 10:00:00 [error] 1#1: ',
      '[Mon Nov 23 10:00:00 2026] [error] ',
      '[client ',
      'ModSecurity: ',
      '[id "',
      '{"remote_addr":"',
      '","request":"',
      '(13)',
      'user "',
      '\0',
      '\u{1F600}',
    );
    const text = fc.array(fc.oneof(bits, fc.string())).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom('nginx', 'apache', undefined), (message, product) => {
        const line = lineOf(message, { hints: product === undefined ? {} : { product } });
        for (const integration of [nginx, apache, webAccess]) integration.parse(line);
      }),
      { numRuns: 500 },
    );
  });

  it('take a hostile line of the greatest size without hanging', () => {
    for (const filler of ['"\\', ' [', ', client: ', '[23/Nov/2026:10:00:00 +0700 ', ' [a "', '\\xE1']) {
      const message = `[Mon Nov 23 10:00:00 2026] [error] ModSecurity: ${filler.repeat((512 * 1024) / filler.length)}`;
      for (const integration of [nginx, apache, webAccess]) {
        integration.parse(lineOf(message));
        integration.parse(
          lineOf(`1.2.3.4 - - [23/Nov/2026:10:00:00 +0700] "${message}`, {
            hints: { product: integration.id },
          }),
        );
      }
    }
  }).timeout(10_000);
});
