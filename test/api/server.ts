import { argon2Sync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { Registry } from 'prom-client';
import winston from 'winston';
import { startApi, type Api, type ProcessHealth } from '../../api/index.ts';
import { createUsers, type Role } from '../../api/auth/users.ts';
import type { IndexStore, NewDocument } from '../../platform/index/port.ts';
import { openSqliteIndex } from '../../platform/index/sqlite/index.ts';

/** Time at which every test server starts. */
export const START = Date.parse('2026-11-23T10:00:00.000Z');
export const PASSWORD = 'mật khẩu dài 12';
/** Cheaper than the real ones, which `password.test.ts` and the first administrator stand for. */
const passwordHash = cheapHash(PASSWORD);

export interface TestServer {
  readonly api: Api;
  readonly url: string;
  readonly store: IndexStore;
  readonly directory: string;
  /** Where the console would be. */
  readonly staticDirectory: string;
  /** Turns the clock. */
  readonly clock: { now(): number; ms: number };
  health: ProcessHealth;
  /** Everything the program logged. */
  readonly logged: Record<string, unknown>[];
  readonly registry: Registry;
  fill(collection: 'alerts' | 'events' | 'sources', documents: readonly NewDocument[]): Promise<void>;
  addUser(name: string, role: Role, agency: string | null): Promise<void>;
  /** A client that has signed in with the password of all test users. */
  signedIn(name: string, password?: string): Promise<Client>;
  client(): Client;
  /** Stops the API and starts it again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Replies are of many shapes; each test asserts the one it expects.
  readonly body: unknown;
}

/** A browser as far as the API sees one: it keeps cookies. */
export interface Client {
  cookie: string | undefined;
  readonly send: (method: string, path: string, options?: SendOptions) => Promise<Reply>;
  readonly get: (path: string) => Promise<Reply>;
}

export interface SendOptions {
  readonly json?: unknown;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Starts the real API over a real SQLite index in a folder of its own. */
export async function startServer(options: { readonly demo?: boolean } = {}): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'canh-api-'));
  const staticDirectory = join(directory, 'console');
  const store = openSqliteIndex({ directory: join(directory, 'index') });
  const logged: Record<string, unknown>[] = [];
  const clock = { ms: START, now: () => clock.ms };
  let registry = new Registry();
  const start = async (): Promise<Api> => {
    registry = new Registry();
    const metrics = async (): Promise<string> => await registry.metrics();
    const log = collectingLogger(logged);
    const health = (): ProcessHealth => server.health;
    const deps = {
      store,
      log,
      registry,
      clock,
      random: randomBytes,
      directory,
      staticDirectory,
      health,
      metrics,
    };
    return await startApi(
      { listen: '127.0.0.1:0' },
      { ...deps, version: '0.0.0-test', demo: options.demo === true },
    );
  };
  let api: Api;
  const server: TestServer = {
    get api() {
      return api;
    },
    get url() {
      return `http://127.0.0.1:${api.address.port}`;
    },
    get registry() {
      return registry;
    },
    store,
    directory,
    staticDirectory,
    clock,
    health: { ready: true, components: [{ stage: 'api', name: 'http', state: 'ok' }] },
    logged,
    async fill(collection, documents) {
      await store.bind({ kind: 'soc' }).create(collection, documents);
      await store.refresh();
    },
    async addUser(name, role, agency) {
      const created = clock.ms;
      const account = { name, role, agency, created, passwordHash };
      await createUsers(store).create({ ...account, mustChangePassword: false });
    },
    async signedIn(name, password = PASSWORD) {
      const client = server.client();
      const reply = await client.send('POST', '/api/v1/session', { json: { name, password } });
      if (reply.status !== 200) throw new Error(`${name} cannot sign in: ${reply.text}`);
      return client;
    },
    client: () => createClient(() => server.url),
    async restart() {
      await api.stop();
      api = await start();
    },
    async stop() {
      await api.stop();
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  api = await start();
  return server;
}

function createClient(url: () => string): Client {
  const client: Client = {
    cookie: undefined,
    async send(method, path, { json, raw, headers = {} } = {}) {
      const body = raw ?? (json === undefined ? undefined : JSON.stringify(json));
      const response = await fetch(url() + path, {
        method,
        redirect: 'manual',
        headers: {
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(client.cookie === undefined ? {} : { Cookie: client.cookie }),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
      });
      const set = response.headers.get('Set-Cookie');
      if (set !== null) client.cookie = set.split(';')[0];
      const text = await response.text();
      const isJson = response.headers.get('Content-Type')?.startsWith('application/json') === true;
      const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
      return { status: response.status, headers: response.headers, text, body: parsed };
    },
    get: async (path) => await client.send('GET', path),
  };
  return client;
}

function collectingLogger(logged: Record<string, unknown>[]): winston.Logger {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  const transports = [new winston.transports.Stream({ stream })];
  return winston.createLogger({ level: 'debug', format: winston.format.json(), transports });
}

function cheapHash(password: string): string {
  const cost = { parallelism: 1, tagLength: 32, memory: 64, passes: 1 };
  const nonce = randomBytes(16);
  const tag = argon2Sync('argon2id', { ...cost, nonce, message: password.normalize('NFC') });
  const [salt, hash] = [nonce, tag].map((bytes) => bytes.toString('base64').replaceAll('=', ''));
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${salt}$${hash}`;
}
