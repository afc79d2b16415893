import { hash } from 'node:crypto';
import { cpSync, createWriteStream, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { startCorrelator } from '../../correlator/index.ts';
import { openSqliteBus } from '../../platform/bus/sqlite.ts';
import { systemClock } from '../../platform/clock.ts';
import { socTenant, type Index, type StoredDocument } from '../../platform/index/port.ts';
import { openSqliteIndex } from '../../platform/index/sqlite/index.ts';
import { createLogger } from '../../platform/log.ts';
import { createRegistry } from '../../platform/metrics.ts';
import { matchAll } from '../../platform/query/ast.ts';
import { root, startCanh } from './canh-process.ts';
import { seeded } from './random.ts';

export interface KillRun {
  readonly directory: string;
  readonly lines: number;
  readonly kills: number;
  readonly seed: number;
  /** Longest life of a process before it is killed, in milliseconds. */
  readonly lifeMsMax: number;
}

/** Every so many lines, one that a rule of ours fires on. */
const ALERT_EVERY = 1000;
const PROGRESS_MS_MAX = 60_000;
const LOOK_MS = 250;

/**
 * Kills `canh up` with SIGKILL again and again while it reads one file, lets it finish, and judges: every line is an
 * event exactly once, every alert exists exactly once, and the same bus log read into an empty index gives the same ids.
 */
export async function killRun(run: KillRun): Promise<void> {
  const random = seeded(run.seed);
  const data = join(run.directory, 'data');
  const config = join(run.directory, 'canh.yaml');
  const log = join(run.directory, 'auth.log');
  await writeLines(log, run.lines);
  writeFileSync(
    config,
    `listen: 127.0.0.1:0\ndata: ${data}\nrules: [${join(root, 'rules')}]\ncollector:\n  id: kill\n  inputs:\n    - { type: file, paths: ["${log}"], product: linux }\n`,
  );
  for (let kill = 0; kill < run.kills; kill += 1) {
    const canh = startCanh(['up', '--config', config]);
    await wait(300 + random() * run.lifeMsMax);
    await canh.end('SIGKILL');
  }
  const canh = startCanh(['up', '--config', config]);
  await canh.ready();
  await untilProcessed(join(data, 'index'), run.lines);
  await canh.end('SIGTERM');

  const ids = await judge(join(data, 'index'), run.lines);
  const replayed = await replay(run, join(data, 'bus', 'bus.db'));
  expect(replayed).to.deep.equal(ids);
}

async function writeLines(file: string, lines: number): Promise<void> {
  const stream = createWriteStream(file);
  for (let n = 0; n < lines; n += 1) {
    const text =
      n % ALERT_EVERY === 0
        ? `sshd[${n}]: Accepted password for root from 203.0.113.9 port 50212 ssh2`
        : `sshd[${n}]: Accepted publickey for deploy from 10.1.2.3 port 50212 ssh2: ED25519 SHA256:x`;
    if (!stream.write(`Nov 23 10:00:00 mail01 ${text}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

/** Waits while the number of processed events grows; the judge counts the events themselves. */
async function untilProcessed(directory: string, expected: number): Promise<void> {
  let seen = -1;
  let since = Date.now();
  for (;;) {
    const store = openSqliteIndex({ directory });
    const sources = await store.bind(socTenant).search('sources', { query: matchAll, size: 100 });
    await store.close();
    const count = sources.documents.reduce((sum, { body }) => sum + Number(body['events']), 0);
    if (count >= expected) return;
    if (count !== seen) since = Date.now();
    else if (Date.now() - since > PROGRESS_MS_MAX) throw new Error(`stuck at ${count} of ${expected} events`);
    seen = count;
    await wait(LOOK_MS);
  }
}

interface Ids {
  readonly events: string;
  readonly alerts: string;
}

/** Every line once, every alert once; gives digests of the ids. */
async function judge(directory: string, lines: number): Promise<Ids> {
  const store = openSqliteIndex({ directory });
  const index = store.bind(socTenant);
  const seen = new Uint8Array(lines);
  const events = await eachDocument(index, 'events', ({ body }) => {
    const process = body['process'] as { readonly pid?: number } | undefined;
    const n = process?.pid ?? -1;
    seen[n] = (seen[n] ?? 0) + 1;
  });
  expect(
    seen.findIndex((times) => times === 0),
    'a line that is no event',
  ).to.equal(-1);
  expect(
    seen.findIndex((times) => times > 1),
    'a line that is two events',
  ).to.equal(-1);
  const perRule = new Map<string, number>();
  const alerts = await eachDocument(index, 'alerts', ({ body }) => {
    const rule = String((body['rule'] as { readonly name?: string }).name);
    perRule.set(rule, (perRule.get(rule) ?? 0) + 1);
  });
  expect(perRule.size, 'a rule fires on the lines meant for it').to.be.greaterThan(0);
  for (const [rule, count] of perRule) expect(count, rule).to.equal(Math.ceil(lines / ALERT_EVERY));
  await store.close();
  return { events, alerts };
}

/** Visits all documents of a collection; gives a digest of their sorted ids. */
async function eachDocument(
  index: Index,
  collection: 'events' | 'alerts',
  visit: (document: StoredDocument) => void,
): Promise<string> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await index.search(collection, {
      query: matchAll,
      size: 1000,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const document of page.documents) {
      ids.push(document.id);
      visit(document);
    }
    cursor = page.next;
  } while (cursor !== undefined);
  expect(new Set(ids).size).to.equal(ids.length);
  return `${ids.length} ${hash('sha256', ids.toSorted().join())}`;
}

/** Processes a copy of the bus log by one correlator into an empty index. */
async function replay(run: KillRun, busFile: string): Promise<Ids> {
  const directory = join(run.directory, 'replay');
  mkdirSync(directory);
  for (const suffix of ['', '-wal']) {
    if (existsSync(`${busFile}${suffix}`)) cpSync(`${busFile}${suffix}`, join(directory, `bus.db${suffix}`));
  }
  const bus = openSqliteBus(join(directory, 'bus.db'));
  const store = openSqliteIndex({ directory: join(directory, 'index') });
  const log = createLogger({ level: 'warn', plain: true });
  const registry = createRegistry({ processMetrics: false });
  const stage = await startCorrelator(
    { rules: [join(root, 'rules')], retention: { hot_days: 3650, archive_days: 3650 } },
    { bus, store, log, registry, clock: systemClock },
  );
  await untilProcessed(join(directory, 'index'), run.lines);
  await stage.stop();
  await store.close();
  await bus.close();
  return judge(join(directory, 'index'), run.lines);
}
