import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { expireOnce } from '../../correlator/retention.ts';
import { timedId } from '../../platform/ids.ts';
import { socTenant } from '../../platform/index/port.ts';
import { openSqliteIndex } from '../../platform/index/sqlite/index.ts';
import { createLogger } from '../../platform/log.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 23, 12);

describe('expireOnce', () => {
  const directory = mkdtempSync(join(tmpdir(), 'canh-retention-'));
  after(() => rmSync(directory, { recursive: true, force: true }));

  it('drops events past hot_days and alerts past archive_days, by whole files', async () => {
    const store = openSqliteIndex({ directory });
    const index = store.bind(socTenant);
    const aged = (days: number) => {
      const time = NOW - days * DAY;
      return { id: timedId(time, [days]), agency: 'soc', time, body: { days } };
    };
    await index.create('events', [0, 6, 8, 40].map(aged));
    await index.create('alerts', [0, 40, 500].map(aged));
    const deps = { store, log: createLogger({ level: 'error', plain: true }), clock: { now: () => NOW } };
    const dropped = await expireOnce({ hot_days: 7, archive_days: 365 }, deps);
    expect(dropped).to.deep.equal([
      'canh-events-2026.10.14',
      'canh-events-2026.11.15',
      'canh-alerts-2025.07',
    ]);
    expect(await expireOnce({ hot_days: 7, archive_days: 365 }, deps)).to.deep.equal([]);
    await store.close();
    expect(readdirSync(directory).filter((name) => name.includes('2025'))).to.deep.equal([]);
  });
});
