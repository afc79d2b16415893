import { expect } from 'chai';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { socTenant, type IndexStore } from '../../../platform/index/port.ts';
import { openSqliteIndex, type SqliteIndexOptions } from '../../../platform/index/sqlite/index.ts';
import { matchAll } from '../../../platform/query/index.ts';
import { DAY, documentOf, namesOf, NOON, write } from '../../contract/index/documents.ts';

describe('openSqliteIndex', () => {
  let directory = '';
  let stores: IndexStore[] = [];
  const open = (options: Partial<SqliteIndexOptions> = {}): IndexStore => {
    const store = openSqliteIndex({ directory, ...options });
    stores.push(store);
    return store;
  };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'canh-index-'));
    stores = [];
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    rmSync(directory, { recursive: true });
  });

  it('keeps a file a day for events, a month for alerts, one for the rest', async () => {
    const store = open();
    const [today, yesterday] = [documentOf('a'), documentOf('b', {}, { accepted: NOON - DAY })];
    await write(store, [today, yesterday]);
    await write(store, [today, yesterday], 'alerts');
    await write(store, [today], 'users');
    await write(store, [today], 'transitions');
    await store.close();
    expect(readdirSync(directory).toSorted()).to.deep.equal([
      'canh-alerts-2026.11.db',
      'canh-events-2026.11.22.db',
      'canh-events-2026.11.23.db',
      'control.db',
    ]);
  });

  it('leaves nothing of an expired day behind, its log included', async () => {
    const store = open();
    await write(store, [documentOf('a')]);
    expect(readdirSync(directory)).to.include('canh-events-2026.11.23.db-wal');
    await store.expire('events', NOON + DAY);
    expect(readdirSync(directory)).to.deep.equal([]);
  });

  it('makes no file by reading', async () => {
    const index = open().bind(socTenant);
    expect(await index.get('events', [documentOf('a').id])).to.deep.equal([undefined]);
    expect(await namesOf(index, '*')).to.deep.equal([]);
    expect(await index.get('users', ['an'])).to.deep.equal([undefined]);
    expect(readdirSync(directory)).to.deep.equal([]);
  });

  it('ends a search early when its day is deleted meanwhile', async () => {
    const [reader, other] = [open(), open()];
    await write(
      reader,
      Array.from({ length: 3000 }, (_, n) => documentOf(`e${n}`)),
    );
    const searched = reader.bind(socTenant).search('events', { query: matchAll, size: 1000 });
    await other.expire('events', NOON + DAY);
    expect((await searched).documents.length).to.be.lessThan(1000);
  });

  it('says disk_full when the disk is full, with nothing of the batch written, and goes on when there is room', async () => {
    const full = open({ fileBytesMax: 400_000 }).bind(socTenant);
    await full.create('events', [documentOf('small')]);
    const batch = Array.from({ length: 20 }, (_, n) =>
      documentOf(`large${n}`, { text: 'x y '.repeat(20_000) }),
    );
    const outcome = await full.create('events', batch).catch((error: unknown) => error);
    expect(outcome).to.include({ code: 'disk_full' });
    expect(await namesOf(full, '*')).to.deep.equal(['small']);
    await full.create('events', [documentOf('small too')]);
    const roomy = open().bind(socTenant);
    expect((await roomy.create('events', batch)).every(({ kind }) => kind === 'created')).to.equal(true);
    expect(await namesOf(roomy, 'x')).to.have.length(20);
  });

  it('says disk_full of a replacement, too, and keeps the document as it was', async () => {
    const full = open({ fileBytesMax: 400_000 }).bind(socTenant);
    await full.create('events', [documentOf('a')]);
    const [stored] = await full.get('events', [documentOf('a').id]);
    if (stored === undefined) throw new Error('the document is missing');
    const body = { text: 'x'.repeat(1_000_000) };
    const outcome = await full.replace('events', { ...stored, body }).catch((error: unknown) => error);
    expect(outcome).to.include({ code: 'disk_full' });
    expect(await full.get('events', [stored.id])).to.deep.equal([stored]);
  });

  it('closes the file not used for longest, and opens it again when it is asked for', async () => {
    const index = open({ openFilesMax: 2 }).bind(socTenant);
    const days = [0, 1, 2, 3].map((n) => documentOf(`day${n}`, {}, { accepted: NOON - n * DAY }));
    await index.create('events', days);
    expect(readdirSync(directory).filter((file) => file.endsWith('-wal'))).to.have.length(2);
    expect(await namesOf(index, '*')).to.deep.equal(['day0', 'day1', 'day2', 'day3']);
  });
});
