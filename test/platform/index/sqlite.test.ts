import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteIndex, type SqliteIndexOptions } from '../../../platform/index/sqlite/index.ts';
import type { IndexStore } from '../../../platform/index/port.ts';
import { indexContract, type OpenedIndex } from '../../contract/index.ts';

indexContract('SQLite', async () => opened({}));
// Every file is closed for the next one, and nothing is rare: the ways that large indexes go.
indexContract('SQLite, by time', async () => opened({ openFilesMax: 1, candidatesMax: 0 }));

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
