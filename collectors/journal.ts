import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { JournalInputConfig } from '../platform/config/schema.ts';
import { CanhError, messageOf, systemCode } from '../platform/errors/index.ts';
import { hintsOf, idPart, type CursorChange, type Emit, type InputType, type Line } from './input.ts';
import { cutPosition, LINE_TOTAL_BYTES_MAX, splitLines } from './lines.ts';

const CURSOR_KEY = 'cursor';
const CURSOR_CHARS_MAX = 1024;
const STDERR_CHARS_MAX = 2048;
const LF = 0x0a;

/** How the journal is read: the program and what it is told besides; arguments are for tests. */
export interface JournalReader {
  readonly command: string;
  readonly arguments: readonly string[];
}

const journalctl: JournalReader = { command: 'journalctl', arguments: [] };

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Reads the systemd journal through `journalctl --follow`: one record an entry, its JSON as the line. The journal's own
 * `__CURSOR` is the input's cursor, so reading goes on exactly where it stopped.
 */
export function journalInput(reader: JournalReader = journalctl): InputType<JournalInputConfig> {
  return {
    type: 'journal',
    hints: (config) => hintsOf(config, 'journal'),
    defaultId: (config) => idPart(['journal', ...config.units].join('-')),
    create: (id, config, deps) => {
      let child: Child | undefined;
      let reading: Promise<void> | undefined;
      let stopped = false;
      const run = async (started: Child, emit: Emit): Promise<void> => {
        let complaint = '';
        started.stderr.setEncoding('utf8').on('data', (text: string) => {
          complaint = (complaint + text).slice(-STDERR_CHARS_MAX);
        });
        const ended = exitOf(started);
        await emitLines(started.stdout, emit);
        const exit = await ended;
        if (!stopped)
          throw new CanhError('input_failed', `${reader.command} ended (${exit}). ${complaint.trim()}`);
      };
      return {
        id,
        start: async (emit) => {
          child = await start(reader, journalArguments(config, deps.cursors().get(CURSOR_KEY)));
          const started = child;
          reading = run(started, emit).catch((error: unknown) => {
            started.kill();
            if (!stopped) deps.failed(error);
          });
        },
        stop: async () => {
          stopped = true;
          child?.kill();
          await reading;
        },
        trouble: () => undefined,
      };
    },
  };
}

/** `--all` keeps fields over 4096 bytes, which are null otherwise; `--no-tail` begins with the oldest entry. */
function journalArguments({ units }: JournalInputConfig, cursor: string | undefined): readonly string[] {
  return [
    '--output=json',
    '--all',
    '--quiet',
    '--follow',
    '--no-tail',
    ...units.map((unit) => `--unit=${unit}`),
    ...(cursor === undefined ? [] : [`--after-cursor=${cursor}`]),
  ];
}

async function start(reader: JournalReader, options: readonly string[]): Promise<Child> {
  const child = spawn(reader.command, [...reader.arguments, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once('spawn', resolve);
  child.once('error', reject);
  try {
    await promise;
  } catch (cause) {
    const missing = systemCode(cause) === 'ENOENT';
    const detail = missing
      ? `${reader.command} is not installed; the journal cannot be read without it.`
      : `${reader.command} cannot be started: ${messageOf(cause)}`;
    throw new CanhError('input_unreadable', detail, { cause });
  }
  return child;
}

async function exitOf(child: Child): Promise<string> {
  return await new Promise((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? `exit ${String(code)}`));
  });
}

async function emitLines(stdout: Readable, emit: Emit): Promise<void> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of stdout) {
    held = Buffer.concat([held, chunk as Buffer]);
    let end = held.lastIndexOf(LF) + 1;
    if (end === 0 && held.length >= LINE_TOTAL_BYTES_MAX) end = cutPosition(held, LINE_TOTAL_BYTES_MAX);
    if (end === 0) continue;
    const lines = splitLines(held.subarray(0, end));
    await emit({ lines, cursors: cursorChange(lines) });
    held = held.subarray(end);
  }
  // An entry that was cut off by the end is read again after the last cursor.
}

/** The cursor of the last entry, as `--after-cursor` takes it. */
function cursorChange(lines: readonly Line[]): readonly CursorChange[] {
  const cursor = journalCursor(lines.at(-1));
  return cursor === undefined ? [] : [{ key: CURSOR_KEY, value: cursor }];
}

/** `__CURSOR` of an entry in JSON; undefined where there is none that could be one. */
export function journalCursor(line: Line | undefined): string | undefined {
  if (typeof line !== 'string') return undefined;
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null || !('__CURSOR' in entry)) return undefined;
    const cursor = entry['__CURSOR'];
    return typeof cursor === 'string' && cursor.length <= CURSOR_CHARS_MAX ? cursor : undefined;
  } catch {
    return undefined;
  }
}
