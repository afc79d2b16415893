import { expect } from 'chai';
import { nginx } from '../../../integrations/nginx/integration.ts';
import { lineOf } from '../web-access/lines.ts';

const HEAD = '2026/11/23 10:00:00 [error] 12#13: *7 ';

const cases: readonly { it: string; rest: string; native: object; absent?: readonly string[] }[] = [
  {
    it: 'reads the whole context',
    rest: 'open() "/srv/a" failed (2: No such file or directory), client: 203.0.113.9, server: a.example, request: "GET /a?b HTTP/1.1", upstream: "http://10.0.0.1/", host: "a.example", referrer: "http://b.example/"',
    native: {
      message: 'open() "/srv/a" failed (2: No such file or directory)',
      client: '203.0.113.9',
      server: 'a.example',
      request: 'GET /a?b HTTP/1.1',
      upstream: 'http://10.0.0.1/',
      host: 'a.example',
      referrer: 'http://b.example/',
    },
  },
  {
    it: 'keeps quotes inside the request',
    rest: 'x, client: 203.0.113.9, server: , request: "GET /?"q" HTTP/1.1", host: "a.example"',
    native: { request: 'GET /?"q" HTTP/1.1', host: 'a.example' },
    absent: ['server'],
  },
  {
    it: 'believes no client where a path forges one',
    rest: 'open() "/srv/x, client: 192.0.2.1, server: y" failed, client: 203.0.113.9, server: a.example',
    native: {},
    absent: ['client', 'server'],
  },
  {
    it: 'believes no client where a referrer forges one',
    rest: 'x, client: 203.0.113.9, server: a, request: "GET / HTTP/1.1", referrer: "", client: 192.0.2.1, server: y"',
    native: {},
    absent: ['client', 'request'],
  },
  {
    it: 'reads a message without context',
    rest: 'signal process started',
    native: { message: 'signal process started' },
  },
];

describe('nginx error log', () => {
  for (const { it: what, rest, native, absent } of cases) {
    it(what, () => {
      const [event] = nginx.parse(lineOf(HEAD + rest)) ?? [];
      expect(event?.native).to.include({ level: 'error', pid: '12', tid: '13', connection: '7', ...native });
      for (const name of absent ?? []) expect(event?.native).to.not.have.property(name);
      if (absent?.includes('client') === true)
        expect(event?.ecs).to.not.have.any.keys('source.ip', 'related.ip');
    });
  }

  it('is local to the zone of the input, and UTC without one', () => {
    const text = `${HEAD}x`;
    const zoned = nginx.parse(lineOf(text, { hints: { zone: 'Asia/Ho_Chi_Minh' } }))?.[0]?.time;
    expect(zoned).to.equal(Date.UTC(2026, 10, 23, 3));
    expect(nginx.parse(lineOf(text))?.[0]?.time).to.equal(Date.UTC(2026, 10, 23, 10));
  });

  for (const message of ['user "lan": password mismatch', 'user "lan" was not found in "/etc/htpasswd"']) {
    it(`sees a failed login in ${message}`, () => {
      const [event] = nginx.parse(lineOf(`${HEAD}${message}, client: 203.0.113.9, server: a.example`)) ?? [];
      expect(event?.ecs).to.include({
        'user.name': 'lan',
        'event.outcome': 'failure',
        'source.ip': '203.0.113.9',
      });
    });
  }

  for (const text of [
    '2026/11/23 10:00:00 [error] x',
    '2026-11-23 10:00:00 [error] 1#1: x',
    '',
    '2026/11/23',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(nginx.parse(lineOf(text))).to.equal(undefined);
    });
  }
});

describe('nginx JSON access log', () => {
  const base = { remote_addr: '203.0.113.9', request: 'GET /a?b HTTP/1.1', status: '200' };

  it('reads nginx variables', () => {
    const [event] =
      nginx.parse(lineOf(JSON.stringify({ ...base, time_iso8601: '2026-11-23T10:00:00+07:00' }))) ?? [];
    expect(event?.time).to.equal(Date.UTC(2026, 10, 23, 3));
    expect(event?.native).to.include({
      'c-ip': '203.0.113.9',
      'cs-uri-stem': '/a',
      'sc-status': 200,
      status: '200',
    });
  });

  it('reads the escapes of nginx that are no JSON', () => {
    const [event] =
      nginx.parse(lineOf(String.raw`{"remote_addr":"203.0.113.9","request":"GET /\x22 HTTP/1.1"}`)) ?? [];
    expect(event?.native).to.include({ 'cs-uri': '/"' });
    expect(event).to.not.have.property('time');
  });

  it('keeps what only looks like an escape', () => {
    const request = String.raw`GET /\x22 HTTP/1.1`;
    const [event] = nginx.parse(lineOf(JSON.stringify({ ...base, request }))) ?? [];
    expect(event?.native).to.include({ 'cs-uri': String.raw`/\x22` });
  });

  it('takes names from the line without touching any prototype', () => {
    const text = '{"remote_addr":"203.0.113.9","request":"GET / HTTP/1.1","__proto__":"x","constructor":"y"}';
    const [event] = nginx.parse(lineOf(text)) ?? [];
    expect(Object.getPrototypeOf(event?.native)).to.equal(Object.prototype);
    expect(event?.native).to.have.own.property('constructor', 'y');
  });

  it('keeps 128 members and no more', () => {
    const many = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`k${index}`, 'v']));
    const [event] = nginx.parse(lineOf(JSON.stringify({ ...base, ...many }))) ?? [];
    expect(event?.native).to.have.property('k124');
    expect(event?.native).to.not.have.property('k125');
  });

  for (const text of [
    '{"client":"203.0.113.9","request":"GET / HTTP/1.1"}',
    '{"remote_addr":"x"}',
    '{',
    '[]',
  ]) {
    it(`is not ${text} when nothing says nginx`, () => {
      expect(nginx.parse(lineOf(text))).to.equal(undefined);
    });
  }
});
