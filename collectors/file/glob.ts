import { readdir } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { systemCode } from '../../platform/errors/index.ts';

/** More files than this are not followed by one input. */
export const FILES_MAX = 10_000;
/** `**` goes down so many directories. */
const DEPTH_MAX = 32;

/** What a walk found wrong, by path. */
export type ReportUnreadable = (path: string, error: unknown) => void;

/**
 * Paths that match `pattern` (`*` and `?` within a name, `**` for any directories), sorted. A pattern without wildcards
 * is returned as it is, whether it exists or not. Wildcards do not match names that begin with a dot, and `**` follows no
 * symbolic links. Directories that cannot be read are reported and left out.
 */
export async function expandGlob(pattern: string, report: ReportUnreadable): Promise<readonly string[]> {
  const segments = resolve(pattern).split(sep);
  const found = new Set<string>();
  await walk('/', segments.slice(1), { depth: 0, found, report });
  return [...found].toSorted();
}

/** Whether `pattern` has a wildcard. */
export function isGlob(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?');
}

/** Whether the whole path matches; a pattern without a slash is held against the last name alone. */
export function matchesGlob(path: string, pattern: string): boolean {
  const names = path.split(sep);
  if (!pattern.includes(sep)) return matchesName(names.at(-1) ?? '', pattern);
  return matchesSegments(names, resolve(pattern).split(sep));
}

interface Walk {
  readonly depth: number;
  readonly found: Set<string>;
  readonly report: ReportUnreadable;
}

async function walk(directory: string, segments: readonly string[], state: Walk): Promise<void> {
  const [segment, ...rest] = segments;
  if (segment === undefined || state.found.size > FILES_MAX) return;
  const { depth, found } = state;
  if (!isGlob(segment)) {
    const path = join(directory, segment);
    if (rest.length === 0) found.add(path);
    else await walk(path, rest, state);
    return;
  }
  if (segment === '**') await walk(directory, rest.length === 0 ? ['*'] : rest, state);
  for (const entry of await list(directory, state.report)) {
    const path = join(directory, entry.name);
    if (segment === '**') {
      const down = entry.isDirectory() && !entry.name.startsWith('.') && depth < DEPTH_MAX;
      if (down) await walk(path, segments, { ...state, depth: depth + 1 });
    } else if (matchesName(entry.name, segment)) {
      const leads = entry.isDirectory() || entry.isSymbolicLink();
      if (rest.length > 0 && leads) await walk(path, rest, state);
      if (rest.length === 0 && !entry.isDirectory()) found.add(path);
    }
  }
}

async function list(
  directory: string,
  report: ReportUnreadable,
): Promise<Awaited<ReturnType<typeof entriesOf>>> {
  try {
    return await entriesOf(directory);
  } catch (error) {
    const absent = ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '');
    if (!absent) report(directory, error);
    return [];
  }
}

async function entriesOf(directory: string): Promise<import('node:fs').Dirent[]> {
  return await readdir(directory, { withFileTypes: true });
}

function matchesSegments(names: readonly string[], segments: readonly string[]): boolean {
  // One row of the table "names from i match segments from j" at a time, from the last segment to the first: linear
  // in names × segments however many `**` there are.
  let row = names.map(() => false).concat(true);
  for (const segment of segments.toReversed()) {
    const next: boolean[] = Array.from({ length: names.length + 1 }, () => false);
    for (let i = names.length; i >= 0; i -= 1) {
      const name = names[i];
      next[i] =
        segment === '**'
          ? (row[i] ?? false) || (name !== undefined && (next[i + 1] ?? false))
          : name !== undefined && matchesName(name, segment) && (row[i + 1] ?? false);
    }
    row = next;
  }
  return row[0] ?? false;
}

/** Whether a name matches a pattern of `*` and `?`; steps back at most to the last star, so it needs no recursion. */
export function matchesName(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  let at = 0;
  let of = 0;
  let starAt = -1;
  let starOf = -1;
  while (at < name.length) {
    const want = pattern[of];
    if (want === '*') {
      starOf = of;
      starAt = at;
      of += 1;
    } else if (want === '?' || (want !== undefined && want === name[at])) {
      at += 1;
      of += 1;
    } else if (starOf >= 0) {
      starAt += 1;
      at = starAt;
      of = starOf + 1;
    } else {
      return false;
    }
  }
  while (pattern[of] === '*') of += 1;
  return of === pattern.length;
}
