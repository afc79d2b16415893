import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { alertDocument, buildAlert, buildEvent, eventDocument, sourceDocument } from './builder.ts';
import { PASSWORD, START, startServer, type Client, type Reply, type TestServer } from './server.ts';

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly content?: unknown }>>;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** One request for every route, in an order in which all succeed, and one for every way to fail. */
const requests: readonly {
  readonly method: string;
  readonly path: string;
  readonly suffix?: string;
  readonly json?: unknown;
  readonly status: number;
}[] = [
  { method: 'post', path: '/api/v1/session', json: { name: 'lan', password: PASSWORD }, status: 200 },
  { method: 'get', path: '/api/v1/session', status: 200 },
  { method: 'get', path: '/api/v1/alerts', suffix: '?size=1', status: 200 },
  { method: 'get', path: '/api/v1/alerts/overview', status: 200 },
  { method: 'get', path: '/api/v1/alerts/{id}', status: 200 },
  { method: 'get', path: '/api/v1/alerts/{id}/events', status: 200 },
  {
    method: 'post',
    path: '/api/v1/alerts/{id}/transitions',
    json: { to: 'closed', verdict: 'true_positive', note: 'seen' },
    status: 200,
  },
  { method: 'get', path: '/api/v1/events', status: 200 },
  { method: 'get', path: '/api/v1/sources', status: 200 },
  { method: 'get', path: '/api/v1/health', status: 200 },
  { method: 'get', path: '/api/v1/openapi.json', status: 200 },
  { method: 'post', path: '/api/v1/session', json: { name: 'lan', password: 'wrong' }, status: 401 },
  { method: 'post', path: '/api/v1/session', json: {}, status: 400 },
  { method: 'get', path: '/api/v1/alerts', suffix: '?q=(', status: 400 },
  { method: 'post', path: '/api/v1/alerts/{id}/transitions', json: { to: 'closed' }, status: 409 },
  {
    method: 'put',
    path: '/api/v1/session/password',
    json: { current: PASSWORD, replacement: 'another long one' },
    status: 200,
  },
  { method: 'delete', path: '/api/v1/session', status: 204 },
  { method: 'get', path: '/api/v1/sources', status: 401 },
];

describe('GET /api/v1/openapi.json', () => {
  let server: TestServer;
  let client: Client;
  let document: Document;
  let alertId: string;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  before(async () => {
    server = await startServer();
    await server.addUser('lan', 'analyst', null);
    client = server.client();
    document = (await client.get('/api/v1/openapi.json')).body as Document;
    ajv.addSchema(document, 'canh');
    const events = [1, 2].map((seq) => buildEvent({ seq, time: START - seq * 1000 }));
    const alerts = events.map((event) => buildAlert({ event, level: 'high' }));
    alertId = alerts[0]?.id ?? '';
    await server.fill(
      'events',
      events.map((event) => eventDocument(event)),
    );
    await server.fill(
      'alerts',
      alerts.map((alert) => alertDocument(alert)),
    );
    await server.fill('sources', [sourceDocument({ agency: 'soc', input: 'auth', time: START })]);
  });
  after(async () => await server.stop());

  function validator(method: string, path: string, response: string): ValidateFunction {
    const pointer = ['paths', path, method, 'responses', response, 'content', 'application/json', 'schema'];
    const encoded = pointer.map((part) =>
      encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')),
    );
    return ajv.compile({ $ref: `canh#/${encoded.join('/')}` });
  }

  function operation(method: string, path: string): Operation {
    const found = document.paths[path]?.[method];
    if (found === undefined) throw new Error(`${method} ${path} is not described`);
    return found;
  }

  function expectDescribed(reply: Reply, method: string, path: string): void {
    if (reply.status === 204) {
      expect(reply.text).to.equal('');
      expect(operation(method, path).responses['204']).to.deep.equal({ description: 'Done.' });
      return;
    }
    const validate = validator(method, path, reply.status === 200 ? '200' : 'default');
    expect(validate(reply.body), `${ajv.errorsText(validate.errors)}\n${reply.text}`).to.equal(true);
  }

  it('is an OpenAPI 3.1 document of this version', () => {
    expect(document.openapi).to.match(/^3\.1\.\d$/);
    expect(document.info.version).to.equal('0.0.0-test');
  });

  it('names every operation once and every parameter of a path', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((found) => ({ path, found })),
    );
    expect(new Set(operations.map(({ found }) => found.operationId)).size).to.equal(operations.length);
    for (const { path, found } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const described = (found.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(described.map(({ name }) => name)).to.deep.equal(inPath);
      expect(described.every(({ required }) => required)).to.equal(true);
    }
  });

  it('has no reference that leads nowhere', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g);
    for (const [, reference] of references) {
      const name = /^#\/components\/schemas\/(\w+)$/.exec(reference ?? '')?.[1];
      expect(Object.keys(document.components.schemas), reference).to.include(name);
    }
  });

  it('describes the parameters of a list', () => {
    const names = operation('get', '/api/v1/alerts').parameters?.map(({ name }) => name);
    expect(names).to.have.members(['q', 'from', 'to', 'sort', 'size', 'cursor']);
  });

  it('holds for the answer of every route', async () => {
    for (const { method, path, suffix = '', json, status } of requests) {
      const target = path.replace('{id}', alertId) + suffix;
      const reply = await client.send(method.toUpperCase(), target, json === undefined ? {} : { json });
      expect(reply.status, `${method} ${target}: ${reply.text}`).to.equal(status);
      expectDescribed(reply, method, path);
    }
    const walked = new Set(requests.map(({ method, path }) => `${method} ${path}`));
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect([...walked].sort()).to.deep.equal(described.sort());
  });

  it('refuses an answer that has a key too many or too few', () => {
    const validate = validator('get', '/api/v1/session', '200');
    const user = { name: 'a', role: 'lead', agency: null, must_change_password: false };
    expect(validate(user)).to.equal(true);
    expect(validate({ ...user, password: 'x' })).to.equal(false);
    expect(validate({ ...user, role: 'owner' })).to.equal(false);
  });
});
