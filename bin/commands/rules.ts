import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { importRules, loadRules, ruleTestFiles, runRuleTests } from '../../correlator/index.ts';
import { CanhError, formatPlace } from '../../platform/errors/index.ts';
import type { Problem } from '../../sigma/index.ts';
import { configOptions, readConfig, type ConfigOptions } from '../config-options.ts';
import { dataDirectory } from '../data-directory.ts';
import { ruleDirectories } from '../package-root.ts';

export function addRules(canh: Command): void {
  const rules = canh.command('rules').description('Check, test and import Sigma rules.');
  rules
    .command('check')
    .description('Report every problem of the rules, with file, line and code.')
    .argument('<dir...>', 'directories or files of rules')
    .addHelpText('after', '\nExample:\n  canh rules check ./rules')
    .action(check);
  rules
    .command('test')
    .description('Run the tests beside the rules (name.test.yml).')
    .argument('[dir...]', 'directories of rules; ./rules where left out')
    .addHelpText('after', '\nExample:\n  canh rules test ./rules')
    .action(test);
  configOptions(rules.command('import'))
    .description('Add a rule set, e.g. SigmaHQ; licence and authors are kept. Loaded at the next start.')
    .argument('<source>', 'directory or zip file')
    .option('--name <name>', 'name of the set; that of the source where left out')
    .addHelpText('after', '\nExample:\n  canh rules import ./sigma-master.zip --name sigmahq')
    .action(importSet);
  for (const command of rules.commands) command.exitOverride();
}

function check(directories: readonly string[]): void {
  const { rules, problems, files } = loadRules(directories);
  for (const problem of problems) process.stdout.write(`${formatProblem(problem)}\n`);
  process.stdout.write(`${problems.length} problems; ${rules.length} rules can run, in ${files} files\n`);
  if (problems.length > 0) process.exitCode = 1;
}

function formatProblem(problem: Problem): string {
  const hint = problem.suggestion === undefined ? '' : ` Did you mean "${problem.suggestion}"?`;
  return `${formatPlace(problem)}: ${problem.severity}: ${problem.code}: ${problem.message}${hint}`;
}

function test(given: readonly string[]): void {
  const directories = ruleDirectories(given.length === 0 ? ['./rules'] : given);
  const results = directories.flatMap(ruleTestFiles).flatMap(runRuleTests);
  const failed = results.filter((result) => !result.passed);
  for (const { file, test: name, reason } of failed) process.stdout.write(`${file}: ${name}: ${reason}\n`);
  process.stdout.write(`${results.length - failed.length} passed, ${failed.length} failed\n`);
  if (failed.length > 0 || results.length === 0) process.exitCode = 1;
}

interface ImportOptions extends ConfigOptions {
  readonly name?: string;
}

function importSet(source: string, options: ImportOptions): void {
  const name = options.name ?? basename(source).replace(/\.zip$/i, '');
  if (!/^[\w.-]{1,64}$/.test(name) || /^\.+$/.test(name)) {
    throw new CanhError('usage', '--name must be letters, digits, dots, hyphens and underscores.');
  }
  const target = join(dataDirectory(readConfig(options).data).rules, name);
  const { loaded, licences } = importRules(source, target);
  const refused = loaded.problems.filter((problem) => problem.severity === 'error').length;
  process.stdout.write(
    `${loaded.rules.length} rules of "${name}" can run; canh rules check ${target} says why ${refused} cannot\n`,
  );
  process.stdout.write(
    licences.length > 0
      ? `Licence kept: ${licences.join(', ')}\n`
      : 'The set brings no licence file; ask its authors.\n',
  );
}
