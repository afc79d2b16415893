import { expect } from 'chai';
import { apache } from '../../../integrations/apache/integration.ts';
import { lineOf } from '../web-access/lines.ts';

const DATE = '[Mon Nov 23 10:00:00.123456 2026]';

const cases: readonly { it: string; text: string; native?: object; ecs?: object }[] = [
  {
    it: 'reads version 2.4',
    text: `${DATE} [core:error] [pid 12:tid 34] [client 203.0.113.9:555] AH00126: Invalid URI, referer: http://a.example/`,
    native: { module: 'core', level: 'error', pid: '12', tid: '34', code: 'AH00126', message: 'Invalid URI' },
    ecs: { 'source.ip': '203.0.113.9', 'source.port': 555, 'http.request.referrer': 'http://a.example/' },
  },
  {
    it: 'reads version 2.2',
    text: '[Mon Nov  2 10:00:00 2026] [error] [client 2001:db8::9] File does not exist: /srv/a',
    native: { level: 'error', client: '2001:db8::9', message: 'File does not exist: /srv/a' },
    ecs: { 'source.ip': '2001:db8::9' },
  },
  {
    it: 'parts the port from an IPv6 client',
    text: `${DATE} [:error] [pid 12:tid 34] [client ::1:37752] [client ::1] x`,
    native: { message: 'x' },
    ecs: { 'source.ip': '::1', 'source.port': 37_752 },
  },
  {
    it: 'reads what the operating system said before the client',
    text: `${DATE} [ssl:info] [pid 12:tid 34] (70014)End of file found: [client 203.0.113.9:555] AH02006: stopped`,
    native: { osError: '(70014)End of file found', code: 'AH02006', message: 'stopped' },
    ecs: { 'source.ip': '203.0.113.9', 'error.message': '(70014)End of file found' },
  },
  {
    it: 'leaves brackets of the message to the message',
    text: `${DATE} [php:warn] [pid 12] [client 203.0.113.9:555] [muc] x [client 192.0.2.1:1] y`,
    native: { message: '[muc] x [client 192.0.2.1:1] y' },
    ecs: { 'source.ip': '203.0.113.9' },
  },
  {
    it: 'sees a failed login',
    text: `${DATE} [auth_basic:error] [pid 12] [client 203.0.113.9:555] AH01618: user lan not found: /noi-bo/`,
    ecs: { 'user.name': 'lan', 'event.outcome': 'failure' },
  },
  {
    it: 'reads ModSecurity',
    text: `${DATE} [:error] [pid 12] [client 203.0.113.9:555] ModSecurity: Warning. x [file "/a"] [id "930100"] [msg "Path"] [data "\\"] [id \\"1\\"]"] [severity "CRITICAL"] [tag "a"] [tag "b"] [uri "/x"]`,
    native: { id: '930100', msg: 'Path', severity: 'CRITICAL', data: '\\"] [id \\"1\\"]' },
    ecs: { 'rule.id': '930100', 'rule.name': 'Path', 'url.path': '/x' },
  },
];

describe('Apache error log', () => {
  for (const { it: what, text, native, ecs } of cases) {
    it(what, () => {
      const [event] = apache.parse(lineOf(text)) ?? [];
      expect(event?.native).to.include(native ?? {});
      expect(event?.ecs).to.include(ecs ?? {});
    });
  }

  it('is local to the zone of the input', () => {
    const line = lineOf(`${DATE} [error] x`, { hints: { zone: 'Asia/Ho_Chi_Minh' } });
    expect(apache.parse(line)?.[0]?.time).to.equal(Date.UTC(2026, 10, 23, 3, 0, 0, 123));
  });

  it('has the time of the syslog header where it has none', () => {
    const line = lineOf('[core:error] [pid 12] x', { envelope: { app: 'apache2', time: 5 } });
    expect(apache.parse(line)?.[0]?.time).to.equal(5);
  });

  for (const text of ['[Mon Nov 23 10:00:00 2026] no level', '[core:error] [pid 12] x', '[', '']) {
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(apache.parse(lineOf(text))).to.equal(undefined);
    });
  }
});
