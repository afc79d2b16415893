import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { startApi } from '../../api/index.ts';
import type { Problem, User } from '../../api/contract/index.ts';
import { CanhError } from '../../platform/errors/index.ts';
import { Registry } from 'prom-client';
import { randomBytes } from 'node:crypto';
import winston from 'winston';
import { startServer, type TestServer } from './server.ts';

const CHANGE = '/api/v1/session/password';

describe('startApi', () => {
  let server: TestServer;
  beforeEach(async () => (server = await startServer()));
  afterEach(async () => await server.stop());

  function deps() {
    const { store, clock, directory, staticDirectory } = server;
    return {
      store,
      clock,
      directory,
      staticDirectory,
      random: randomBytes,
      version: 'x',
      log: winston.createLogger({ silent: true }),
      registry: new Registry(),
      health: () => ({ ready: true, components: [] }),
      metrics: async () => await Promise.resolve(''),
    };
  }

  it('makes the first administrator, whose password it tells once', async () => {
    const first = server.api.firstUser;
    expect(first?.name).to.equal('admin');
    const client = await server.signedIn('admin', first?.password);
    const user = (await client.get('/api/v1/session')).body as User;
    expect(user).to.deep.equal({
      name: 'admin',
      role: 'administrator',
      agency: null,
      must_change_password: true,
    });
    await server.restart();
    expect(server.api.firstUser).to.equal(undefined);
  });

  it('lets the first administrator do nothing before the one-time password is replaced', async () => {
    const password = server.api.firstUser?.password ?? '';
    const client = await server.signedIn('admin', password);
    for (const path of [
      'alerts',
      'alerts/overview',
      'alerts/0',
      'alerts/0/events',
      'events',
      'sources',
      'health',
    ]) {
      const reply = await client.get(`/api/v1/${path}`);
      expect([reply.status, (reply.body as Problem).code]).to.deep.equal([403, 'auth_password_change']);
    }
    const replacement = 'chosen by the admin';
    const reply = await client.send('PUT', CHANGE, { json: { current: password, replacement } });
    expect((reply.body as User).must_change_password).to.equal(false);
    expect((await client.get('/api/v1/alerts')).status).to.equal(200);
  });

  it('lets the password of a demonstration stay', async () => {
    const demo = await startServer({ demo: true });
    try {
      const client = await demo.signedIn('admin', demo.api.firstUser?.password);
      expect((await client.get('/api/v1/alerts')).status).to.equal(200);
    } finally {
      await demo.stop();
    }
  });

  it('keeps the session key to its owner', async () => {
    const path = join(server.directory, 'session.key');
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(await readFile(path)).to.have.length(32);
  });

  it('refuses a session key that is damaged', async () => {
    await writeFile(join(server.directory, 'session.key'), 'short');
    await rejects(startApi({ listen: '127.0.0.1:0' }, deps()), 'config_secret_unreadable');
  });

  it('says when the address is taken', async () => {
    await rejects(startApi({ listen: `127.0.0.1:${server.api.address.port}` }, deps()), 'listen_failed');
  });

  it('listens on IPv6 too', async function () {
    const api = await startApi({ listen: '[::1]:0' }, deps()).catch((error: unknown) => {
      if (error instanceof CanhError && /EADDRNOTAVAIL|EAFNOSUPPORT/.test(error.message)) return undefined;
      throw error;
    });
    if (api === undefined) this.skip();
    expect((await fetch(`http://[::1]:${api.address.port}/health`)).status).to.equal(200);
    await api.stop();
  });

  it('reports its health, and that it has stopped', async () => {
    expect(server.api.health()).to.deep.equal([{ name: 'http', state: 'ok' }]);
    await server.api.stop();
    expect(server.api.health()[0]?.state).to.equal('failed');
  });

  it('answers what is under way before it stops, and stops once', async () => {
    const client = await server.signedIn('admin', server.api.firstUser?.password);
    const running = Promise.all(Array.from({ length: 5 }, async () => await client.get('/api/v1/session')));
    const first = await client.get('/api/v1/session');
    await Promise.all([server.api.stop(), server.api.stop()]);
    expect([first, ...(await running.catch(() => []))].every(({ status }) => status === 200)).to.equal(true);
    await rejects(fetch(server.url), undefined);
  });
});

async function rejects(promise: Promise<unknown>, code: string | undefined): Promise<void> {
  const outcome = await promise.then(
    () => 'resolved',
    (error: unknown) => error,
  );
  if (code === undefined) expect(outcome).to.be.instanceOf(Error);
  else expect(outcome).to.be.instanceOf(CanhError).with.property('code', code);
}
