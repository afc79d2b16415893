import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Option, type Command } from 'commander';
import { ruleTestFiles } from '../../correlator/rule-files.ts';
import { importRules } from '../../correlator/rule-import.ts';
import { runRuleTests } from '../../correlator/rule-tests.ts';
import { loadRules, type LoadedRules } from '../../correlator/rules.ts';
import { readEvents } from '../../correlator/scan/read-events.ts';
import { sigmaView } from '../../integrations/index.ts';
import { CanhError, formatPlace } from '../../platform/errors/index.ts';
import type { Problem, Rule } from '../../sigma/index.ts';
import { configOptions, readConfig, type ConfigOptions } from '../config-options.ts';
import { dataDirectory } from '../data-directory.ts';
import { explainedText } from '../explain-text.ts';
import { ruleDirectories } from '../package-root.ts';
import { readRuleOptions, ruleOptions, type RuleOptions } from '../rule-options.ts';

export function addRules(canh: Command): void {
  const rules = canh.command('rules').description('Check, test, explain and import Sigma rules.');
  ruleOptions(rules.command('check'))
    .description('Report every problem of rules, correlations and filters, with file, line and code.')
    .argument('<dir...>', 'directories or files of rules')
    .addOption(new Option('--format <format>', 'output').choices(['text', 'json']).default('text'))
    .addOption(
      new Option('--fail-on <severity>', 'least problem that gives exit code 1')
        .choices(['warning', 'error', 'none'])
        .default('warning'),
    )
    .addHelpText('after', '\nExample:\n  canh rules check ./rules')
    .action(check);
  rules
    .command('test')
    .description('Run the tests beside the rules (name.test.yml).')
    .argument('[dir...]', 'directories or test files; ./rules where left out')
    .addHelpText('after', '\nExample:\n  canh rules test ./rules')
    .action(test);
  ruleOptions(configOptions(rules.command('explain')))
    .description('Say of each event of a file why a rule matches it, or why not.')
    .argument('<rule>', 'file of rules; or id, name or title of a rule of the configured directories')
    .argument('<file>', 'events or log lines, as for canh detect; - is standard input')
    .option('--line <n>', 'only the event that begins on this line')
    .option('--product <product>', 'Sigma product of the events; guessed where left out')
    .addOption(new Option('--format <format>', 'output').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExample:\n  canh rules explain ./rules/whoami.yml events.ndjson --line 12')
    .action(explainRules);
  configOptions(rules.command('import'))
    .description('Add a rule set, e.g. SigmaHQ; licence and authors are kept. Loaded at the next start.')
    .argument('<source>', 'directory or zip file')
    .option('--name <name>', 'name of the set; that of the source where left out')
    .addHelpText('after', '\nExample:\n  canh rules import ./sigma-master.zip --name sigmahq')
    .action(importSet);
  for (const command of rules.commands) command.exitOverride();
}

interface CheckOptions extends RuleOptions {
  readonly format: 'text' | 'json';
  readonly failOn: 'warning' | 'error' | 'none';
}

function check(directories: readonly string[], options: CheckOptions): void {
  const loaded = loadRules(directories, readRuleOptions(options));
  const { problems } = loaded;
  const summary = countsOf(loaded);
  if (options.format === 'json') process.stdout.write(`${JSON.stringify({ problems, summary })}\n`);
  else {
    for (const problem of problems) process.stdout.write(`${formatProblem(problem)}\n`);
    process.stdout.write(
      `${problems.length} problems (${summary.errors} errors, ${summary.warnings} warnings); ` +
        `${summary.rules} rules, ${summary.correlations} correlations, ${summary.filters} filters ` +
        `can run, in ${summary.files} files\n`,
    );
  }
  const failing = { warning: problems.length, error: summary.errors, none: 0 }[options.failOn];
  if (failing > 0) process.exitCode = 1;
}

function countsOf({ rules, correlations, filters, problems, files }: LoadedRules) {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return {
    files,
    rules: rules.length,
    correlations: correlations.length,
    filters,
    errors,
    warnings: problems.length - errors,
  };
}

function formatProblem(problem: Problem): string {
  return `${formatPlace(problem)}: ${problem.severity}: ${problem.code}: ${problem.message}`;
}

function test(given: readonly string[]): void {
  const directories = ruleDirectories(given.length === 0 ? ['./rules'] : given);
  const results = directories.flatMap(ruleTestFiles).flatMap(runRuleTests);
  const failed = results.filter((result) => !result.passed);
  for (const { file, test: name, reason } of failed) process.stdout.write(`${file}: ${name}: ${reason}\n`);
  process.stdout.write(`${results.length - failed.length} passed, ${failed.length} failed\n`);
  if (failed.length > 0 || results.length === 0) process.exitCode = 1;
}

interface ExplainOptions extends ConfigOptions, RuleOptions {
  readonly line?: string;
  readonly product?: string;
  readonly format: 'text' | 'json';
}

async function explainRules(wanted: string, file: string, options: ExplainOptions): Promise<void> {
  const line = options.line === undefined ? undefined : Number(options.line);
  if (line !== undefined && !(Number.isInteger(line) && line > 0))
    throw new CanhError('usage', '--line must be a whole number from 1.');
  const rules = findRules(wanted, options);
  const source = file === '-' ? { path: file, stream: process.stdin } : { path: file };
  let events = 0;
  for await (const found of readEvents(source, { product: options.product, accepted: Date.now() })) {
    if (line !== undefined && found.line !== line) continue;
    events += 1;
    const place = { file, line: found.line };
    const view = sigmaView(found.event);
    for (const rule of rules)
      process.stdout.write(explainedText(rule, view, { place, format: options.format }));
  }
  if (events === 0)
    throw new CanhError(
      'usage',
      line === undefined ? `${file} holds no event.` : `No event begins on line ${line}.`,
    );
}

/** The rules of a file; else the rule that is called so, among those that `canh up` would load. */
function findRules(wanted: string, options: ExplainOptions): readonly Rule[] {
  const reading = readRuleOptions(options);
  if (existsSync(wanted)) {
    const { rules, problems } = loadRules([wanted], { ...reading, anyLogsource: true });
    const wrong = problems.find(({ severity }) => severity === 'error');
    if (rules.length > 0) return rules;
    throw new CanhError('rule_set_invalid', wrong?.message ?? 'There is no rule in it.', {
      place: wrong ?? { file: wanted },
    });
  }
  const config = readConfig(options);
  const imported = dataDirectory(config.data).rules;
  const directories = [...ruleDirectories(config.rules), ...(existsSync(imported) ? [imported] : [])];
  const { rules } = loadRules(directories, reading);
  const found = rules.filter(({ id, name, title }) => [id, name, title].includes(wanted));
  if (found.length > 0) return found;
  throw new CanhError('usage', `There is no rule file and no rule called ${wanted}.`);
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
