import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { z } from 'zod';
import { loadRules, type LoadedRules } from '../../correlator/index.ts';
import { sigmaView } from '../../integrations/index.ts';
import { containsSource, matches, type Rule } from '../../sigma/index.ts';
import { findCorpus, windowsEvents, type Corpus } from './corpus.ts';

const canh = join(import.meta.dirname, '../../bin/canh');
const goldenPath = join(import.meta.dirname, 'sigmahq-matches.golden.json');
/** Between so many events the output of the process beside is read. */
const eventsPerTurn = 200;

const summaryLine = z.object({
  events: z.number(),
  unparsed: z.number(),
  failures: z.number(),
  rules_loaded: z.number(),
  rules_skipped: z.number(),
  skipped_reasons: z.record(z.string(), z.number()),
  matches: z.number(),
});
const matchLine = z.object({
  rule: z.object({ id: z.string(), title: z.string() }),
  event: z.object({ line: z.number() }),
});

/** Numbers of the lines that each rule matches, in order, by the rule's id. */
type Matches = ReadonlyMap<string, readonly number[]>;

interface Detected {
  readonly summary: z.infer<typeof summaryLine>;
  readonly matches: Matches;
}

/** Runs `canh detect` as a person would, and reads what it prints. */
async function detect({ rules, windowsEvents: file }: Corpus): Promise<Detected> {
  const child = spawn(process.execPath, [canh, 'detect', ...rules.flatMap((dir) => ['--rules', dir]), file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const errors = text(child.stderr);
  const found = new Map<string, number[]>();
  for await (const line of createInterface({ input: child.stdout })) {
    const match = matchLine.parse(JSON.parse(line));
    add(found, match.rule.id, match.event.line);
  }
  const said = await errors;
  expect(await exit, said).to.equal(0);
  const summary = summaryLine.parse(JSON.parse(said.trimEnd().split('\n').at(-1) ?? ''));
  return { summary, matches: found };
}

interface Evaluated {
  /** How often a rule was asked about an event. */
  readonly verdicts: number;
  readonly matches: Matches;
}

/** What the definition of Sigma gives: every rule whose logsource takes an event, evaluated one by one. */
async function evaluate(corpus: Corpus, rules: readonly Rule[]): Promise<Evaluated> {
  const found = new Map<string, number[]>();
  const routes = new Map<string, readonly Rule[]>();
  let verdicts = 0;
  let line = 0;
  for (const event of windowsEvents(corpus, 1)) {
    line += 1;
    if (line % eventsPerTurn === 0) await setImmediate();
    const key = JSON.stringify(event.logsource);
    const taken =
      routes.get(key) ??
      rules.filter((rule) => event.logsource.some((source) => containsSource(rule.logsource, source)));
    routes.set(key, taken);
    const view = sigmaView(event);
    verdicts += taken.length;
    for (const rule of taken) if (matches(rule, view)) add(found, rule.id ?? rule.title, line);
  }
  return { verdicts, matches: found };
}

function add(found: Map<string, number[]>, id: string, line: number): void {
  const lines = found.get(id);
  if (lines === undefined) found.set(id, [line]);
  else lines.push(line);
}

/** Ordered by id, so that two can be compared and read. */
function sorted<T>(entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Everything that `canh rules check` says about the rules. */
async function check({ rules }: Corpus): Promise<string> {
  const child = spawn(process.execPath, [canh, 'rules', 'check', ...rules], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return await text(child.stdout);
}

describe('SigmaHQ over the Windows events', function () {
  this.timeout(900_000);
  let corpus: Corpus;
  let loaded: LoadedRules;
  let detected: Detected;
  let evaluated: Evaluated;

  before(async function () {
    const found = findCorpus('SigmaHQ over the Windows events');
    if (found === undefined) return this.skip();
    corpus = found;
    loaded = loadRules(found.rules);
    [detected, evaluated] = await Promise.all([detect(corpus), evaluate(corpus, loaded.rules)]);
  });

  it('canh detect gives every rule as many matches as the golden file says', () => {
    const titles = new Map(loaded.rules.map(({ id, title }) => [id, title]));
    const { events, unparsed, failures, matches: total, ...rules } = detected.summary;
    expect({ unparsed, failures }).to.deep.equal({ unparsed: 0, failures: 0 });
    const counts = sorted(
      [...detected.matches].map(([id, lines]) => [id, { title: titles.get(id), matches: lines.length }]),
    );
    expect(Object.values(counts).reduce((sum, count) => sum + count.matches, 0)).to.equal(total);
    const outcome = {
      events,
      rules_loaded: rules.rules_loaded,
      rules_skipped: rules.rules_skipped,
      skipped_reasons: sorted(Object.entries(rules.skipped_reasons)),
      matches: counts,
    };
    if (process.env['UPDATE_GOLDEN'] === '1')
      writeFileSync(goldenPath, `${JSON.stringify(outcome, null, 2)}\n`);
    expect(outcome).to.deep.equal(JSON.parse(readFileSync(goldenPath, 'utf8')));
    process.stdout.write(
      `      ${events} events, ${total} matches of ${detected.matches.size} rules; ` +
        `${rules.rules_loaded} rules loaded, ${rules.rules_skipped} skipped: ${JSON.stringify(outcome.skipped_reasons)}\n`,
    );
  });

  it('canh detect matches the events that the reference evaluator does, rule by rule', () => {
    expect(sorted(detected.matches)).to.deep.equal(sorted(evaluated.matches));
    process.stdout.write(`      ${evaluated.verdicts} verdicts of the reference evaluator, all equal\n`);
  });

  it('every file is a rule that runs or is skipped with file, line and code', async () => {
    const { rules, problems, files } = loaded;
    const skipped = problems.filter(({ severity }) => severity === 'error');
    const said = await check(corpus);
    for (const { file, line, column, code } of skipped) {
      expect(readFileSync(file, 'utf8').split('\n').length, `${file}: ${code}`).to.be.at.least(line);
      expect(said.includes(`${file}:${line}:${column}: error: ${code}: `), `${file}: ${code}`).to.equal(true);
    }
    const running = new Set(rules.map(({ file }) => file));
    const refused = new Set(skipped.map(({ file }) => file));
    // No file both runs and is skipped: each holds one rule.
    expect(running.size + refused.size).to.equal(files);
    expect([...running].filter((file) => refused.has(file))).to.deep.equal([]);
    expect(detected.summary.rules_loaded).to.equal(running.size);
    expect(detected.summary.rules_skipped).to.equal(refused.size);
  });
});
