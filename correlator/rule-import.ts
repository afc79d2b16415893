import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, normalize, relative, sep } from 'node:path';
import { unzipSync } from 'fflate';
import { CanhError, messageOf } from '../platform/errors/index.ts';
import { RULE_FILES_MAX } from './rule-files.ts';
import { loadRules, type LoadedRules } from './rules.ts';

const ZIP_BYTES_MAX = 256 * 1024 * 1024;
/** A larger file of a set is left out. */
const RULE_FILE_BYTES_MAX = 1024 * 1024;

export interface ImportedRules {
  readonly directory: string;
  readonly loaded: LoadedRules;
  /** Licence and notice files that came along. */
  readonly licences: readonly string[];
}

/**
 * Copies the rules of a directory or zip file to `target`, with their paths, and the licence, notice and author files
 * beside them; the rules themselves stay as they are, authors and licences included. An earlier import under the same
 * target is replaced as a whole. Throws `rule_set_invalid` when there is no rule in it.
 */
export function importRules(source: string, target: string): ImportedRules {
  const files = isZip(source) ? readZip(source) : readDirectory(source);
  const wanted = files.filter(({ path }) => isRule(path) || isLicence(path));
  if (!wanted.some(({ path }) => isRule(path))) {
    throw new CanhError('rule_set_invalid', 'There is no rule file (*.yml) in it.', {
      place: { file: source },
    });
  }
  const made = `${target}.new`;
  rmSync(made, { recursive: true, force: true });
  for (const { path, content } of wanted) {
    const to = join(made, path);
    mkdirSync(dirname(to), { recursive: true });
    if (typeof content === 'string') cpSync(content, to);
    else writeFileSync(to, content);
  }
  rmSync(target, { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  renameSync(made, target);
  return {
    directory: target,
    loaded: loadRules([target]),
    licences: wanted.filter(({ path }) => isLicence(path)).map(({ path }) => path),
  };
}

/** A file of a rule set: its path in it, and its bytes or where they are. */
interface SetFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

function isRule(path: string): boolean {
  return /\.ya?ml$/i.test(path) && !basename(path).startsWith('.');
}

function isLicence(path: string): boolean {
  return /^(licen[cs]e|copying|notice|authors|readme)/i.test(basename(path));
}

function isZip(source: string): boolean {
  try {
    return !statSync(source).isDirectory();
  } catch (cause) {
    throw new CanhError('file_unreadable', messageOf(cause), { cause, place: { file: source } });
  }
}

function readDirectory(source: string): readonly SetFile[] {
  return readdirSync(source, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile() && !entry.parentPath.split(sep).includes('.git'))
    .slice(0, RULE_FILES_MAX)
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => statSync(file).size <= RULE_FILE_BYTES_MAX)
    .map((file) => ({ path: relative(source, file), content: file }));
}

/** Bounded in files and bytes; a path that would leave the target is refused. */
function readZip(source: string): readonly SetFile[] {
  if (statSync(source).size > ZIP_BYTES_MAX)
    throw new CanhError('rule_set_invalid', 'The zip file is too large.');
  let bytes = 0;
  let count = 0;
  try {
    const entries = unzipSync(readFileSync(source), {
      filter: ({ name, originalSize }) => {
        if (!(isRule(name) || isLicence(name)) || originalSize > RULE_FILE_BYTES_MAX) return false;
        bytes += originalSize;
        count += 1;
        return bytes <= ZIP_BYTES_MAX && count <= RULE_FILES_MAX;
      },
    });
    return Object.entries(entries).map(([path, content]) => ({ path: safePath(path, source), content }));
  } catch (cause) {
    if (cause instanceof CanhError) throw cause;
    throw new CanhError('rule_set_invalid', `It is no zip file: ${messageOf(cause)}`, {
      cause,
      place: { file: source },
    });
  }
}

function safePath(path: string, source: string): string {
  const clean = normalize(path);
  if (clean.startsWith('..') || clean.startsWith(sep) || /^[a-z]:/i.test(clean)) {
    throw new CanhError('rule_set_invalid', `A path in the zip file leaves its folder: ${path}`, {
      place: { file: source },
    });
  }
  return clean;
}
