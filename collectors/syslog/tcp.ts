import { createServer, type Socket } from 'node:net';
import type { SyslogInputConfig } from '../../platform/config/schema.ts';
import { messageOf } from '../../platform/errors/index.ts';
import type { Emit, Input, InputDeps } from '../input.ts';
import { toLine } from '../lines.ts';
import { listenError, parseAddress, type Address } from './address.ts';
import { Framer } from './framing.ts';

/** So many senders may be connected to one input. */
const CONNECTIONS_MAX = 1000;
/** A connection may make room for a new one when it has been idle for so long and the maximum is reached. */
const IDLE_MS = 5 * 60_000;
/** Finds senders that vanished without closing; idle ones that live are never closed, because that can lose lines. */
const KEEP_ALIVE_MS = 60_000;
/** A sender is given so long to close after we did. */
const DRAIN_MS = 500;

interface Connection {
  readonly socket: Socket;
  usedAt: number;
  readonly done: Promise<void>;
}

export interface TcpDeps extends InputDeps {
  readonly connectionsMax?: number;
}

/** Syslog over TCP. A sender is read only as fast as its lines become durable. */
export class TcpInput implements Input {
  readonly id: string;
  readonly #config: SyslogInputConfig;
  readonly #deps: TcpDeps;
  readonly #connections = new Set<Connection>();
  // Half-open sockets let a sender's last lines be read after we have closed our side.
  readonly #server = createServer({
    allowHalfOpen: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });

  constructor(id: string, config: SyslogInputConfig, deps: TcpDeps) {
    this.id = id;
    this.#config = config;
    this.#deps = deps;
  }

  /** Listens. Throws `listen_failed`. */
  async start(emit: Emit): Promise<void> {
    const server = this.#server;
    server.on('connection', (socket) => this.#accept(socket, emit));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject);
    server.listen(parseAddress(this.#config.listen), resolve);
    try {
      await promise;
    } catch (cause) {
      throw listenError(this.#config.listen, cause);
    }
    server.removeListener('error', reject);
    server.on('error', (error) => this.#deps.failed(error));
  }

  /** Closes our side and takes what senders still send for a moment. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const open = [...this.#connections];
    for (const { socket } of open) socket.end();
    const drained = Promise.all(open.map(async ({ done }) => await done));
    const timer = setTimeout(() => {
      for (const { socket } of open) socket.destroy();
    }, DRAIN_MS);
    await drained;
    clearTimeout(timer);
    await closed;
  }

  trouble(): string | undefined {
    if (this.#connections.size < this.#connectionsMax) return undefined;
    return `All ${String(this.#connectionsMax)} connections are in use.`;
  }

  /** The address that is listened on, which tells the port where 0 was configured. */
  address(): Address | undefined {
    const bound = this.#server.address();
    return bound === null || typeof bound === 'string'
      ? undefined
      : { host: bound.address, port: bound.port };
  }

  get #connectionsMax(): number {
    return this.#deps.connectionsMax ?? CONNECTIONS_MAX;
  }

  #accept(socket: Socket, emit: Emit): void {
    const { clock, log, metrics } = this.#deps;
    const peer = socket.remoteAddress ?? 'unknown';
    const where = { code: 'input_failed', input: this.id, peer };
    if (!this.#makeRoom()) {
      metrics.dropped.inc({ input: this.id, reason: 'connection_refused' });
      log.error('Too many syslog senders are connected; one was refused.', where);
      socket.destroy();
      return;
    }
    const receiving: Receiving = {
      emit,
      peer,
      onData: () => {
        connection.usedAt = clock.now();
      },
      onResynchronised: () => metrics.resynchronised.inc({ input: this.id }),
    };
    const finish = (): void => {
      socket.destroy();
      this.#connections.delete(connection);
      metrics.connections.set({ input: this.id }, this.#connections.size);
    };
    const done = receive(socket, receiving)
      .catch((error: unknown) => void log.error(`A syslog connection was closed: ${messageOf(error)}`, where))
      .finally(finish);
    const connection: Connection = { socket, usedAt: clock.now(), done };
    this.#connections.add(connection);
    metrics.connections.set({ input: this.id }, this.#connections.size);
  }

  #makeRoom(): boolean {
    if (this.#connections.size < this.#connectionsMax) return true;
    let idlest: Connection | undefined;
    for (const each of this.#connections) {
      if (idlest === undefined || each.usedAt < idlest.usedAt) idlest = each;
    }
    if (idlest === undefined || this.#deps.clock.now() - idlest.usedAt < IDLE_MS) return false;
    idlest.socket.destroy();
    this.#connections.delete(idlest);
    return true;
  }
}

interface Receiving {
  readonly emit: Emit;
  readonly peer: string;
  readonly onData: () => void;
  readonly onResynchronised: () => void;
}

async function receive(socket: Socket, { emit, peer, onData, onResynchronised }: Receiving): Promise<void> {
  const framer = new Framer({ onResynchronised });
  const take = async (messages: readonly Buffer[]): Promise<void> => {
    if (messages.length > 0) await emit({ path: peer, lines: messages.map(toLine) });
  };
  try {
    for await (const chunk of socket) {
      onData();
      await take(framer.push(chunk as Buffer));
    }
  } catch (error) {
    // A reset connection ends like a closed one: what arrived is taken.
    await take(framer.end());
    if (!isDisconnection(error)) throw error;
    return;
  }
  await take(framer.end());
  socket.end();
}

function isDisconnection(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes(
    String(code),
  );
}
