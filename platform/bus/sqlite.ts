import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { invariant } from '../errors/index.ts';
import { openDatabase, transaction } from '../sqlite.ts';
import { topics, type Bus, type Delivered, type Topic } from './port.ts';

const PARTITIONS = 1;

/** The statements of one topic; a topic is a table whose row id is the offset. */
interface TopicStatements {
  readonly insert: StatementSync;
  readonly select: StatementSync;
  readonly remove: StatementSync;
  readonly end: StatementSync;
}

/**
 * The embedded bus: one SQLite file, one partition. An append is durable when it resolves (WAL, synchronous FULL).
 * Several threads and processes may have the file open.
 */
export function openSqliteBus(path: string): Bus {
  mkdirSync(dirname(path), { recursive: true });
  const db = openDatabase(path);
  db.exec(
    'CREATE TABLE IF NOT EXISTS commits ("group" TEXT, topic TEXT, offset INTEGER, PRIMARY KEY ("group", topic))',
  );
  const statements = new Map(topics.map((topic) => [topic, prepareTopic(db, topic)]));
  const of = (topic: Topic): TopicStatements => {
    const found = statements.get(topic);
    invariant(found !== undefined, `unknown topic ${topic}`);
    return found;
  };
  const setCommit = db.prepare(
    'INSERT INTO commits VALUES (?, ?, ?) ON CONFLICT ("group", topic) DO UPDATE SET offset = excluded.offset',
  );
  const committed = db.prepare('SELECT offset FROM commits WHERE "group" = ? AND topic = ?');

  return {
    partitions: PARTITIONS,
    partitionOf: () => 0,
    append: async (topic, _partition, messages) =>
      transaction(db, () => {
        let last = 0;
        for (const message of messages)
          last = Number(of(topic).insert.run(message.key, message.value).lastInsertRowid);
        return last;
      }),
    read: async (topic, _partition, from, limit) => {
      const read: Delivered[] = [];
      let bytes = 0;
      for (const row of of(topic).select.iterate(from, limit.messages)) {
        const value = String(row['value']);
        bytes += value.length;
        if (read.length > 0 && bytes > limit.bytes) break;
        read.push({ offset: Number(row['offset']), key: String(row['key']), value });
      }
      return read;
    },
    commit: async (group, topic, _partition, offset) => {
      setCommit.run(group, topic, offset);
    },
    lag: async (group, topic) => {
      const end = Number(of(topic).end.get(topic)?.['seq'] ?? 0) + 1;
      return end - Number(committed.get(group, topic)?.['offset'] ?? 1);
    },
    trim: async (topic, _partition, offset) => {
      of(topic).remove.run(offset);
    },
    close: async () => {
      db.close();
    },
  };
}

function prepareTopic(db: DatabaseSync, topic: Topic): TopicStatements {
  db.exec(
    `CREATE TABLE IF NOT EXISTS "${topic}" (offset INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT, value TEXT)`,
  );
  return {
    insert: db.prepare(`INSERT INTO "${topic}" (key, value) VALUES (?, ?)`),
    select: db.prepare(`SELECT offset, key, value FROM "${topic}" WHERE offset >= ? ORDER BY offset LIMIT ?`),
    remove: db.prepare(`DELETE FROM "${topic}" WHERE offset < ?`),
    end: db.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?'),
  };
}
