import { hash } from 'node:crypto';
import { cpSync, createWriteStream, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { startCorrelator } from '../../correlator/index.ts';
import { openSqliteBus } from '../../platform/bus/sqlite.ts';
import { systemClock } from '../../platform/clock.ts';
import { configSchema } from '../../platform/config/schema.ts';
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
/** The lines stand for so much time, whose end was an hour before the test. */
const SPAN_MS = 3_600_000;
/** One address that tries all the time, so that every kill comes in the middle of its episode. */
const STEADY_TRIES = 600;
/** Addresses that try a few times together, one after the other. */
const BURSTS = 10;
const BURST_TRIES = 8;

const bruteForce = '5a1f0b7e-6a3c-4f0e-8f3e-7d2b1c9e0a11';
const rules = `title: Failed SSH login
name: kill_ssh_failed
id: 5a1f0b7e-6a3c-4f0e-8f3e-7d2b1c9e0a10
status: test
level: informational
logsource: { product: linux, service: sshd }
detection:
  selection: { event.action: ssh_login, event.outcome: failure, user.name: guessed }
  condition: selection
---
title: SSH brute force
id: ${bruteForce}
status: test
level: high
correlation:
  type: event_count
  rules: [kill_ssh_failed]
  group-by: [source.ip]
  timespan: 1m
  condition: { gte: 5 }
`;
const PROGRESS_MS_MAX = 60_000;
const LOOK_MS = 250;

/**
 * Kills `canh up` with SIGKILL again and again while it reads one file, lets it finish, and judges: every line is an
 * event exactly once, every alert exists exactly once, and the same bus log read into an empty index by a correlator that
 * nobody kills gives the same ids, and the same alerts to the byte.
 */
export async function killRun(run: KillRun): Promise<void> {
  const random = seeded(run.seed);
  const data = join(run.directory, 'data');
  const config = join(run.directory, 'canh.yaml');
  const log = join(run.directory, 'auth.log');
  await writeLines(log, run.lines);
  cpSync(join(root, 'rules'), rulesOf(run), { recursive: true });
  writeFileSync(join(rulesOf(run), 'brute-force.yml'), rules);
  writeFileSync(
    config,
    `listen: 127.0.0.1:0\ndata: ${data}\nrules: [${rulesOf(run)}]\ncollector:\n  id: kill\n  inputs:\n    - { type: file, paths: ["${log}"], product: linux }\n`,
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

/** Copies of the rules that Canh brings, and ours: nobody else changes them during the test. */
function rulesOf(run: KillRun): string {
  return join(run.directory, 'rules');
}

async function writeLines(file: string, lines: number): Promise<void> {
  const stream = createWriteStream(file);
  const start = Date.now() - 2 * SPAN_MS;
  for (let n = 0; n < lines; n += 1) {
    const time = new Date(start + Math.floor((n * SPAN_MS) / lines)).toISOString();
    const text = `${time} mail01 sshd[${n}]: ${messageOf(n, lines)}\n`;
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

function messageOf(n: number, lines: number): string {
  if (n % ALERT_EVERY === 0) return 'Accepted password for root from 203.0.113.9 port 50212 ssh2';
  if (n % Math.floor(lines / STEADY_TRIES) === 1) return failedFrom('198.51.100.1');
  const burst = Math.floor(lines / BURSTS);
  // A burst's tries stand every third line, so that they are seconds apart at the most.
  const place = (n % burst) - Math.floor(burst / 2);
  if (place >= 0 && place < 3 * BURST_TRIES && place % 3 === 0)
    return failedFrom(`198.51.100.${100 + Math.floor(n / burst)}`);
  return 'Accepted publickey for deploy from 10.1.2.3 port 50212 ssh2: ED25519 SHA256:x';
}

function failedFrom(address: string): string {
  return `Failed password for invalid user guessed from ${address} port 50212 ssh2`;
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
  /** With what the alerts say, which is the same whenever the same bus log is read. */
  readonly alerts: string;
  readonly transitions: string;
}

/** Every line once, every alert once; gives digests. */
async function judge(directory: string, lines: number): Promise<Ids> {
  const store = openSqliteIndex({ directory });
  const index = store.bind(socTenant);
  const seen = new Uint8Array(lines);
  const events = await eachDocument(index, 'events', ({ id, body }) => {
    const process = body['process'] as { readonly pid?: number } | undefined;
    const n = process?.pid ?? -1;
    seen[n] = (seen[n] ?? 0) + 1;
    return id;
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
  const attackers: string[] = [];
  const alerts = await eachDocument(index, 'alerts', ({ id, body }) => {
    const rule = body['rule'] as { readonly id: string; readonly name: string };
    const canh = body['canh'] as { readonly correlation?: { readonly group: readonly { value: string }[] } };
    if (canh.correlation === undefined) perRule.set(rule.name, (perRule.get(rule.name) ?? 0) + 1);
    if (rule.id === bruteForce) attackers.push(canh.correlation?.group[0]?.value ?? '');
    return `${id} ${JSON.stringify(body)}`;
  });
  expect(perRule.size, 'a rule fires on the lines meant for it').to.be.greaterThan(0);
  for (const [rule, count] of perRule) expect(count, rule).to.equal(Math.ceil(lines / ALERT_EVERY));
  const bursts = Array.from({ length: BURSTS }, (_, n) => `198.51.100.${100 + n}`);
  expect(attackers.toSorted(), 'every brute force is one alert').to.deep.equal(['198.51.100.1', ...bursts]);
  const transitions = await eachDocument(
    index,
    'transitions',
    ({ id, body }) => `${id} ${JSON.stringify(body)}`,
  );
  await store.close();
  return { events, alerts, transitions };
}

/** Visits all documents of a collection; gives a digest of what `visit` says of them. */
async function eachDocument(
  index: Index,
  collection: 'events' | 'alerts' | 'transitions',
  visit: (document: StoredDocument) => string,
): Promise<string> {
  const said: string[] = [];
  const ids = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await index.search(collection, {
      query: matchAll,
      size: 1000,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const document of page.documents) {
      ids.add(document.id);
      said.push(visit(document));
    }
    cursor = page.next;
  } while (cursor !== undefined);
  expect(ids.size).to.equal(said.length);
  return `${ids.size} ${hash('sha256', said.toSorted().join('\n'))}`;
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
  const { correlation } = configSchema.parse({});
  const stage = await startCorrelator(
    { rules: [rulesOf(run)], retention: { hot_days: 3650, archive_days: 3650 }, correlation },
    { bus, store, log, registry, clock: systemClock },
  );
  await untilProcessed(join(directory, 'index'), run.lines);
  await stage.stop();
  await store.close();
  await bus.close();
  return judge(join(directory, 'index'), run.lines);
}
