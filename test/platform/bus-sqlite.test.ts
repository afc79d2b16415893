import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteBus } from '../../platform/bus/sqlite.ts';
import { busContract } from '../contract/bus.ts';

const directories: string[] = [];
let file = '';

busContract('SQLite', {
  open: async () => openSqliteBus(file),
  reset: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'canh-bus-'));
    directories.push(directory);
    file = join(directory, 'bus.db');
  },
});

after(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});
