import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { logsources } from '../integrations/index.ts';
import { CanhError, messageOf } from '../platform/errors/index.ts';
import { parseRules, type Problem, type Rule } from '../sigma/index.ts';

export const RULE_FILES_MAX = 100_000;
export const RULE_FILE_BYTES_MAX = 1024 * 1024;

export interface LoadedRules {
  readonly rules: readonly Rule[];
  /** Everything that keeps a rule from running, with its place. */
  readonly problems: readonly Problem[];
  readonly files: number;
}

/**
 * Reads every rule under the given files and directories (`*.yml`, `*.yaml`; not the tests beside them). A bad rule is a
 * problem with file and line and stops no other. Throws `file_unreadable` for a path that is not there.
 */
export function loadRules(paths: readonly string[]): LoadedRules {
  const rules: Rule[] = [];
  const problems: Problem[] = [];
  const files = paths.flatMap(ruleFiles);
  for (const file of files) {
    const parsed = parseRules(readRule(file), { file, logsources });
    rules.push(...parsed.rules);
    problems.push(...parsed.problems);
  }
  return { rules, problems, files: files.length };
}

/** The rule files of a path, in a stable order. */
function ruleFiles(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
    return names
      .filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name))
      .slice(0, RULE_FILES_MAX)
      .sort()
      .map((name) => join(path, name));
  } catch (cause) {
    throw new CanhError('file_unreadable', messageOf(cause), { cause, place: { file: path } });
  }
}

function readRule(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, RULE_FILE_BYTES_MAX);
  } catch (cause) {
    throw new CanhError('file_unreadable', messageOf(cause), { cause, place: { file } });
  }
}
