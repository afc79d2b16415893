import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteIndex, type SqliteIndexOptions } from '../../../platform/index/sqlite/index.ts';
import { socTenant, type IndexStore } from '../../../platform/index/port.ts';
import { matchAll } from '../../../platform/query/index.ts';
import { openDatabase } from '../../../platform/sqlite.ts';
import { indexContract, type OpenedIndex } from '../../contract/index.ts';
import { documentOf, write } from '../../contract/index/documents.ts';

indexContract('SQLite', async () => opened({}));
// Every file is closed for the next one, and nothing is rare: the ways that large indexes go.
indexContract('SQLite, by time', async () => opened({ openFilesMax: 1, candidatesMax: 0 }));

describe('openSqliteIndex', () => {
  it('makes the briefs of a file that was written without', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'canh-index-'));
    const first = openSqliteIndex({ directory });
    await write(first, [documentOf('a', { canh: { level: 'high' } }), documentOf('b')], 'alerts');
    await first.close();
    const db = openDatabase(join(directory, 'canh-alerts-2026.11.db'), { pageBytes: 8192, create: false });
    db.exec('DROP TABLE alerts_brief');
    db.close();
    const second = openSqliteIndex({ directory });
    const results = await second.bind(socTenant).aggregate('alerts', {
      query: matchAll,
      aggregations: { levels: { kind: 'terms', field: 'level', size: 5 } },
    });
    await second.close();
    rmSync(directory, { recursive: true });
    expect(results['levels']).to.deep.include({ buckets: [{ key: 'high', count: 1 }] });
  });
});

function opened(options: Partial<SqliteIndexOptions>): OpenedIndex {
  const directory = mkdtempSync(join(tmpdir(), 'canh-index-'));
  const stores: IndexStore[] = [];
  const open = (): IndexStore => {
    const store = openSqliteIndex({ directory, ...options });
    stores.push(store);
    return store;
  };
  return {
    store: open(),
    openAgain: async () => open(),
    remove: async () => {
      for (const store of stores) await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}
