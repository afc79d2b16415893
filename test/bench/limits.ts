import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, transaction } from '../../platform/sqlite.ts';
import { benchLine } from './lines.ts';

const LINES = 100_000;
const BATCH = 1000;

/** Rows of one line that plain SQLite takes a second: WAL, synchronous FULL, batches of 1000. */
export function sqliteInsertRate(directory: string): number {
  mkdirSync(directory, { recursive: true });
  const db = openDatabase(join(directory, 'limit.db'));
  db.exec('CREATE TABLE lines (id INTEGER PRIMARY KEY, line TEXT)');
  const insert = db.prepare('INSERT INTO lines (line) VALUES (?)');
  const started = performance.now();
  for (let n = 0; n < LINES; n += BATCH) {
    transaction(db, () => {
      for (let i = n; i < n + BATCH; i += 1) insert.run(benchLine(i));
    });
  }
  const seconds = (performance.now() - started) / 1000;
  db.close();
  return LINES / seconds;
}

/** Documents of about the size of an indexed event that `JSON.parse` reads a second. */
export function jsonParseRate(): number {
  const texts = Array.from({ length: 1000 }, (_, n) => JSON.stringify(eventLike(n)));
  let kept = 0;
  const started = performance.now();
  for (let round = 0; round < LINES / texts.length; round += 1) {
    for (const text of texts) kept += Object.keys(JSON.parse(text) as object).length;
  }
  const seconds = (performance.now() - started) / 1000;
  if (kept === 0) throw new Error('nothing was parsed');
  return LINES / seconds;
}

function eventLike(n: number): object {
  return {
    '@timestamp': '2026-11-23T10:00:00.000Z',
    event: {
      category: ['authentication'],
      type: ['start'],
      action: 'ssh_login',
      outcome: 'success',
      original: benchLine(n),
    },
    host: { name: 'mail01', hostname: 'mail01' },
    user: { name: 'deploy' },
    source: { ip: `10.1.2.${n % 251}`, port: 50_212 },
    process: { name: 'sshd', pid: n },
    related: { ip: [`10.1.2.${n % 251}`], user: ['deploy'], hosts: ['mail01'] },
    canh: {
      agency: 'soc',
      collector: 'soc-1',
      epoch: '0123456789abcdef',
      seq: n,
      ordinal: 0,
      records: 1,
      native: {},
    },
  };
}
