import { createWriteStream, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { root, startCanh } from '../faults/canh-process.ts';
import { benchLine } from './lines.ts';

const LINES = 200_000;
const LOOK_MS = 100;

export interface Ingested {
  readonly lines_per_second: number;
  readonly bytes_per_event: number;
  readonly index_bytes_per_event: number;
  readonly rss_mb_peak: number;
  readonly rss_mb_idle: number;
  readonly start_ms: number;
}

/** A real `canh up` with the rules it brings reads one file; measured from the file's appearance to its last event. */
export async function ingest(directory: string): Promise<Ingested> {
  mkdirSync(directory, { recursive: true });
  const log = join(directory, 'mixed.log');
  const staged = join(directory, 'staged');
  const data = join(directory, 'data');
  const config = join(directory, 'canh.yaml');
  await writeLines(staged);
  writeFileSync(
    config,
    `listen: 127.0.0.1:0\ndata: ${data}\nrules: [${join(root, 'rules')}]\ncollector:\n  inputs:\n    - { type: file, paths: ["${log}"] }\n`,
  );
  const startedAt = performance.now();
  const canh = startCanh(['up', '--config', config]);
  const address = await canh.ready();
  const startMs = performance.now() - startedAt;
  const pid = canh.child.pid ?? 0;
  await wait(3000);
  const idle = rssMb(pid);
  let peak = 0;
  const begin = performance.now();
  writeFileSync(log, readFileSync(staged));
  while ((await countEvents(address)) < LINES) {
    peak = Math.max(peak, rssMb(pid));
    await wait(LOOK_MS);
  }
  const seconds = (performance.now() - begin) / 1000;
  await canh.end('SIGTERM');
  return {
    lines_per_second: LINES / seconds,
    bytes_per_event: bytesUnder(data) / LINES,
    index_bytes_per_event: bytesUnder(join(data, 'index')) / LINES,
    rss_mb_peak: peak,
    rss_mb_idle: idle,
    start_ms: startMs,
  };
}

async function writeLines(file: string): Promise<void> {
  const stream = createWriteStream(file);
  for (let n = 0; n < LINES; n += 1) if (!stream.write(`${benchLine(n)}\n`)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

/** Events indexed since the start, as the correlator counts them; asking costs it next to nothing. */
async function countEvents(address: string): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text();
  return Number(/^canh_correlator_events_total (\d+)/m.exec(text)?.[1] ?? 0);
}

function rssMb(pid: number): number {
  const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? 0) / 1024;
}

function bytesUnder(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
