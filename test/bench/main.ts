import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ingest, type Ingested } from './ingest.ts';
import { jsonParseRate, sqliteInsertRate } from './limits.ts';

const ROUNDS = 3;
const here = dirname(fileURLToPath(import.meta.url));

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'none';
  }
}

/** Runs every case three times, limits and product in turn, and records the medians with the machine and the commit. */
async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'canh-bench-'));
  const rounds: ({ readonly json: number; readonly sqlite: number } & Ingested)[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const json = jsonParseRate();
      const sqlite = sqliteInsertRate(join(directory, `limit-${round}`));
      const ingested = await ingest(join(directory, `ingest-${round}`));
      rounds.push({ json, sqlite, ...ingested });
      console.log(JSON.stringify(rounds.at(-1)));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const keys = Object.keys(rounds[0] ?? {}) as (keyof (typeof rounds)[number])[];
  const figures = Object.fromEntries(
    keys.map((key) => [key, Math.round(median(rounds.map((round) => round[key])))]),
  );
  const rate = figures['lines_per_second'] ?? 0;
  const result = {
    case: 'ingest: file to indexed event and alert, embedded, fsync on',
    machine: {
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      memory_gb: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
    rounds: ROUNDS,
    figures: {
      json_parse_lines_per_second: figures['json'],
      sqlite_inserts_per_second: figures['sqlite'],
      lines_per_second: rate,
      bytes_on_disk_per_event: figures['bytes_per_event'],
      index_bytes_per_event: figures['index_bytes_per_event'],
      rss_mb_peak: figures['rss_mb_peak'],
      rss_mb_idle: figures['rss_mb_idle'],
      start_ms: figures['start_ms'],
    },
    ratios: {
      json_parse_to_ingest: Number(((figures['json'] ?? 0) / rate).toFixed(1)),
      sqlite_insert_to_ingest: Number(((figures['sqlite'] ?? 0) / rate).toFixed(1)),
    },
  };
  mkdirSync(join(here, 'results'), { recursive: true });
  writeFileSync(join(here, 'results', 'ingest.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  console.log(JSON.stringify(result, undefined, 2));
}

await main();
