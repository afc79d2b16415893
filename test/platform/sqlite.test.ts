import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase, transaction, type DatabaseOptions } from '../../platform/sqlite.ts';

describe('sqlite', () => {
  let directory = '';
  let opened: DatabaseSync[] = [];
  const open = (options?: DatabaseOptions): DatabaseSync => {
    const db = openDatabase(join(directory, 'a b?.db'), options);
    opened.push(db);
    return db;
  };
  const pragma = (db: DatabaseSync, name: string): unknown =>
    Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  const count = (db: DatabaseSync): unknown => db.prepare('SELECT count(*) AS n FROM t').get()?.['n'];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'canh-sqlite-'));
    opened = [];
  });
  afterEach(() => {
    for (const db of opened) db.close();
    rmSync(directory, { recursive: true });
  });

  it('opens in write-ahead mode, every commit on the disk', () => {
    const db = open({ pageBytes: 8192 });
    expect(pragma(db, 'journal_mode')).to.equal('wal');
    expect(pragma(db, 'synchronous')).to.equal(2);
    expect(pragma(db, 'foreign_keys')).to.equal(0);
    expect(pragma(db, 'busy_timeout')).to.equal(10_000);
    expect(pragma(db, 'page_size')).to.equal(8192);
    expect(pragma(open({ synchronous: 'NORMAL' }), 'synchronous')).to.equal(1);
  });

  it('makes no file where it must be there already', () => {
    expect(() => open({ create: false })).to.throw();
    open();
    expect(() => open({ create: false })).not.to.throw();
  });

  it('lets nobody write who only reads', () => {
    open().exec('CREATE TABLE t (a)');
    const reader = open({ readOnly: true });
    expect(count(reader)).to.equal(0);
    expect(() => {
      reader.exec('INSERT INTO t VALUES (1)');
    }).to.throw();
  });

  it('commits all of a transaction or nothing', () => {
    const db = open();
    db.exec('CREATE TABLE t (a)');
    const insert = db.prepare('INSERT INTO t VALUES (1)');
    expect(transaction(db, () => insert.run().changes)).to.equal(1);
    const fail = (): void => {
      transaction(db, () => {
        insert.run();
        throw new Error('in the middle');
      });
    };
    expect(fail).to.throw('in the middle');
    expect(count(db)).to.equal(1);
    expect(db.isTransaction).to.equal(false);
  });

  it('says disk_full when the disk is full, with nothing written', () => {
    const db = open();
    db.exec('CREATE TABLE t (a); PRAGMA max_page_count = 20');
    const fill = (): void => {
      const insert = db.prepare('INSERT INTO t VALUES (zeroblob(4000))');
      transaction(db, () => {
        for (let n = 0; n < 50; n += 1) insert.run();
      });
    };
    expect(fill).to.throw().that.includes({ code: 'disk_full' });
    expect(count(db)).to.equal(0);
    expect(db.isTransaction).to.equal(false);
  });
});
