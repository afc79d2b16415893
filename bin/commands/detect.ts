import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { loadRules } from '../../correlator/index.ts';
import { createNormaliser, sigmaView } from '../../integrations/index.ts';
import { CanhError, formatPlace } from '../../platform/errors/index.ts';
import type { Event } from '../../platform/event.ts';
import { visible } from '../../platform/log.ts';
import { createEngine, explain, type Engine, type Problem } from '../../sigma/index.ts';
import { readDocuments, type FileDocument } from '../documents.ts';
import { createProgress } from '../progress.ts';

interface DetectOptions {
  readonly rules: readonly string[];
  readonly format: 'ndjson' | 'table';
  readonly product?: string;
}

interface Totals {
  events: number;
  unparsed: number;
  matches: number;
  failures: number;
  unreadable: number;
}

export function addDetect(canh: Command): void {
  canh
    .command('detect')
    .description('Run rules over files, without a server: events in, matches out.')
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

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function isDirectory(path: string): boolean {
  return path !== '-' && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

/** Resolves with the exit code: 0, or 66 when a file could not be read; the other files are still done. */
async function detect(files: readonly string[], options: DetectOptions): Promise<number> {
  const started = performance.now();
  const loaded = loadRules(options.rules);
  const totals: Totals = { events: 0, unparsed: 0, matches: 0, failures: 0, unreadable: 0 };
  const engine = createEngine(loaded.rules, { onFailure: () => (totals.failures += 1) });
  const progress = createProgress(process.stderr, sizeOf(files));
  const unreadable: string[] = [];
  for (const file of files) {
    try {
      await detectFile(file, { engine, options, totals, progress });
    } catch (error) {
      if (!(error instanceof CanhError) || error.code !== 'file_unreadable') throw error;
      unreadable.push(`canh: ${error.code}: ${file}: ${error.message}\n`);
    }
  }
  progress.end();
  process.stderr.write(unreadable.join(''));
  process.stderr.write(`${JSON.stringify(summary(totals, loaded, (performance.now() - started) / 1000))}\n`);
  return unreadable.length > 0 ? 66 : 0;
}

interface FileRun {
  readonly engine: Engine;
  readonly options: DetectOptions;
  readonly totals: Totals;
  readonly progress: { read(bytes: number): void };
}

async function detectFile(file: string, run: FileRun): Promise<void> {
  const { totals, options } = run;
  const normaliser = createNormaliser({ onFailure: () => (totals.unreadable += 1) });
  // Line of each record by its number, so that a joined event still knows where it began.
  const lines: number[] = [];
  const accepted = Date.now();
  for await (const documents of readDocuments(file, (bytes) => run.progress.read(bytes))) {
    const out: string[] = [];
    for (const document of documents) {
      lines.push(document.line);
      const record = { ...recordOf(document, options), seq: lines.length, accepted };
      for (const event of normaliser.push(record)) report(event, file, lines, run, out);
    }
    await write(out);
  }
  const out: string[] = [];
  for (const event of normaliser.end()) report(event, file, lines, run, out);
  await write(out);
}

function recordOf(document: FileDocument, options: DetectOptions) {
  return {
    collector: 'detect',
    agency: '',
    epoch: '',
    received: 0,
    input: 'detect',
    line: document.text,
    hints: options.product === undefined ? {} : { product: options.product },
  };
}

function report(event: Event, file: string, lines: readonly number[], run: FileRun, out: string[]): void {
  const { engine, totals, options } = run;
  totals.events += 1;
  const tags = event.ecs['tags'];
  if (typeof tags === 'object' && tags.includes('unparsed')) totals.unparsed += 1;
  const view = sigmaView(event);
  const matches = engine.match(view);
  totals.matches += matches.length;
  for (const { rule } of matches) {
    const line = lines[event.record.seq - 1] ?? 0;
    const time = new Date(event.time).toISOString();
    const { title, level } = rule;
    out.push(
      options.format === 'table'
        ? `${level.padEnd(13)} ${time}  ${visible(title)}  ${file}:${line}\n`
        : `${JSON.stringify({ rule: { id: rule.id ?? null, title, level }, event: { file, line, time }, why: explain(rule, view) })}\n`,
    );
  }
}

async function write(out: readonly string[]): Promise<void> {
  if (out.length === 0) return setImmediate();
  if (!process.stdout.write(out.join('')))
    await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** The last line on standard error. */
function summary(
  totals: Totals,
  loaded: { readonly rules: readonly unknown[]; readonly problems: readonly Problem[] },
  seconds: number,
) {
  const skipped = loaded.problems.filter((problem) => problem.severity === 'error');
  const reasons: Record<string, number> = {};
  for (const { code } of skipped) reasons[code] = (reasons[code] ?? 0) + 1;
  return {
    events: totals.events,
    events_per_second: Math.round(totals.events / seconds),
    seconds: Number(seconds.toFixed(2)),
    unparsed: totals.unparsed,
    failures: totals.failures + totals.unreadable,
    rules_loaded: loaded.rules.length,
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
