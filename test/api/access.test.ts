import { expect } from 'chai';
import type { Role } from '../../api/auth/users.ts';
import { alertDocument, buildAlert, buildEvent, eventDocument, sourceDocument } from './builder.ts';
import { START, startServer, type Client, type Reply, type TestServer } from './server.ts';

/** Every route, as each role is meant to meet it; `own` and `other` are the alerts of two agencies. */
const everyone: readonly Role[] = ['analyst', 'lead', 'agency_viewer', 'administrator', 'auditor'];
const triage: readonly Role[] = ['analyst', 'lead', 'administrator'];
const table: readonly {
  readonly method: string;
  readonly path: string;
  readonly roles: readonly Role[] | 'public' | 'signed-in';
  readonly json?: unknown;
}[] = [
  { method: 'GET', path: '/api/v1/openapi.json', roles: 'public' },
  { method: 'GET', path: '/api/v1/session', roles: 'signed-in' },
  { method: 'GET', path: '/api/v1/alerts', roles: everyone },
  { method: 'GET', path: '/api/v1/alerts/overview', roles: everyone },
  { method: 'GET', path: '/api/v1/alerts/{id}', roles: everyone },
  { method: 'GET', path: '/api/v1/alerts/{id}/events', roles: everyone },
  { method: 'POST', path: '/api/v1/alerts/{id}/transitions', roles: triage, json: { to: 'acknowledged' } },
  { method: 'GET', path: '/api/v1/events', roles: everyone },
  { method: 'GET', path: '/api/v1/sources', roles: everyone },
  { method: 'GET', path: '/api/v1/health', roles: everyone },
  {
    method: 'PUT',
    path: '/api/v1/session/password',
    roles: 'signed-in',
    json: { current: 'wrong', replacement: 'x' },
  },
  { method: 'DELETE', path: '/api/v1/session', roles: 'signed-in' },
];
/** Routes without a credential of their own to check: the sign-in itself. */
const unlisted = ['POST /api/v1/session'];

describe('access', () => {
  let server: TestServer;
  const ids: Record<string, string> = {};
  before(async () => {
    server = await startServer();
    for (const [n, agency] of ['district-1', 'district-2'].entries()) {
      const event = buildEvent({ seq: 1, time: START - 1000 * n - 1000, agency, host: `secret-${agency}` });
      const alert = buildAlert({ event });
      ids[agency] = alert.id;
      await server.fill('events', [eventDocument(event)]);
      await server.fill('alerts', [alertDocument(alert)]);
      await server.fill('sources', [sourceDocument({ agency, input: `secret-${agency}`, time: START })]);
    }
    for (const role of everyone) {
      if (role !== 'agency_viewer') await server.addUser(`soc-${role}`, role, null);
      await server.addUser(`district-1-${role}`, role, 'district-1');
    }
    await server.addUser('nowhere', 'agency_viewer', null);
  });
  after(async () => await server.stop());

  /** Signing in costs a password check, so that a user who is signed in already stays so. */
  const clients = new Map<string, Client>();
  async function clientOf(user: string): Promise<Client> {
    const held = clients.get(user);
    if (held !== undefined && (await held.get('/api/v1/session')).status === 200) return held;
    const client = await server.signedIn(user);
    clients.set(user, client);
    return client;
  }

  async function ask(client: Client, row: (typeof table)[number], agency: string): Promise<Reply> {
    const path = row.path.replace('{id}', ids[agency] ?? '');
    return await client.send(row.method, path, row.json === undefined ? {} : { json: row.json });
  }

  it('is tested on every route that the API describes', async () => {
    const { body } = await server.client().get('/api/v1/openapi.json');
    const { paths } = body as { paths: Record<string, Record<string, unknown>> };
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const tested = table.map(({ method, path }) => `${method} ${path}`);
    expect([...tested, ...unlisted].sort()).to.deep.equal(described.sort());
  });

  for (const row of table) {
    const name = `${row.method} ${row.path}`;
    it(`${name} ${row.roles === 'public' ? 'needs no session' : 'answers 401 without a session'}`, async () => {
      const { status } = await ask(server.client(), row, 'district-1');
      expect(status).to.equal(row.roles === 'public' ? 200 : 401);
    });

    if (row.path.includes('{id}')) {
      it(`${name} answers 401 or 404, never whether it exists, to whoever may not see it`, async () => {
        for (const role of everyone) {
          const client = await clientOf(`district-1-${role}`);
          const there = await ask(client, row, 'district-2');
          const path = row.path.replace('{id}', `${ids['district-2']?.slice(0, -1)}0`);
          const nowhere = await client.send(
            row.method,
            path,
            row.json === undefined ? {} : { json: row.json },
          );
          expect([there.status, there.text]).to.deep.equal([nowhere.status, nowhere.text]);
          expect(there.status).to.equal(allowed(row.roles, role) ? 404 : 403);
        }
      });
    }

    for (const role of everyone) {
      const expected = allowed(row.roles, role) ? 'lets' : 'does not let';
      it(`${name} ${expected} in an ${role}, who sees nothing of another agency`, async () => {
        for (const [user, all] of usersOf(role)) {
          const client = await clientOf(user);
          const reply = await ask(client, row, 'district-1');
          expect(reply.status === 403).to.equal(!allowed(row.roles, role));
          expect(reply.status).to.be.lessThan(500);
          if (!all) expect(reply.text).not.to.include('district-2');
        }
      });
    }
  }

  it('of the SOC sees every agency', async () => {
    const client = await clientOf('soc-auditor');
    for (const path of ['alerts', 'alerts/overview', 'events', 'sources']) {
      const { text } = await client.get(`/api/v1/${path}`);
      expect(text).to.include('district-1').and.to.include('district-2');
    }
  });

  it('of an agency cannot be widened by a query', async () => {
    const client = await clientOf('district-1-agency_viewer');
    for (const q of [
      'canh.agency:district-2',
      'district-2 or *',
      'not canh.agency:district-1',
      'secret-district-2',
    ]) {
      for (const path of ['alerts', 'alerts/overview', 'events']) {
        const { text } = await client.get(`/api/v1/${path}?q=${encodeURIComponent(q)}`);
        expect(text).not.to.include('secret-district-2');
      }
    }
  });

  it('is refused to an agency viewer without an agency', async () => {
    const client = await clientOf('nowhere');
    expect((await client.get('/api/v1/alerts')).status).to.equal(403);
  });

  it('shows components of the health to the SOC alone', async () => {
    const path = '/api/v1/health';
    const components = async (user: string): Promise<unknown> =>
      ((await (await clientOf(user)).get(path)).body as { components: unknown }).components;
    expect(await components('soc-auditor')).to.have.length(1);
    expect(await components('district-1-auditor')).to.deep.equal([]);
  });
});

function allowed(roles: readonly Role[] | 'public' | 'signed-in', role: Role): boolean {
  return typeof roles === 'string' || roles.includes(role);
}

/** Test users of a role, and whether each sees every agency. */
function usersOf(role: Role): readonly (readonly [string, boolean])[] {
  const agency = [`district-1-${role}`, false] as const;
  return role === 'agency_viewer' ? [agency] : [[`soc-${role}`, true], agency];
}
