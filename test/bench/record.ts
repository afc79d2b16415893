import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const results = join(dirname(fileURLToPath(import.meta.url)), 'results');

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

interface Measured {
  readonly case: string;
  readonly rounds: number;
  readonly figures: object;
  readonly ratios: object;
}

/** Writes what a case measured, with the machine and the commit, to `results/<name>.json`, and shows it. */
export function record(name: string, measured: Measured): void {
  const { case: title, ...rest } = measured;
  const result = {
    case: title,
    machine: {
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      memory_gb: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
    ...rest,
  };
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
  console.log(JSON.stringify(result, undefined, 2));
}

/** The commit, and whether something in the tree differs from it. */
function commit(): string {
  const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', 'sigma') === '' ? '' : ', changed'}`;
  } catch {
    return 'none';
  }
}
