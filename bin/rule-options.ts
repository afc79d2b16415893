import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Command } from 'commander';
import { readPlaceholders } from '../correlator/placeholders.ts';
import type { LoadOptions } from '../correlator/rules.ts';

/** How rules are read, on the command line. */
export interface RuleOptions {
  readonly pipeline?: readonly string[];
  readonly placeholders?: string;
  readonly cache: boolean;
}

/** The options of every command that reads rules. */
export function ruleOptions(command: Command): Command {
  return command
    .option(
      '--pipeline <file>',
      'processing pipeline that every rule goes through; may be given several times',
      collect,
    )
    .option('--placeholders <file>', 'YAML file with the values of placeholders: a map of names and lists')
    .option('--no-cache', 'read every rule anew, and keep nothing for the next time');
}

/** For an option that may be given several times. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

/** Throws `file_unreadable` or `file_format` where the file of placeholders cannot be read. */
export function readRuleOptions({ pipeline, placeholders, cache }: RuleOptions): LoadOptions {
  return {
    pipelines: pipeline,
    placeholders: placeholders === undefined ? undefined : readPlaceholders(placeholders),
    cache: cache ? userCache() : undefined,
  };
}

/** The user's directory for what can be made again, as the XDG Base Directory Specification says. */
function userCache(): string | undefined {
  const named = process.env['XDG_CACHE_HOME'] ?? '';
  if (isAbsolute(named)) return join(named, 'canh');
  const home = homedir();
  return isAbsolute(home) ? join(home, '.cache', 'canh') : undefined;
}
