import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, systemCode } from '../../platform/errors/index.ts';
import { idOf, type Found } from './followed.ts';
import { expandGlob, FILES_MAX, isGlob, matchesGlob } from './glob.ts';
import { stampOf } from './read.ts';

/** What one look at the directories gave: files by device and inode, and what could not be looked at, by path. */
export interface Scan {
  readonly files: ReadonlyMap<string, Found>;
  readonly troubles: Map<string, string>;
}

/** Finds the regular files of an input's patterns. A file under several names is found once, under the first. */
export async function scanFiles(paths: readonly string[], exclude: readonly string[]): Promise<Scan> {
  const files = new Map<string, Found>();
  const troubles = new Map<string, string>();
  for (const pattern of paths) {
    const expanded = await expandGlob(pattern, (path, error) => troubles.set(path, messageOf(error)));
    for (const path of expanded) {
      if (exclude.some((excluded) => matchesGlob(path, excluded))) continue;
      if (files.size >= FILES_MAX) {
        troubles.set(pattern, `More than ${String(FILES_MAX)} files; the others are not read.`);
        break;
      }
      const found = await look(path, (detail) => {
        if (!isGlob(pattern) || detail !== ABSENT) troubles.set(path, detail);
      });
      if (found !== undefined && !files.has(idOf(found))) files.set(idOf(found), found);
    }
  }
  return { files, troubles };
}

/** The regular files of a directory, whatever their names; nothing where it cannot be read. */
export async function listDirectory(directory: string): Promise<readonly Found[]> {
  const names = await readdir(directory).catch(() => []);
  const found: Found[] = [];
  for (const name of names.slice(0, FILES_MAX)) {
    const file = await look(join(directory, name), () => undefined);
    if (file !== undefined) found.push(file);
  }
  return found;
}

const ABSENT = 'There is no such file yet.';

async function look(path: string, report: (detail: string) => void): Promise<Found | undefined> {
  try {
    const found = await stat(path, { bigint: true });
    if (found.isFile()) {
      const { dev, ino, size } = found;
      return { path, device: String(dev), inode: String(ino), size: Number(size), stamp: stampOf(found) };
    }
    report('It is not a regular file.');
  } catch (error) {
    const absent = ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '');
    report(absent ? ABSENT : messageOf(error));
  }
  return undefined;
}
