import { mkdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import { BODY_BYTES_MAX } from '../../api/app.ts';
import type { Problem } from '../../api/contract/index.ts';
import { catalogue, type ErrorCode } from '../../platform/errors/index.ts';
import { PASSWORD, startServer, type Client, type Reply, type TestServer } from './server.ts';

const SESSION = '/api/v1/session';
let server: TestServer;
let client: Client;
before(async () => {
  server = await startServer();
  await server.addUser('lan', 'analyst', null);
  client = await server.signedIn('lan');
});
after(async () => await server.stop());

function expectProblem(reply: Reply, status: number, code: ErrorCode): Problem {
  expect(reply.status, reply.text).to.equal(status);
  const problem = reply.body as Problem;
  expect(problem.code).to.equal(code);
  expect(Object.keys(catalogue)).to.include(problem.code);
  expect(Object.keys(problem)).to.have.members(
    problem.place === undefined ? ['code', 'message'] : ['code', 'message', 'place'],
  );
  expect(reply.text).not.to.match(/\bat .*\.(ts|js):\d+/);
  return problem;
}

describe('a failing request', () => {
  const bodies: readonly (readonly [string, string, string])[] = [
    ['no JSON at all', 'name=lan', 'body'],
    ['JSON that breaks off', '{"name": "lan"', 'body'],
    ['JSON with a wrong character', '{\n  "name": lan }', 'body'],
    ['JSON that is no object', '[]', 'body'],
    ['an empty text', '', 'body.name'],
    ['a missing key', '{"name":"lan"}', 'body.password'],
    ['a key of another type', '{"name":"lan","password":1}', 'body.password'],
    ['a key too many', '{"name":"lan","password":"x","role":"administrator"}', 'body'],
    [
      'a key that means the prototype',
      '{"name":"lan","password":"x","__proto__":{"role":"administrator"}}',
      'body',
    ],
    ['a value that is too long', JSON.stringify({ name: 'a'.repeat(129), password: 'x' }), 'body.name'],
  ];
  for (const [title, raw, place] of bodies) {
    it(`says where the body is wrong: ${title}`, async () => {
      const problem = expectProblem(await client.send('POST', SESSION, { raw }), 400, 'request_invalid');
      expect(problem.place).to.satisfy((found: string) => found === place || found.startsWith(`${place}:`));
    });
  }

  it('says line and column of a JSON error where it is known', async () => {
    const reply = await client.send('POST', SESSION, { raw: '{\n  "name": "lan",,}' });
    expect(expectProblem(reply, 400, 'request_invalid').place).to.equal('body:2:17');
  });

  it('says column of a query error', async () => {
    const reply = await client.get(`/api/v1/alerts?q=${encodeURIComponent('host:a and )')}`);
    expect(expectProblem(reply, 400, 'query_syntax').place).to.match(/^q:\d+$/);
  });

  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    it(`takes no body of type ${type}`, async () => {
      const raw = JSON.stringify({ name: 'lan', password: PASSWORD });
      const reply = await client.send('POST', SESSION, { raw, headers: { 'Content-Type': type } });
      expectProblem(reply, 400, 'request_invalid');
    });
  }

  it('takes no compressed body', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    expectProblem(await client.send('POST', SESSION, { raw: '{}', headers }), 400, 'request_invalid');
  });

  it('takes a body of the largest size and none that is larger', async () => {
    const body = JSON.stringify({ name: 'lan', password: 'x' });
    const largest = body + ' '.repeat(BODY_BYTES_MAX - body.length);
    expectProblem(await server.client().send('POST', SESSION, { raw: largest }), 401, 'auth_failed');
    expectProblem(await client.send('POST', SESSION, { raw: `${largest} ` }), 413, 'request_too_large');
  });

  const unknown: readonly (readonly [string, string])[] = [
    ['GET', '/api/v1/nothing'],
    ['GET', '/api'],
    ['GET', '/api/v2/alerts'],
    ['PATCH', '/api/v1/alerts'],
    ['POST', '/'],
    ['DELETE', '/health'],
    ['GET', '/assets/missing-1234.js'],
  ];
  for (const [method, path] of unknown) {
    it(`is told that there is no ${method} ${path}`, async () => {
      expectProblem(await client.send(method, path), 404, 'not_found');
    });
  }

  it('is told that a path is no valid URL', async () => {
    expect(expectProblem(await client.get('/api/v1/alerts/%E0%A4%A'), 400, 'request_invalid').place).to.equal(
      'path',
    );
  });

  it('learns nothing of an unforeseen failure, which is in the log under the id of the request', async () => {
    const other = await startServer();
    try {
      await other.addUser('lan', 'analyst', null);
      const caller = await other.signedIn('lan');
      other.health = undefined as never;
      const reply = await caller.get('/api/v1/health?');
      expectProblem(reply, 500, 'internal');
      expect(reply.text).to.equal(JSON.stringify({ code: 'internal', message: catalogue.internal }));
      const entry = other.logged.find((logged) => logged['level'] === 'error');
      expect(entry).to.deep.include({ code: 'internal', path: '/api/v1/health' });
      expect(entry?.['request'])
        .to.equal(reply.headers.get('X-Request-Id'))
        .and.to.match(/^[0-9a-f]{16}$/);
    } finally {
      await other.stop();
    }
  });
});

describe('a request from another site', () => {
  const cases: readonly (readonly [string, Record<string, string>, boolean])[] = [
    ['without any sign of a browser is let in', {}, true],
    ['of this site is let in', { 'Sec-Fetch-Site': 'same-origin' }, true],
    ['typed by a person is let in', { 'Sec-Fetch-Site': 'none' }, true],
    ['of another site is refused', { 'Sec-Fetch-Site': 'cross-site' }, false],
    ['of a neighbour of this site is refused', { 'Sec-Fetch-Site': 'same-site' }, false],
    ['of another origin is refused', { Origin: 'https://evil.example' }, false],
    ['of a sandbox is refused', { Origin: 'null' }, false],
    ['of our own origin is let in', { Origin: 'OWN' }, true],
    [
      'of our own origin behind a proxy is let in',
      { Origin: 'https://soc.example', 'X-Forwarded-Host': 'soc.example' },
      true,
    ],
  ];
  for (const [title, headers, letIn] of cases) {
    it(title, async () => {
      const filled = headers['Origin'] === 'OWN' ? { Origin: server.url } : headers;
      const json = { name: 'lan', password: PASSWORD };
      const status = await statusOf(server.url + SESSION, filled, JSON.stringify(json));
      expect(status).to.equal(letIn ? 200 : 403);
    });
  }

  it('may read, for the browser does not show it the answer', async () => {
    const reply = await client.send('GET', SESSION, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
    expect(reply.status).to.equal(200);
    expect(reply.headers.get('Access-Control-Allow-Origin')).to.equal(null);
  });
});

/** Status of a POST with headers that `fetch` would not let us set. */
async function statusOf(url: string, headers: Record<string, string>, body: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
    });
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('every answer', () => {
  for (const path of ['/health', '/api/v1/session', '/api/v1/nothing', '/', '/metrics']) {
    it(`of ${path} carries the security headers`, async () => {
      const { headers } = await client.get(path);
      const policy = headers.get('Content-Security-Policy') ?? '';
      expect(policy).to.include("default-src 'self'").and.to.include("frame-ancestors 'none'");
      expect(policy).not.to.match(/script-src|unsafe-eval/);
      expect(headers.get('X-Content-Type-Options')).to.equal('nosniff');
      expect(headers.get('Referrer-Policy')).to.equal('no-referrer');
      expect(headers.get('X-Powered-By')).to.equal(null);
      if (path.startsWith('/api/') && path !== '/api/v1/nothing') {
        expect(headers.get('Cache-Control')).to.equal('no-store');
      }
    });
  }
});

describe('GET /health', () => {
  it('answers 200 when ready, 503 when not, to anybody', async () => {
    const ready = await server.client().get('/health');
    expect([ready.status, ready.body]).to.deep.equal([200, { ready: true }]);
    server.health = { ...server.health, ready: false };
    const unready = await server.client().get('/health');
    expect([unready.status, unready.body]).to.deep.equal([503, { ready: false }]);
    server.health = { ...server.health, ready: true };
  });
});

describe('GET /metrics', () => {
  it('is Prometheus text that counts requests by route', async () => {
    await client.get('/api/v1/alerts?q=top-secret');
    const { text, headers } = await server.client().get('/metrics');
    expect(headers.get('Content-Type')).to.match(/^text\/plain; version=0\.0\.4/);
    expect(text).to.match(/^canh_api_requests_total\{route="listAlerts",status="200"\} \d+$/m);
    expect(text).to.include('canh_api_request_seconds_bucket');
    expect(text).not.to.include('top-secret');
  });
});

describe('the console', () => {
  const index = '<!doctype html><title>Canh</title>';
  it('says what to do when it is not built', async () => {
    const { status, text, headers } = await client.get('/');
    expect(status).to.equal(503);
    expect(headers.get('Content-Type')).to.match(/^text\/plain/);
    expect(text).to.include('not built');
  });

  describe('when built', () => {
    before(async () => {
      await mkdir(join(server.staticDirectory, 'assets'), { recursive: true });
      await writeFile(join(server.staticDirectory, 'index.html'), index);
      await writeFile(
        join(server.staticDirectory, 'favicon.svg'),
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
      );
      for (const name of ['app-1a2b.js', 'app-1a2b.css', 'inter-1a2b.woff2']) {
        await writeFile(join(server.staticDirectory, 'assets', name), '/* */');
      }
      await writeFile(join(server.directory, 'secret.txt'), 'secret');
    });
    after(async () => await rm(server.staticDirectory, { recursive: true }));

    const files: readonly (readonly [string, RegExp, RegExp])[] = [
      ['/', /^text\/html; charset=utf-8$/, /^no-cache$/],
      ['/index.html', /^text\/html/, /^no-cache$/],
      ['/favicon.svg', /^image\/svg\+xml/, /^no-cache$/],
      ['/assets/app-1a2b.js', /^text\/javascript/, /immutable/],
      ['/assets/app-1a2b.css', /^text\/css/, /immutable/],
      ['/assets/inter-1a2b.woff2', /^font\/woff2$/, /immutable/],
    ];
    for (const [path, type, caching] of files) {
      it(`serves ${path} with its type and caching`, async () => {
        const { status, headers } = await client.get(path);
        expect(status).to.equal(200);
        expect(headers.get('Content-Type')).to.match(type);
        expect(headers.get('Cache-Control')).to.match(caching);
      });
    }

    for (const path of ['/alerts', '/alerts/0abc?peek=1', '/entities/ip/203.0.113.9', '/login']) {
      it(`serves its page for ${path}`, async () => {
        const { status, text } = await client.get(path);
        expect([status, text]).to.deep.equal([200, index]);
      });
    }

    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%2f..%2fsecret.txt',
    ]) {
      it(`serves nothing outside its folder: ${path}`, async () => {
        expect((await client.get(path)).text).not.to.equal('secret');
      });
    }
  });
});
