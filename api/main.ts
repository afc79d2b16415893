import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config/schema.ts';
import { CanhError } from '../platform/errors/index.ts';
import type { IndexStore } from '../platform/index/port.ts';
import type { Logger } from '../platform/log.ts';
import type { Stage } from '../platform/stage.ts';
import { createApp } from './app.ts';
import { createAuthentication, createFirstAdministrator } from './auth/authentication.ts';
import { loadSessionKey } from './auth/session-key.ts';
import { createSessions } from './auth/sessions.ts';
import { createUsers } from './auth/users.ts';
import type { Random } from './random.ts';
import type { ProcessHealth } from './services.ts';

/** Connections held at a time; a browser uses six. */
const CONNECTIONS_MAX = 2000;
const REQUEST_MS_MAX = 60_000;
const HEADERS_MS_MAX = 10_000;
/** Answers under way are given this long when the process stops. */
const STOP_MS_MAX = 5000;

export interface ApiDeps {
  readonly store: IndexStore;
  readonly log: Logger;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly random: Random;
  /** Where the session key is kept. */
  readonly directory: string;
  /** The built console. */
  readonly staticDirectory: string;
  readonly version: string;
  /** How the whole process is doing. */
  health(): ProcessHealth;
  /** Prometheus text of the whole process. */
  metrics(): Promise<string>;
  /** Demonstration: the first password need not be changed. */
  readonly demo?: boolean;
}

export interface Api extends Stage {
  readonly address: { readonly host: string; readonly port: number };
  /** Only when this start made the first administrator: to be shown once and written nowhere. */
  readonly firstUser: { readonly name: string; readonly password: string } | undefined;
}

/** Starts the API on `config.listen`. Throws `listen_failed`, `config_secret_unreadable`. */
export async function startApi(config: Pick<Config, 'listen'>, deps: ApiDeps): Promise<Api> {
  const { store, log, clock, random, registry, staticDirectory, version } = deps;
  const users = createUsers(store);
  const key = await loadSessionKey(deps.directory, random);
  const sessions = createSessions({ key, users, clock });
  const authentication = await createAuthentication({ users, clock, random, log });
  const health = (): ProcessHealth => deps.health();
  const services = { store, clock, log, sessions, authentication, version, health };
  const metrics = async (): Promise<string> => await deps.metrics();
  const server = createServer(createApp({ services, random, registry, metrics, staticDirectory }));
  server.maxConnections = CONNECTIONS_MAX;
  server.requestTimeout = REQUEST_MS_MAX;
  server.headersTimeout = HEADERS_MS_MAX;
  const address = await listen(server, config.listen);
  server.on('error', (error) => log.warn('a connection could not be taken', { error: error.message }));
  // Only now: a password made by a start that fails would be lost.
  const mustChangePassword = deps.demo !== true;
  const firstUser = await createFirstAdministrator({ users, clock, random, mustChangePassword });
  let stopping: Promise<void> | undefined;
  return {
    address,
    firstUser,
    health: () => [
      server.listening
        ? { name: 'http', state: 'ok' }
        : { name: 'http', state: 'failed', detail: `Nothing listens on ${config.listen}.` },
    ],
    async stop() {
      stopping ??= close(server);
      await stopping;
    },
  };
}

async function listen(server: Server, where: string): Promise<Api['address']> {
  const colon = where.lastIndexOf(':');
  const host = where.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  const port = Number(where.slice(colon + 1));
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: Error): void => {
      reject(new CanhError('listen_failed', `${where} cannot be listened on: ${cause.message}`, { cause }));
    };
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const bound = server.address();
  return { host, port: typeof bound === 'object' && bound !== null ? bound.port : port };
}

/** Answers what is under way, then closes; whoever is still connected after a while is cut off. */
async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), STOP_MS_MAX);
  await closed;
  clearTimeout(cut);
}
