import { hash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { SigmaDocument } from '../sigma/index.ts';
import { languageVersion } from './language-version.ts';
import { documentsFromJson, documentsToJson } from './rule-json.ts';

/** Sets of paths whose documents are kept; the ones not used for longest go first. */
export const CACHES_MAX = 16;
/** A larger file is not read: something else wrote it. */
const CACHE_BYTES_MAX = 512 * 1024 * 1024;
const FORMAT = 'canh-rules 1';
const SUFFIX = '.rules';
/** Characters of a key and of a checksum. */
const KEY_CHARS = 43;
const CHECKSUM_CHARS = 8;
const LINE_FEED = 0x0a;

/** The documents of one rule file, under a key of its path and content. */
export interface CacheEntry {
  readonly key: string;
  readonly documents: readonly SigmaDocument[];
}

/** What rule files were read as, kept on disk. Nothing of it is needed: whatever is wrong with it, it is empty. */
export interface RuleCache {
  get(key: string): readonly SigmaDocument[] | undefined;
  /** Keeps these and nothing else for the next time. */
  keep(entries: readonly CacheEntry[]): void;
}

/** Key of a file: what it is read as depends on its content, and every place in it names its path. */
export function cacheKey(file: string, text: string): string {
  return hash('sha256', `${file}\0${text}`, 'base64url');
}

/**
 * Opens the cache of one set of paths and options, told by `name`. A line of its file is one rule file: key, checksum
 * and JSON. It is read only where nobody else can write it: who can, decides what is detected.
 */
export function openRuleCache(directory: string, name: string): RuleCache {
  const version = languageVersion();
  if (version === undefined) return { get: () => undefined, keep: () => undefined };
  const header = `${FORMAT} ${hash('sha256', JSON.stringify([version, name]), 'base64url')}`;
  const file = join(directory, `${hash('sha256', name, 'base64url').slice(0, 22)}${SUFFIX}`);
  const lines = linesOf(readOwn(directory, file), header);
  return {
    get: (key) => {
      const line = lines.get(key);
      const documents = line === undefined ? undefined : decode(line);
      // What is spoiled is not kept for the next time.
      if (documents === undefined) lines.delete(key);
      return documents;
    },
    keep: (entries) => {
      if (entries.length === lines.size && entries.every(({ key }) => lines.has(key))) return;
      write(directory, file, [
        Buffer.from(`${header}\n`),
        ...entries.flatMap(({ key, documents }) => [lines.get(key) ?? encode(key, documents), newLine]),
      ]);
    },
  };
}

const newLine = Buffer.from('\n');

/** Whole lines by key; nothing where the file is another version's. */
function linesOf(content: Buffer | undefined, header: string): Map<string, Buffer> {
  const lines = new Map<string, Buffer>();
  if (content?.subarray(0, header.length + 1).toString('latin1') !== `${header}\n`) return lines;
  let start = header.length + 1;
  for (let end = content.indexOf(LINE_FEED, start); end >= 0; end = content.indexOf(LINE_FEED, start)) {
    lines.set(content.toString('latin1', start, start + KEY_CHARS), content.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

function encode(key: string, documents: readonly SigmaDocument[]): Buffer {
  const json = documentsToJson(documents);
  return Buffer.from(`${key} ${checksum(Buffer.from(json))} ${json}`);
}

function decode(line: Buffer): readonly SigmaDocument[] | undefined {
  const start = KEY_CHARS + 1 + CHECKSUM_CHARS + 1;
  const json = line.subarray(start);
  if (line.toString('latin1', KEY_CHARS + 1, start - 1) !== checksum(json)) return undefined;
  return documentsFromJson(json.toString('utf8'));
}

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(CHECKSUM_CHARS, '0');
}

/** The file, if it and its directory are this user's alone. */
function readOwn(directory: string, file: string): Buffer | undefined {
  try {
    if (!isOwn(directory) || !isOwn(file) || statSync(file).size > CACHE_BYTES_MAX) return undefined;
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

const OTHERS_WRITE = 0o022;

function isOwn(path: string): boolean {
  const { uid, mode } = lstatSync(path);
  // Windows has neither; there the user's own directories are closed to others.
  if (process.getuid === undefined) return true;
  return uid === process.getuid() && (mode & OTHERS_WRITE) === 0;
}

/** Replaces the file as a whole. A directory that cannot be written is no failure of who loads rules. */
function write(directory: string, file: string, parts: readonly Buffer[]): void {
  const made = `${file}.${process.pid}.new`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (!isOwn(directory)) return;
    writeFileSync(made, Buffer.concat(parts), { mode: 0o600 });
    renameSync(made, file);
    prune(directory);
  } catch {
    discard(made);
  }
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Where it could not be written there is none.
  }
}

/** Leaves the caches that were written last. */
function prune(directory: string): void {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => join(directory, name));
  if (files.length <= CACHES_MAX) return;
  const written = files.map((file) => ({ file, at: statSync(file).mtimeMs })).toSorted((a, b) => b.at - a.at);
  for (const { file } of written.slice(CACHES_MAX)) rmSync(file, { force: true });
}
