import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { LogSource } from '../../sigma/index.ts';

/** An event as the oracle takes it. */
export interface OracleEvent {
  readonly logsource: readonly LogSource[];
  readonly fields: Readonly<Record<string, unknown>>;
  readonly values: readonly unknown[];
  /** The only rule to judge; left out: every rule that takes one of the logsources. */
  readonly rule?: string;
}

const about = z.object({
  name: z.string(),
  version: z.string(),
  python: z.string(),
  rules: z.array(z.string()),
  refused: z.record(z.string(), z.string()),
});
const verdict = z.object({ taken: z.array(z.string()), matched: z.array(z.string()) });

export interface Judgement {
  readonly oracle: z.infer<typeof about>;
  /** One for each event, in order: ids of the rules that took it, and of those that matched. */
  readonly verdicts: readonly z.infer<typeof verdict>[];
}

/** pySigma in a Python environment of its own, below the system's folder for temporary files. */
export interface Oracle {
  /** The interpreter that has pySigma. */
  readonly python: string;
  judge(rules: readonly string[], events: Iterable<OracleEvent>): Promise<Judgement>;
  remove(): Promise<void>;
}

/** Installs the oracle; undefined where Python or its `venv` is missing. Throws where pip fails. */
export async function installOracle(): Promise<Oracle | undefined> {
  const probe = spawnSync('python3', ['-c', 'import venv, ensurepip']);
  if (probe.status !== 0) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'canh-pysigma-'));
  const python = join(folder, 'venv/bin/python');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', join(folder, 'venv')]);
    const requirements = join(import.meta.dirname, 'requirements.txt');
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  } catch (error) {
    await remove();
    throw error;
  }
  return { python, judge: (rules, events) => judge({ python, folder, rules, events }), remove };
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exit = exitOf(child);
  const errors = await text(child.stderr);
  if ((await exit) !== 0) throw new Error(`${command} ${args.join(' ')}: ${errors}`);
}

function exitOf(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
}

interface Session {
  readonly python: string;
  readonly folder: string;
  readonly rules: readonly string[];
  readonly events: Iterable<OracleEvent>;
}

async function judge({ python, folder, rules, events }: Session): Promise<Judgement> {
  const path = join(folder, 'events.ndjson');
  const file = createWriteStream(path);
  for (const event of events) file.write(`${JSON.stringify(event)}\n`);
  file.end();
  await finished(file);
  const script = join(import.meta.dirname, 'pysigma_oracle.py');
  const child = spawn(python, [script, path, ...rules], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONUTF8: '1' },
  });
  const exit = exitOf(child);
  const errors = text(child.stderr);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  if ((await exit) !== 0) throw new Error(`the oracle failed: ${await errors}`);
  const [first = '', ...rest] = lines;
  return {
    oracle: about.parse(JSON.parse(first)),
    verdicts: rest.map((line) => verdict.parse(JSON.parse(line))),
  };
}
