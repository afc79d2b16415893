import { mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startCorrelator } from '../../correlator/index.ts';
import { openSqliteBus } from '../../platform/bus/sqlite.ts';
import type { Bus } from '../../platform/bus/port.ts';
import {
  socTenant,
  type Collection,
  type IndexStore,
  type StoredDocument,
} from '../../platform/index/port.ts';
import { openSqliteIndex } from '../../platform/index/sqlite/index.ts';
import { createLogger } from '../../platform/log.ts';
import { createRegistry } from '../../platform/metrics.ts';
import { matchAll } from '../../platform/query/ast.ts';
import { encodeEntry } from '../../platform/record.ts';
import type { Stage } from '../../platform/stage.ts';
import { correlation, until } from './correlator-run.ts';

const ACCEPTED = Date.UTC(2026, 10, 23, 3);

function login(seq: number): string {
  return encodeEntry({
    collector: 'mail01',
    agency: 'soc',
    epoch: 'e',
    seq,
    ...(seq === 1 ? { previous: null } : {}),
    accepted: ACCEPTED + seq,
    received: ACCEPTED,
    input: 'auth',
    path: '/var/log/auth.log',
    line: `Nov 23 10:00:00 mail01 sshd[${seq}]: Accepted password for root from 203.0.113.9 port 50212 ssh2`,
    hints: { product: 'linux' },
  });
}

const rule = `
title: Root login
id: 5e1f66d1-93c1-4b1e-9d27-0f5a6f3f0001
status: test
level: medium
logsource: { product: linux, service: sshd }
detection:
  selection: { user.name: root, event.action: ssh_login }
  condition: selection
`;

describe('startCorrelator', function () {
  this.timeout(20_000);
  let directory = '';
  let bus: Bus;
  let store: IndexStore;
  let stages: Stage[] = [];

  const start = async (): Promise<Stage> => {
    const retention = { hot_days: 3650, archive_days: 3650 };
    const config = { rules: [join(directory, 'rules')], retention, correlation };
    const registry = createRegistry({ processMetrics: false });
    const log = createLogger({ level: 'error', plain: true });
    const stage = await startCorrelator(config, {
      bus,
      store,
      log,
      registry,
      clock: { now: () => ACCEPTED },
    });
    stages.push(stage);
    return stage;
  };
  const send = async (...values: readonly string[]): Promise<void> => {
    await bus.append(
      'canh.records',
      0,
      values.map((value) => ({ key: 'soc', value })),
    );
  };
  const all = async (collection: Collection): Promise<readonly StoredDocument[]> =>
    (await store.bind(socTenant).search(collection, { query: matchAll, size: 1000 })).documents;
  const stateOf = (stage: Stage): string => stage.health()[0]?.state ?? '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'canh-correlator-'));
    mkdirSync(join(directory, 'rules'));
    mkdirSync(join(directory, 'index'));
    writeFileSync(join(directory, 'rules', 'root.yml'), rule);
    bus = openSqliteBus(join(directory, 'bus.db'));
    store = openSqliteIndex({ directory: join(directory, 'index') });
    stages = [];
  });
  afterEach(async () => {
    for (const stage of stages) await stage.stop();
    await store.close();
    await bus.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('makes events, alerts and sources of what is on the bus, and commits how far it came', async () => {
    await send(login(1), login(2));
    await start();
    await until(async () => (await bus.lag('correlator', 'canh.records', 0)) === 0);
    expect([(await all('events')).length, (await all('alerts')).length]).to.deep.equal([2, 2]);
    await until(async () => (await all('sources')).length === 1);
    expect((await all('sources'))[0]?.body).to.include({
      path: '/var/log/auth.log',
      events: 2,
      product: 'linux',
    });
    const kept = await bus.read('canh.records', 0, 0, { messages: 10, bytes: 1_000_000 });
    expect(kept, 'what was processed stays for a replay').to.have.length(2);
  });

  it('goes on where it was stopped', async () => {
    await send(login(1));
    const first = await start();
    await until(async () => (await all('events')).length === 1);
    await first.stop();
    await send(login(1), login(2));
    await start();
    await until(async () => (await bus.lag('correlator', 'canh.records', 0)) === 0);
    expect((await all('events')).length).to.equal(2);
    await until(async () => (await all('sources'))[0]?.body['events'] === 2);
  });

  it('what is no record is a dead letter with its original, and the rest goes on', async () => {
    await send('not a record', login(1));
    await start();
    await until(async () => (await all('events')).length === 1);
    const [letter] = await all('deadletters');
    expect(letter?.body).to.have.nested.property('error.code', 'record_undecodable');
    expect(letter?.body).to.have.nested.property('event.original', 'not a record');
  });

  it('waits while the index takes no writes, says so, and loses nothing', async () => {
    const obstacle = join(directory, 'index', 'canh-events-2026.11.23.db');
    mkdirSync(obstacle);
    await send(login(1));
    const stage = await start();
    await until(() => stateOf(stage) === 'degraded');
    rmdirSync(obstacle);
    await until(() => stateOf(stage) === 'ok');
    await until(async () => (await all('events')).length === 1);
    expect((await all('alerts')).length).to.equal(1);
  });

  it('a long line that comes in parts over several batches stops nothing', async () => {
    const half = `{"k":[${'"ab",'.repeat(1_200_000)}`;
    const part = (seq: number, line: string, last: boolean): string =>
      encodeEntry({
        collector: 'mail01',
        agency: 'soc',
        epoch: 'e',
        seq,
        ...(seq === 1 ? { previous: null } : {}),
        accepted: ACCEPTED,
        received: ACCEPTED,
        input: 'auth',
        part: { index: seq - 1, last },
        line,
        hints: {},
      });
    await start();
    await send(part(1, half, false));
    await until(async () => (await bus.lag('correlator', 'canh.records', 0)) === 0);
    await send(part(2, half, true), login(3));
    await until(async () => (await bus.lag('correlator', 'canh.records', 0)) === 0);
    const events = await store.bind(socTenant).search('events', { query: matchAll, size: 10 });
    expect(events.documents.map(({ body }) => (body['canh'] as { records: number }).records)).to.have.members(
      [1, 2],
    );
  });

  it('the bus forgets what was processed more than seven days before', async () => {
    const HOUR = 3_600_000;
    await start();
    const days = 9;
    for (let hour = 0; hour < days * 24; hour += 6) {
      await send(encodeEntry({ tick: ACCEPTED + hour * HOUR }));
      await until(async () => (await bus.lag('correlator', 'canh.records', 0)) === 0);
    }
    const age = async (): Promise<number> => {
      const left = await bus.read('canh.records', 0, 0, { messages: 1000, bytes: 1_000_000 });
      const ticks = left.map(({ value }) => (JSON.parse(value) as { tick: number }).tick);
      return (ACCEPTED + (days * 24 - 6) * HOUR - Math.min(...ticks)) / HOUR;
    };
    await until(async () => (await age()) <= 7 * 24);
    expect(await age()).to.be.at.least(7 * 24 - 12);
  });

  it('gives up its partition when another correlator has taken it', async () => {
    const first = await start();
    await send(login(1));
    await until(async () => (await all('events')).length === 1);
    const second = await start();
    await send(login(2));
    await until(() => [first, second].some((stage) => stateOf(stage) === 'failed'));
    expect((await all('events')).length).to.equal(2);
    expect((await all('alerts')).length).to.equal(2);
  });
});
