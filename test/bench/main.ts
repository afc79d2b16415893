import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchCorrelation } from './correlation.ts';
import { benchDetect } from './detect.ts';
import { ingest, type Ingested } from './ingest.ts';
import { jsonParseRate, sqliteInsertRate } from './limits.ts';
import { benchLoad } from './load.ts';
import { median, record } from './record.ts';
import { benchRegex } from './regex.ts';

const ROUNDS = 3;

/** Each writes `results/<name>.json`; `npm run bench -- <name> …` runs those named, else all. */
const cases = new Map<string, () => Promise<void>>([
  ['ingest', benchIngest],
  ['detect', benchDetect],
  ['correlation', benchCorrelation],
  ['regex', benchRegex],
  ['load', benchLoad],
]);

/** Runs every case three times, limits and product in turn, and records the medians with the machine and the commit. */
async function benchIngest(): Promise<void> {
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
  record('ingest', {
    case: 'ingest: file to indexed event and alert, embedded, fsync on',
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
  });
}

for (const name of process.argv.length > 2 ? process.argv.slice(2) : cases.keys()) {
  const run = cases.get(name);
  if (run === undefined) throw new Error(`no case ${name}: ${[...cases.keys()].join(', ')}`);
  await run();
}
