import { createSocket, type Socket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import type { SyslogInputConfig } from '../../platform/config/schema.ts';
import { messageOf } from '../../platform/errors/index.ts';
import type { Emit, Input, InputDeps } from '../input.ts';
import { toLine } from '../lines.ts';
import { listenError, parseAddress, type Address } from './address.ts';
import { trimmed } from './framing.ts';
import { kernelDrops } from './kernel-drops.ts';

/** Datagrams wait up to this size while the spool is slow or full; UDP has no way to make the sender wait. */
const UDP_QUEUE_BYTES_MAX = 64 * 1024 * 1024;
const RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;
const DROPS_POLL_MS = 5000;
/** What a datagram costs in the queue besides its bytes. */
const DATAGRAM_OVERHEAD_BYTES = 200;

interface Datagram {
  readonly peer: string;
  readonly bytes: Buffer;
}

export interface UdpDeps extends InputDeps {
  readonly queueBytesMax?: number;
}

/** Syslog over UDP: a datagram is a message (RFC 5426 §3.1). What is dropped, here or by the kernel, is counted. */
export class UdpInput implements Input {
  readonly id: string;
  readonly #listen: string;
  readonly #deps: UdpDeps;
  readonly #type: 'udp4' | 'udp6';
  readonly #socket: Socket;
  #queue: Datagram[] = [];
  #queueBytes = 0;
  #draining: Promise<void> | undefined;
  #bound: Address | undefined;
  #dropping = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(id: string, config: SyslogInputConfig, deps: UdpDeps) {
    this.id = id;
    this.#listen = config.listen;
    this.#deps = deps;
    this.#type = isIPv6(parseAddress(config.listen).host) ? 'udp6' : 'udp4';
    this.#socket = createSocket({ type: this.#type });
  }

  /** Listens. Throws `listen_failed`. */
  async start(emit: Emit): Promise<void> {
    const { host, port } = parseAddress(this.#listen);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#socket.once('error', reject);
    this.#socket.on('message', (bytes, { address }) =>
      this.#receive({ peer: address, bytes: trimmed(bytes) }, emit),
    );
    this.#socket.bind({ address: host, port }, resolve);
    try {
      await promise;
    } catch (cause) {
      throw listenError(this.#listen, cause);
    }
    this.#socket.removeListener('error', reject);
    this.#socket.on('error', (error) => this.#deps.failed(error));
    this.#growReceiveBuffer();
    const bound = this.#socket.address();
    this.#bound = { host: bound.address, port: bound.port };
    this.#timer = setInterval(() => void this.#noteKernelDrops(), DROPS_POLL_MS);
  }

  /** Takes what has been received. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (!this.#closed) await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
    this.#closed = true;
    this.#bound = undefined;
    await this.#draining;
  }

  trouble(): string | undefined {
    return this.#dropping ? 'Datagrams are dropped because the spool is too slow or full.' : undefined;
  }

  /** The address that is listened on, which tells the port where 0 was configured. */
  address(): Address | undefined {
    return this.#bound;
  }

  #receive(datagram: Datagram, emit: Emit): void {
    const { log, metrics, queueBytesMax = UDP_QUEUE_BYTES_MAX } = this.#deps;
    const cost = datagram.bytes.length + DATAGRAM_OVERHEAD_BYTES;
    if (this.#queueBytes + cost > queueBytesMax) {
      metrics.dropped.inc({ input: this.id, reason: 'udp_queue_full' });
      const where = { code: 'input_failed', input: this.id };
      if (!this.#dropping) log.error('Datagrams are dropped: the spool is too slow or full.', where);
      this.#dropping = true;
      return;
    }
    this.#queue.push(datagram);
    this.#queueBytes += cost;
    this.#draining ??= this.#drain(emit).catch((error: unknown) => this.#deps.failed(error));
  }

  async #drain(emit: Emit): Promise<void> {
    while (this.#queue.length > 0) {
      const taken = this.#queue;
      const bytes = this.#queueBytes;
      this.#queue = [];
      await emitByPeer(taken, emit);
      // Counted until durable: what is being written takes memory too.
      this.#queueBytes -= bytes;
      this.#dropping = false;
    }
    this.#draining = undefined;
  }

  #growReceiveBuffer(): void {
    try {
      this.#socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    } catch (error) {
      this.#deps.log.warn(`The receive buffer stays small: ${messageOf(error)}`, { input: this.id });
    }
  }

  async #noteKernelDrops(): Promise<void> {
    const { port } = this.#bound ?? {};
    if (port === undefined) return;
    const table = await readFile(this.#type === 'udp6' ? '/proc/net/udp6' : '/proc/net/udp', 'utf8').catch(
      () => '',
    );
    this.#deps.metrics.kernelDrops.set({ input: this.id }, kernelDrops(table, port));
  }
}

/** One batch a sender, all made durable together; the order of each sender's messages stays. */
async function emitByPeer(datagrams: readonly Datagram[], emit: Emit): Promise<void> {
  const byPeer = Map.groupBy(datagrams, ({ peer }) => peer);
  await Promise.all(
    [...byPeer].map(async ([path, group]) => {
      const lines = group.filter(({ bytes }) => bytes.length > 0).map(({ bytes }) => toLine(bytes));
      if (lines.length > 0) await emit({ path, lines });
    }),
  );
}
