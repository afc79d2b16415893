import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { sigmaView } from '../../integrations/index.ts';
import type { Event } from '../../platform/event.ts';
import {
  containsSource,
  matches,
  loadRules,
  type Rule,
  type Search,
  type SigmaEvent,
} from '../../sigma/index.ts';
import { seeded } from '../faults/random.ts';
import { findCorpus, logLineEvents, regressionEvents, windowsEvents, type Corpus } from './corpus.ts';
import { nearEvent, type Random } from './near-events.ts';
import { installOracle, type Judgement, type Oracle, type OracleEvent } from './pysigma.ts';

const seed = Number(process.env['CANH_TEST_SEED'] ?? 20_261_123);
const realEventsMax = 300;
const nearEventsPerRule = 4;

/** Every rule of SigmaHQ that can be read, whether or not an integration yields its logsource. */
function readRules(directories: readonly string[]): readonly Rule[] {
  return directories.flatMap((directory) =>
    globSync('**/*.yml', { cwd: directory }).flatMap((name) => {
      const file = join(directory, name);
      return loadRules([{ file, text: readFileSync(file, 'utf8') }]).rules;
    }),
  );
}

/** As many events as asked for, taken in turn from each set of logsources, at random within it. */
function spreadSample(events: Iterable<Event>, size: number, random: Random): readonly Event[] {
  const groups = new Map<string, { readonly kept: Event[]; seen: number }>();
  const keptMax = Math.ceil(size / 10);
  for (const event of events) {
    const key = JSON.stringify(event.logsource);
    const group = groups.get(key) ?? { kept: [], seen: 0 };
    groups.set(key, group);
    group.seen += 1;
    // Vitter's algorithm R: each event of the group has the same chance to be kept.
    const place = group.seen <= keptMax ? group.kept.length : Math.floor(random() * group.seen);
    if (place < keptMax) group.kept[place] = event;
  }
  const turns = Array.from({ length: keptMax }, (_, turn) =>
    [...groups.values()].map(({ kept }) => kept[turn]),
  );
  return turns
    .flat()
    .filter((event) => event !== undefined)
    .slice(0, size);
}

function* realEvents(corpus: Corpus): Generator<Event> {
  yield* logLineEvents(corpus, 100);
  yield* windowsEvents(corpus, 4);
}

/** The fields that a rule names. */
function fieldsOf(search: Search): readonly string[] {
  if (search.kind !== 'item') return search.children.flatMap(fieldsOf);
  const others = search.values.flatMap(({ test }) => (test.kind === 'field' ? [test.name] : []));
  return search.field === null ? others : [search.field, ...others];
}

/** What rules see of an event, written out: the oracle does not resolve names itself. */
function writtenOut(event: Event, names: ReadonlySet<string>): OracleEvent {
  const view = sigmaView(event);
  const fields = new Map<string, unknown>();
  for (const name of names) {
    const value = view.field(name);
    if (value !== undefined) fields.set(name, value);
  }
  return { logsource: event.logsource, fields: Object.fromEntries(fields), values: [...view.values()] };
}

function viewOf({ logsource, fields, values }: OracleEvent): SigmaEvent {
  const own = new Map(Object.entries(fields));
  return { logsource, field: (name) => own.get(name), values: () => values };
}

interface Tally {
  verdicts: number;
  positive: number;
  readonly disagreements: string[];
}

/** Compares the oracle's verdicts with ours, rule by rule. */
function compare(rules: readonly Rule[], events: readonly OracleEvent[], judgement: Judgement): Tally {
  const tally: Tally = { verdicts: 0, positive: 0, disagreements: [] };
  const known = new Set(judgement.oracle.rules);
  const shared = rules.filter(({ id }) => id !== undefined && known.has(id));
  const byId = Map.groupBy(shared, ({ id }) => id);
  // Both read the same files, and refuse the same.
  const refused = new Set(Object.keys(judgement.oracle.refused));
  expect(shared.length).to.equal(rules.length).and.equal(known.size);
  expect(rules.filter(({ file }) => refused.has(file))).to.deep.equal([]);
  expect(judgement.verdicts.length).to.equal(events.length);
  for (const [index, event] of events.entries()) {
    const verdict = judgement.verdicts[index] ?? { taken: [], matched: [] };
    const taken = new Set(verdict.taken);
    const matched = new Set(verdict.matched);
    const view = viewOf(event);
    for (const rule of event.rule === undefined ? shared : (byId.get(event.rule) ?? [])) {
      const id = rule.id ?? '';
      const takes = event.logsource.some((source) => containsSource(rule.logsource, source));
      const ours = takes && matches(rule, view);
      if (takes) tally.verdicts += 1;
      if (ours) tally.positive += 1;
      if (takes !== taken.has(id) || ours !== matched.has(id))
        tally.disagreements.push(
          `${rule.file}: ours ${takes}/${ours}, theirs ${taken.has(id)}/${matched.has(id)}: ${JSON.stringify(event.fields).slice(0, 600)}`,
        );
    }
  }
  return tally;
}

describe('pySigma', function () {
  this.timeout(600_000);
  let corpus: Corpus;
  let oracle: Oracle | undefined;
  let rules: readonly Rule[] = [];

  before(async function () {
    const found = findCorpus('verdicts of pySigma');
    if (found === undefined) return this.skip();
    oracle = await installOracle();
    if (oracle === undefined) {
      process.stderr.write(
        'SKIPPED: verdicts of pySigma: python3 with venv and ensurepip is not installed.\n',
      );
      return this.skip();
    }
    corpus = found;
    rules = readRules(corpus.rules);
  });

  after(() => oracle?.remove());

  /** Fails with the first disagreements in full. */
  async function agree(what: string, events: readonly OracleEvent[]): Promise<void> {
    if (oracle === undefined) throw new Error('no oracle');
    const judgement = await oracle.judge(corpus.rules, events);
    const { name, version, python, refused } = judgement.oracle;
    const { verdicts, positive, disagreements } = compare(rules, events, judgement);
    process.stdout.write(
      `      oracle ${name} ${version} (Python ${python}, seed ${seed}), ${what}: ${events.length} events, ` +
        `${rules.length} rules, ${Object.keys(refused).length} files the oracle refuses, ` +
        `${verdicts} verdicts (${positive} matches), ${disagreements.length} disagreements\n`,
    );
    expect(disagreements.slice(0, 20).join('\n')).to.equal('');
    expect(positive).to.be.above(0);
  }

  it('agrees on real events of every logsource', async () => {
    const random = seeded(seed);
    const names = new Set(
      rules.flatMap(({ detection }) => [...detection.searches.values()].flatMap(fieldsOf)),
    );
    const events = [...spreadSample(realEvents(corpus), realEventsMax, random), ...regressionEvents(corpus)];
    await agree(
      'real events',
      events.map((event) => writtenOut(event, names)),
    );
  });

  it('agrees on events made of the values of every rule', async () => {
    const random = seeded(seed);
    const events = rules.flatMap((rule) =>
      Array.from({ length: nearEventsPerRule }, () => nearEvent(rule, random)),
    );
    await agree('made events', events);
  });
});
