import { expect } from 'chai';
import { NAME_FAILURES_MAX } from '../../api/auth/lockout.ts';
import { SESSION_MS, SESSION_MS_MAX, SESSION_RENEW_MS } from '../../api/auth/sessions.ts';
import { PASSWORD, startServer, type Client, type TestServer } from './server.ts';

const SESSION = '/api/v1/session';

describe('the session', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    await server.addUser('Lan', 'analyst', null);
  });
  after(async () => await server.stop());

  async function status(client: Client): Promise<number> {
    return (await client.get('/api/v1/alerts')).status;
  }

  it('starts with the right password, and says who is signed in', async () => {
    const client = server.client();
    const reply = await client.send('POST', SESSION, { json: { name: 'Lan', password: PASSWORD } });
    const user = { name: 'Lan', role: 'analyst', agency: null, must_change_password: false };
    expect(reply.body).to.deep.equal(user);
    expect((await client.get(SESSION)).body).to.deep.equal(user);
  });

  it('takes a name in any case and Unicode form', async () => {
    expect(await status(await server.signedIn(' LAN '))).to.equal(200);
  });

  it('is a cookie that no script can read and no other site can send', async () => {
    const reply = await server.client().send('POST', SESSION, { json: { name: 'lan', password: PASSWORD } });
    const cookie = reply.headers.get('Set-Cookie') ?? '';
    expect(cookie).to.match(
      /^canh_session=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Strict$/,
    );
  });

  it('is Secure behind a proxy on this machine that speaks https', async () => {
    const reply = await server.client().send('POST', SESSION, {
      json: { name: 'lan', password: PASSWORD },
      headers: { 'X-Forwarded-Proto': 'https' },
    });
    expect(reply.headers.get('Set-Cookie')).to.match(/; Secure$/);
  });

  it('answers a wrong password and an unknown name alike', async () => {
    const wrong = await server.client().send('POST', SESSION, { json: { name: 'lan', password: 'wrong' } });
    const unknown = await server
      .client()
      .send('POST', SESSION, { json: { name: 'nobody', password: 'wrong' } });
    expect(wrong.status).to.equal(401);
    expect(wrong.body).to.have.property('code', 'auth_failed');
    expect(unknown.status).to.equal(401);
    expect(unknown.text).to.equal(wrong.text);
    expect(wrong.headers.get('Set-Cookie')).to.equal(null);
  });

  it('ends when it is not used', async () => {
    const client = await server.signedIn('lan');
    server.clock.ms += SESSION_MS + 1000;
    expect(await status(client)).to.equal(401);
  });

  it('is renewed while it is used, until the shift is over', async () => {
    const client = await server.signedIn('lan');
    const end = server.clock.ms + SESSION_MS_MAX;
    const first = client.cookie;
    while (server.clock.ms + SESSION_RENEW_MS * 3 < end) {
      server.clock.ms += SESSION_RENEW_MS * 3;
      expect(await status(client)).to.equal(200);
    }
    expect(client.cookie).not.to.equal(first);
    server.clock.ms = end + 1000;
    expect(await status(client)).to.equal(401);
  });

  it('ends in every browser when its user signs out', async () => {
    const [here, there] = [await server.signedIn('lan'), await server.signedIn('lan')];
    const held = here.cookie;
    const reply = await here.send('DELETE', SESSION);
    expect([reply.status, reply.text]).to.deep.equal([204, '']);
    expect(here.cookie).to.equal('canh_session=');
    here.cookie = held;
    expect([await status(here), await status(there)]).to.deep.equal([401, 401]);
  });

  it('outlives a restart', async () => {
    const client = await server.signedIn('lan');
    await server.restart();
    expect(await status(client)).to.equal(200);
  });

  const forged: readonly (readonly [string, (cookie: string) => string])[] = [
    ['is missing', () => ''],
    ['is garbage', () => 'canh_session=a.b.c'],
    [
      'has another signature',
      (cookie) => cookie.slice(0, -6) + (cookie.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA'),
    ],
    [
      'names another user',
      (cookie) => cookie.replace(/\.[^.]*\./, `.${encoded({ sub: 'admin', session: 1 })}.`),
    ],
    [
      'is not signed at all',
      () =>
        `canh_session=${encoded({ alg: 'none' })}.${encoded({ sub: 'lan', session: 1, auth_time: 1, iat: 1 })}.`,
    ],
  ];
  for (const [title, forge] of forged) {
    it(`is refused when the token ${title}`, async () => {
      const client = await server.signedIn('lan');
      client.cookie = forge(client.cookie ?? '');
      const reply = await client.get('/api/v1/alerts');
      expect(reply.status).to.equal(401);
      expect(reply.body).to.have.property('code', 'auth_required');
    });
  }
});

describe('the lock-out', () => {
  it('answers 429 with the time to wait, to the right password too, and then lets in', async () => {
    const server = await startServer();
    try {
      await server.addUser('minh', 'lead', null);
      const attempt = async (password: string) =>
        await server.client().send('POST', SESSION, { json: { name: 'minh', password } });
      const burst = await Promise.all(
        Array.from({ length: NAME_FAILURES_MAX * 2 }, async () => await attempt('wrong')),
      );
      const statuses = burst.map((reply) => reply.status).sort((a, b) => a - b);
      expect(statuses).to.deep.equal([
        ...Array<number>(NAME_FAILURES_MAX).fill(401),
        ...Array<number>(NAME_FAILURES_MAX).fill(429),
      ]);
      const locked = await attempt(PASSWORD);
      expect(locked.status).to.equal(429);
      expect(locked.body).to.have.property('code', 'auth_locked');
      expect(locked.headers.get('Retry-After')).to.equal('60');
      server.clock.ms += 60_000;
      expect((await attempt(PASSWORD)).status).to.equal(200);
    } finally {
      await server.stop();
    }
  });
});

describe('the password change', () => {
  const CHANGE = `${SESSION}/password`;
  const next = 'a new password';
  let server: TestServer;
  before(async () => (server = await startServer()));
  after(async () => await server.stop());

  const refused: readonly (readonly [string, string, string, number, string])[] = [
    ['a wrong current password', 'wrong', next, 401, 'auth_failed'],
    ['a short replacement', PASSWORD, 'short', 400, 'auth_password_weak'],
    ['the same one again', PASSWORD, PASSWORD, 400, 'auth_password_weak'],
  ];
  for (const [title, current, replacement, status, code] of refused) {
    it(`is refused with ${title}`, async () => {
      await server.addUser('hoa', 'analyst', null);
      const client = await server.signedIn('hoa');
      const reply = await client.send('PUT', CHANGE, { json: { current, replacement } });
      expect([reply.status, reply.body]).to.deep.include(status);
      expect(reply.body).to.have.property('code', code);
    });
  }

  it('keeps this session, ends every other one, and makes the new password the only one', async () => {
    await server.addUser('an', 'analyst', null);
    const [here, there] = [await server.signedIn('an'), await server.signedIn('an')];
    const reply = await here.send('PUT', CHANGE, { json: { current: PASSWORD, replacement: next } });
    expect(reply.status).to.equal(200);
    expect((await here.get(SESSION)).status).to.equal(200);
    expect((await there.get(SESSION)).status).to.equal(401);
    expect((await (await server.signedIn('an', next)).get(SESSION)).status).to.equal(200);
    const old = await server.client().send('POST', SESSION, { json: { name: 'an', password: PASSWORD } });
    expect(old.status).to.equal(401);
  });
});

describe('the audit log', () => {
  it('holds every sign-in, password change and sign-out, and never a password', async () => {
    const server = await startServer();
    try {
      await server.addUser('lan', 'analyst', null);
      await server.client().send('POST', SESSION, { json: { name: 'lan', password: 'not-the-right-one' } });
      const client = await server.signedIn('lan');
      const replacement = 'another long one';
      await client.send('PUT', `${SESSION}/password`, { json: { current: PASSWORD, replacement } });
      await client.send('DELETE', SESSION);
      const audit = server.logged.filter((entry) => entry['audit'] === true);
      expect(audit.map(({ act, user, outcome }) => [act, user, outcome])).to.deep.equal([
        ['sign_in', 'lan', 'failed'],
        ['sign_in', 'lan', 'ok'],
        ['password_change', 'lan', 'ok'],
        ['sign_out', 'lan', 'ok'],
      ]);
      const whole = JSON.stringify(server.logged);
      for (const secret of [
        PASSWORD,
        replacement,
        'not-the-right-one',
        server.api.firstUser?.password ?? '?',
      ]) {
        expect(whole).not.to.include(secret);
      }
    } finally {
      await server.stop();
    }
  });
});

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
