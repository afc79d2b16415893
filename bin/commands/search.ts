import { existsSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { CanhError } from '../../platform/errors/index.ts';
import type { JsonObject, JsonValue } from '../../platform/event.ts';
import { SIZE_MAX, socTenant, type StoredDocument } from '../../platform/index/port.ts';
import { openSqliteIndex } from '../../platform/index/sqlite/index.ts';
import { visible } from '../../platform/log.ts';
import { parseQuery } from '../../platform/query/index.ts';
import { parseTime } from '../../platform/query/time.ts';
import { configOptions, readConfig, type ConfigOptions } from '../config-options.ts';
import { dataDirectory } from '../data-directory.ts';

interface SearchOptions extends ConfigOptions {
  readonly since?: string;
  readonly until?: string;
  readonly format: 'ndjson' | 'table' | 'csv';
  readonly limit?: string;
}

/** Columns of `table` and `csv`: heading and dotted path. */
const columns = {
  events: [
    ['time', '@timestamp'],
    ['agency', 'canh.agency'],
    ['host', 'host.name'],
    ['user', 'user.name'],
    ['source', 'source.ip'],
    ['action', 'event.action'],
    ['outcome', 'event.outcome'],
    ['original', 'event.original'],
    ['id', 'id'],
  ],
  alerts: [
    ['time', '@timestamp'],
    ['level', 'canh.level'],
    ['state', 'canh.state'],
    ['rule', 'rule.name'],
    ['agency', 'canh.agency'],
    ['host', 'host.name'],
    ['user', 'user.name'],
    ['source', 'source.ip'],
    ['id', 'id'],
  ],
} as const;

const CELL_CHARS_MAX = 60;

export function addEvents(canh: Command): void {
  addSearch(canh, 'events');
}

export function addAlerts(canh: Command): void {
  addSearch(canh, 'alerts');
}

function addSearch(canh: Command, collection: 'events' | 'alerts'): void {
  configOptions(canh.command(`${collection} [query...]`))
    .description(`Search ${collection}, newest first; also while Canh runs.`)
    .option('--since <time>', 'from this time on: ISO 8601, or relative as 24h, 7d, now-1h')
    .option('--until <time>', 'before this time')
    .option('--limit <n>', 'at most so many')
    .addOption(
      new Option('--format <format>', 'output').choices(['ndjson', 'table', 'csv']).default('ndjson'),
    )
    .addHelpText(
      'after',
      `\nExample:\n  canh ${collection} 'host:mail01 and user:root' --since 24h --format table`,
    )
    .action(async (query: readonly string[], options: SearchOptions) => {
      await search(collection, query.join(' '), options);
    });
}

async function search(collection: 'events' | 'alerts', text: string, options: SearchOptions): Promise<void> {
  const query = parseQuery(text);
  const now = Date.now();
  const from = options.since === undefined ? undefined : parseTime(options.since, now);
  const to = options.until === undefined ? undefined : parseTime(options.until, now);
  const limit = options.limit === undefined ? Number.POSITIVE_INFINITY : Number(options.limit);
  if (limit < 1 || !(Number.isInteger(limit) || options.limit === undefined))
    throw new CanhError('usage', '--limit must be a whole number from 1.');
  const directory = dataDirectory(readConfig(options).data).index;
  if (!existsSync(directory)) {
    throw new CanhError('file_unreadable', 'There is no index here; is --data right?', {
      place: { file: directory },
    });
  }
  const store = openSqliteIndex({ directory });
  const index = store.bind(socTenant);
  const print = printer(collection, options.format);
  let cursor: string | undefined;
  let printed = 0;
  do {
    const page = await index.search(collection, {
      query,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      size: Math.min(SIZE_MAX, limit - printed),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const chunk = page.documents.map(print).join('');
    if (!process.stdout.write(chunk)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    printed += page.documents.length;
    cursor = page.next;
  } while (cursor !== undefined && printed < limit);
  await store.close();
}

/** How one document is printed; headings come with the first call's making. */
function printer(
  collection: keyof typeof columns,
  format: SearchOptions['format'],
): (document: StoredDocument) => string {
  const chosen = columns[collection];
  switch (format) {
    case 'ndjson':
      return ({ id, body }) => `${JSON.stringify({ id, ...body })}\n`;
    case 'csv':
      process.stdout.write(`${chosen.map(([heading]) => heading).join(',')}\r\n`);
      return (document) => `${chosen.map(([, path]) => csvCell(valueAt(document, path))).join(',')}\r\n`;
    case 'table': {
      process.stdout.write(`${chosen.map(([heading]) => heading.toUpperCase()).join('\t')}\n`);
      return (document) => `${chosen.map(([, path]) => tableCell(valueAt(document, path))).join('\t')}\n`;
    }
  }
}

function valueAt(document: StoredDocument, path: string): string {
  if (path === 'id') return document.id;
  let value: JsonValue | undefined = document.body;
  for (const part of path.split('.')) {
    const isObject: boolean = typeof value === 'object' && value !== null && !Array.isArray(value);
    value = isObject && Object.hasOwn(value as JsonObject, part) ? (value as JsonObject)[part] : undefined;
  }
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** RFC 4180; a leading sign of a formula is defused, because log content is hostile and people open CSV in spreadsheets. */
function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function tableCell(value: string): string {
  const shown = visible(value);
  return shown.length > CELL_CHARS_MAX ? `${shown.slice(0, CELL_CHARS_MAX - 1)}…` : shown;
}
