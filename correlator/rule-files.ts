import { readdirSync, readFileSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { CanhError, messageOf } from '../platform/errors/index.ts';

export const RULE_FILES_MAX = 100_000;
/** Directories inside directories deeper than this are not looked into. */
const DEPTH_MAX = 64;

/**
 * The rule files of a path in a stable order: `*.yml` and `*.yaml`, not the tests beside them, and nothing whose name
 * begins with a dot: a checkout's `.github` holds YAML too. Throws `file_unreadable` for a path that is not there.
 */
export function ruleFiles(path: string): readonly string[] {
  return filesUnder(path, (name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name));
}

/** The test files of a path, likewise. */
export function ruleTestFiles(path: string): readonly string[] {
  return filesUnder(path, (name) => /\.test\.ya?ml$/.test(name));
}

/** Reads a rule file as UTF-8. Throws `file_unreadable`. */
export function readRuleFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CanhError('file_unreadable', messageOf(cause), { cause, place: { file } });
  }
}

function filesUnder(path: string, isWanted: (name: string) => boolean): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names: string[] = [];
    walk(path, '', { isWanted, names, linked: new Set(), depth: 0 });
    return names.sort().map((name) => join(path, name));
  } catch (cause) {
    if (cause instanceof CanhError) throw cause;
    throw new CanhError('file_unreadable', messageOf(cause), { cause, place: { file: path } });
  }
}

interface Walk {
  readonly isWanted: (name: string) => boolean;
  readonly names: string[];
  /** Directories that were entered through a link: none is entered twice. */
  readonly linked: Set<string>;
  readonly depth: number;
}

function walk(root: string, under: string, state: Walk): void {
  if (state.depth > DEPTH_MAX) return;
  const directory = under === '' ? root : `${root}/${under}`;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const name = under === '' ? entry.name : `${under}/${entry.name}`;
    if (isDirectory(entry, directory, state.linked)) walk(root, name, { ...state, depth: state.depth + 1 });
    else if (state.isWanted(entry.name)) state.names.push(name);
  }
  if (state.names.length > RULE_FILES_MAX)
    throw new CanhError('rule_set_invalid', `There are more than ${RULE_FILES_MAX} rule files under it.`, {
      place: { file: root },
    });
}

function isDirectory(entry: Dirent, directory: string, linked: Set<string>): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const path = join(directory, entry.name);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  const real = realpathSync(path);
  if (linked.has(real)) return false;
  linked.add(real);
  return true;
}
