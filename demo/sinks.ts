import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { appendFile, rename } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { files, SYSLOG_ADDRESS } from './config.ts';
import type { LogName } from './scenario/index.ts';

/** Where the lines of one log go. */
export interface Sink {
  write(lines: readonly string[]): Promise<void>;
  rotate(): Promise<void>;
  close(): Promise<void>;
}

const CONNECT_TRIES_MAX = 5;
const CONNECT_WAIT_MS = 200;
const CLOSE_WAIT_MS = 1000;

export interface SinkOptions {
  readonly directory: string;
  readonly syslogPort: number;
  readonly signal: AbortSignal;
  readonly out: (line: string) => void;
}

/** A file sink for each host that writes one, a TCP connection for the one that ships. */
export function openSink(log: LogName, options: SinkOptions): Sink {
  return log === 'syslog' ? syslogSink(options) : fileSink(join(options.directory, files[log]));
}

function fileSink(path: string): Sink {
  mkdirSync(dirname(path), { recursive: true });
  return {
    write: (lines) => appendFile(path, lines.map((line) => `${line}\n`).join('')),
    rotate: () => rename(path, `${path}.1`),
    close: () => Promise.resolve(),
  };
}

/** Connects when the first line comes. Where nobody listens the demo says so and plays on without this host. */
function syslogSink({ syslogPort, signal, out }: SinkOptions): Sink {
  let connecting: Promise<Socket | undefined> | undefined;
  let said = false;
  return {
    async write(lines) {
      connecting ??= connect(syslogPort, signal);
      const socket = await connecting;
      if (socket === undefined) {
        if (!said && !signal.aborted) {
          out(`Nobody listens on ${SYSLOG_ADDRESS}:${syslogPort}; its lines are left out.`);
        }
        said = true;
        return;
      }
      if (socket.writable && !socket.write(lines.map((line) => `${line}\n`).join(''))) await drained(socket);
    },
    rotate: () => Promise.resolve(),
    async close() {
      const socket = await connecting;
      if (socket === undefined || socket.destroyed) return;
      const closed = once(socket, 'close');
      socket.end();
      // The receiver ends its side when it has read everything; one that never does is not waited for.
      setTimeout(() => socket.destroy(), CLOSE_WAIT_MS).unref();
      await closed;
    },
  };
}

/** Resolves when the receiver took what was written, or is gone. */
async function drained(socket: Socket): Promise<void> {
  await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
}

async function connect(port: number, signal: AbortSignal): Promise<Socket | undefined> {
  for (let tries = 0; tries < CONNECT_TRIES_MAX && !signal.aborted; tries += 1) {
    const socket = createConnection(port, SYSLOG_ADDRESS);
    try {
      await once(socket, 'connect', { signal });
      // A connection that breaks later is the receiver's end; the demo plays on without it.
      socket.on('error', () => socket.destroy());
      return socket;
    } catch {
      socket.destroy();
      await wait(CONNECT_WAIT_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}
