import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const START_MS_MAX = 60_000;
const POLL_MS = 50;

/** The host that rsyslog says it is, so that nothing depends on this machine's name. */
export const HOST = 'web01';

/** Where a program lies; Debian keeps daemons where a user's `PATH` does not look. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A real `rsyslogd` in a directory of its own, which outlives a restart. */
export interface Rsyslog {
  /** Ends with this signal, and resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Sends lines as the program `tag[pid]` does, through the socket that stands for `/dev/log`. */
  log(tag: string, pid: number, lines: readonly string[]): Promise<void>;
}

export interface RsyslogOptions {
  /** Socket, state and queues. */
  readonly directory: string;
  /** Rules and actions, in rsyslog's own language. */
  readonly actions: string;
}

/** Starts `rsyslogd` in the foreground with its own configuration; it reads nothing of the machine's. */
export async function startRsyslog({ directory, actions }: RsyslogOptions): Promise<Rsyslog> {
  const work = join(directory, 'work');
  const socket = join(directory, 'log.sock');
  const config = join(directory, 'rsyslog.conf');
  mkdirSync(work, { recursive: true });
  // A killed one leaves both behind.
  for (const stale of [socket, join(directory, 'pid')]) rmSync(stale, { force: true });
  writeFileSync(config, `${configOf(work, socket)}\n${actions}\n`);
  const child = spawn(
    findProgram('rsyslogd') ?? 'rsyslogd',
    ['-n', '-f', config, '-i', join(directory, 'pid')],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TZ: 'UTC' } },
  );
  let output = '';
  const gone = once(child, 'exit');
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const deadline = Date.now() + START_MS_MAX;
  while (!existsSync(socket)) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`rsyslogd does not start:\n${output}`);
    await wait(POLL_MS);
  }
  return {
    end: async (signal) => {
      child.kill(signal);
      await gone;
    },
    log: (tag, pid, lines) => log(socket, `${tag}[${pid}]`, lines),
  };
}

function configOf(work: string, socket: string): string {
  return `global(workDirectory="${work}" localHostname="${HOST}")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${socket}" RateLimit.Interval="0")`;
}

/** `logger` waits where the socket is full, so none of its lines is lost before rsyslog has it. */
async function log(socket: string, tag: string, lines: readonly string[]): Promise<void> {
  const run = promisify(execFile)('logger', [
    '--socket',
    socket,
    '--priority',
    'authpriv.info',
    '--tag',
    tag,
  ]);
  run.child.stdin?.end(lines.map((line) => `${line}\n`).join(''));
  await run;
}

export interface Forward {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly framing?: 'traditional' | 'octet-counted';
  readonly template: string;
  /**
   * Where lines wait: `disk-assisted` spills to disk when memory is full and saves the rest when rsyslog ends; `disk` is
   * on disk at every moment, so that even a killed rsyslog keeps it. Left out: in memory only.
   */
  readonly queue?: 'disk-assisted' | 'disk';
}

const queues = {
  memory: 'queue.type="LinkedList" queue.size="1000"',
  'disk-assisted':
    'queue.type="LinkedList" queue.size="1000" queue.filename="canh" queue.saveOnShutdown="on"',
  disk: 'queue.type="Disk" queue.size="100000" queue.filename="canh" queue.checkpointInterval="1"',
} as const;

/** An action that forwards to this machine and never gives up. */
export function forwardAction(forward: Forward): string {
  const { port, protocol, framing = 'traditional', template, queue = 'memory' } = forward;
  const parts = [
    `type="omfwd" target="127.0.0.1" port="${port}" protocol="${protocol}" template="${template}"`,
    'action.resumeRetryCount="-1" action.resumeInterval="1" queue.timeoutEnqueue="60000"',
    queues[queue],
  ];
  if (protocol === 'tcp') parts.push(`TCP_Framing="${framing}"`);
  return `action(${parts.join(' ')})`;
}

/** An action that writes a file at once; behind a forwarding one, what it wrote is in that one's queue. */
export function fileAction(file: string, template: string): string {
  return `action(type="omfile" file="${file}" template="${template}")`;
}
