import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { z } from 'zod';
import { loadRules, type LoadedRules } from '../../correlator/index.ts';
import { sigmaView } from '../../integrations/index.ts';
import { containsSource, createEngine, matches } from '../../sigma/index.ts';
import { findCorpus, windowsEvents, type Corpus } from './corpus.ts';

const canh = join(import.meta.dirname, '../../bin/canh');
const goldenPath = join(import.meta.dirname, 'sigmahq-matches.golden.json');

/** What detecting with all of SigmaHQ over all Windows events gives. */
interface Outcome {
  readonly events: number;
  readonly rules_loaded: number;
  readonly rules_skipped: number;
  readonly skipped_reasons: Readonly<Record<string, number>>;
  /** By id of the rule; rules that match nothing are left out. */
  readonly matches: Readonly<Record<string, { readonly title: string; readonly matches: number }>>;
}

const matchLine = z.object({ rule: z.object({ id: z.string(), title: z.string() }) });
const summaryLine = z.object({
  events: z.number(),
  unparsed: z.number(),
  failures: z.number(),
  rules_loaded: z.number(),
  rules_skipped: z.number(),
  skipped_reasons: z.record(z.string(), z.number()),
  matches: z.number(),
});

/** Runs `canh detect` as a person would, and counts what it prints. */
async function detect({ rules, windowsEvents: file }: Corpus): Promise<Outcome> {
  const child = spawn(process.execPath, [canh, 'detect', ...rules.flatMap((dir) => ['--rules', dir]), file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const errors = text(child.stderr);
  const counts = new Map<string, { title: string; matches: number }>();
  for await (const line of createInterface({ input: child.stdout })) {
    const { rule } = matchLine.parse(JSON.parse(line));
    const count = counts.get(rule.id) ?? { title: rule.title, matches: 0 };
    counts.set(rule.id, { ...count, matches: count.matches + 1 });
  }
  const said = await errors;
  expect(await exit, said).to.equal(0);
  const summary = summaryLine.parse(JSON.parse(said.trimEnd().split('\n').at(-1) ?? ''));
  const { unparsed, failures, matches: total, ...rest } = summary;
  expect({ unparsed, failures }).to.deep.equal({ unparsed: 0, failures: 0 });
  expect([...counts.values()].reduce((sum, count) => sum + count.matches, 0)).to.equal(total);
  const byId = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ...rest, matches: Object.fromEntries(byId) };
}

describe('SigmaHQ over the Windows events', function () {
  this.timeout(600_000);
  let corpus: Corpus;
  let loaded: LoadedRules;

  before(function () {
    const found = findCorpus('SigmaHQ over the Windows events');
    if (found === undefined) return this.skip();
    corpus = found;
    loaded = loadRules(found.rules);
  });

  it('gives every rule as many matches as the golden file says', async () => {
    const outcome = await detect(corpus);
    if (process.env['UPDATE_GOLDEN'] === '1')
      writeFileSync(goldenPath, `${JSON.stringify(outcome, null, 2)}\n`);
    expect(outcome).to.deep.equal(JSON.parse(readFileSync(goldenPath, 'utf8')));
    const { matches: found, ...rest } = outcome;
    process.stdout.write(`      ${JSON.stringify({ ...rest, rules_matched: Object.keys(found).length })}\n`);
  });

  it('every file is a rule that runs or is skipped with file, line and code', () => {
    const { rules, problems, files } = loaded;
    const skipped = problems.filter(({ severity }) => severity === 'error');
    for (const { file, line, code, message } of skipped) {
      expect(readFileSync(file, 'utf8').split('\n').length, `${file}: ${code}`).to.be.at.least(line);
      expect(line, file).to.be.at.least(1);
      expect(code, file).to.match(/^[a-z_]+$/);
      expect(message, file).to.match(/\w/);
    }
    const seen = new Set([...rules, ...skipped].map(({ file }) => file));
    expect(seen.size).to.equal(files);
    // No file both runs and is skipped: each holds one rule.
    expect(rules.length + new Set(skipped.map(({ file }) => file)).size).to.equal(files);
  });

  it('the engine matches what the reference evaluator does, rule by rule', () => {
    const { rules } = loaded;
    const engine = createEngine(rules, {
      onFailure: (rule, error) => {
        throw new Error(rule.file, { cause: error });
      },
    });
    const tally = { events: 0, verdicts: 0, matches: 0 };
    for (const event of windowsEvents(corpus, 40)) {
      const view = sigmaView(event);
      const taken = rules.filter((rule) =>
        event.logsource.some((source) => containsSource(rule.logsource, source)),
      );
      const expected = taken.filter((rule) => matches(rule, sigmaView(event)));
      expect(
        engine.match(view).map(({ rule }) => rule.id),
        event.original,
      ).to.deep.equal(expected.map(({ id }) => id));
      tally.events += 1;
      tally.verdicts += taken.length;
      tally.matches += expected.length;
    }
    expect(tally.events).to.be.at.least(1999);
    expect(tally.matches).to.be.above(0);
    process.stdout.write(`      ${JSON.stringify(tally)}\n`);
  });
});
