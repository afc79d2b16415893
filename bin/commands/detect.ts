import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Option, type Command } from 'commander';
import { loadRules, type LoadedRules } from '../../correlator/rules.ts';
import { createFoundCorrelator } from '../../correlator/scan/correlate.ts';
import { scanFiles } from '../../correlator/scan/scan-files.ts';
import type { ScanResult } from '../../correlator/scan/scanner.ts';
import { CanhError, formatPlace } from '../../platform/errors/index.ts';
import { findingLine, matchLine, type DetectFormat } from '../detect-lines.ts';
import { createProgress } from '../progress.ts';
import { collect, readRuleOptions, ruleOptions, type RuleOptions } from '../rule-options.ts';

/** Fewer bytes are done before threads are up. */
const THREADS_BYTES_MIN = 16 * 1024 * 1024;
const WORKERS_MAX = 64;
/** More threads than this have to be asked for: each holds the rules in its memory. */
const WORKERS_DEFAULT_MAX = 8;

interface DetectOptions extends RuleOptions {
  readonly rules: readonly string[];
  readonly format: DetectFormat;
  readonly product?: string;
  readonly workers?: number;
}

export function addDetect(canh: Command): void {
  const command = canh
    .command('detect')
    .description('Run rules and correlations over files, without a server: events in, matches out.')
    .argument(
      '<files...>',
      'NDJSON, an array, or JSON documents one after another; log lines; gzip too; - is standard input',
    )
    .requiredOption(
      '-r, --rules <dir>',
      'directory or file of Sigma rules; may be given several times',
      collect,
    )
    .addOption(new Option('--format <format>', 'output').choices(['ndjson', 'table']).default('ndjson'))
    .option('--product <product>', 'Sigma product of the events; guessed where left out')
    .option('-w, --workers <n>', 'threads; by the size of the files where left out', readWorkers);
  ruleOptions(command)
    .addHelpText('after', '\nExample:\n  canh detect --rules ./rules --rules ./sigmahq events.ndjson.gz')
    .action(async (files: readonly string[], options: DetectOptions) => {
      // In `--rules a b events.json` the shell cannot say what b is, but the disk can: a directory holds rules.
      const directories = files.filter(isDirectory);
      const rules = [...options.rules, ...directories];
      const documents = files.filter((file) => !directories.includes(file));
      if (documents.length === 0)
        throw new CanhError('usage', 'Name at least one file of events, or - for standard input.');
      process.exitCode = await detect(documents, { ...options, rules });
    });
}

function readWorkers(value: string): number {
  const workers = Number(value);
  if (Number.isInteger(workers) && workers >= 1 && workers <= WORKERS_MAX) return workers;
  throw new CanhError('usage', `--workers must be a whole number from 1 to ${WORKERS_MAX}.`);
}

function isDirectory(path: string): boolean {
  return path !== '-' && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

/** Resolves with the exit code: 0, or 66 when a file could not be read; the other files are still done. */
async function detect(files: readonly string[], options: DetectOptions): Promise<number> {
  const started = performance.now();
  const loaded = loadRules(options.rules, readRuleOptions(options));
  const { ruleSet } = loaded;
  const bytes = sizeOf(files);
  const progress = createProgress(process.stderr, bytes);
  const accepted = Date.now();
  const correlator = createFoundCorrelator(ruleSet, accepted);
  const lines = { ruleSet, format: options.format };
  const totals = { events: 0, unparsed: 0, failures: 0, matches: 0 };
  const unreadable: string[] = [];
  await scanFiles(
    files.map((path) => (path === '-' ? { path, stream: process.stdin } : { path })),
    {
      ruleSet,
      product: options.product,
      accepted,
      explained: options.format === 'ndjson',
      workers: options.workers ?? workersFor(bytes),
      onBytes: (count) => progress.read(count),
      onUnreadable: (file, error) => {
        unreadable.push(`canh: ${error.code}: ${file}: ${error.message}\n`);
      },
      onResult: async (result: ScanResult, { file, lines: before }) => {
        const out: string[] = [];
        totals.events += result.events;
        totals.unparsed += result.unparsed;
        totals.failures += result.failures;
        for (const found of result.found) {
          const place = { file, line: before + found.line, time: found.time };
          correlator.take(found, place);
          out.push(...found.matches.flatMap((match) => matchLine(match, place, lines) ?? []));
        }
        totals.matches += out.length;
        await write(out);
      },
    },
  );
  const findings = correlator.end();
  await write(findings.flatMap((finding) => findingLine(finding, lines) ?? []));
  progress.end();
  process.stderr.write(unreadable.join(''));
  const seconds = (performance.now() - started) / 1000;
  const last = { ...summary({ totals, loaded, seconds }), correlated: findings.length };
  process.stderr.write(`${JSON.stringify(last)}\n`);
  return unreadable.length > 0 ? 66 : 0;
}

/** One where the files are small, or not known to be large. */
function workersFor(bytes: number | undefined): number {
  if (bytes === undefined || bytes < THREADS_BYTES_MIN) return 1;
  return Math.max(1, Math.min(availableParallelism() - 1, WORKERS_DEFAULT_MAX));
}

async function write(out: readonly string[]): Promise<void> {
  if (out.length === 0) return;
  if (!process.stdout.write(out.join('')))
    await new Promise((resolve) => process.stdout.once('drain', resolve));
}

interface Outcome {
  readonly totals: {
    readonly events: number;
    readonly unparsed: number;
    readonly failures: number;
    readonly matches: number;
  };
  readonly loaded: LoadedRules;
  readonly seconds: number;
}

/** The last line on standard error. */
function summary({ totals, loaded, seconds }: Outcome) {
  const skipped = loaded.problems.filter((problem) => problem.severity === 'error');
  const reasons: Record<string, number> = {};
  for (const { code } of skipped) reasons[code] = (reasons[code] ?? 0) + 1;
  return {
    events: totals.events,
    events_per_second: Math.round(totals.events / seconds),
    seconds: Number(seconds.toFixed(2)),
    unparsed: totals.unparsed,
    failures: totals.failures,
    rules_loaded: loaded.rules.length,
    correlations_loaded: loaded.correlations.length,
    rules_skipped: new Set(skipped.map((problem) => problem.rule ?? formatPlace(problem))).size,
    skipped_reasons: reasons,
    matches: totals.matches,
  };
}

/** Bytes of all files; undefined where one of them is standard input. */
function sizeOf(files: readonly string[]): number | undefined {
  let bytes = 0;
  for (const file of files) {
    if (file === '-') return undefined;
    // A file that is not there is reported when its turn comes.
    bytes += statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
