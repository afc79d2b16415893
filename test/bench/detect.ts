import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { plainEvent, type Rule } from '../../sigma/index.ts';
import { createMatcher, type Matcher } from '../../sigma/match/matcher.ts';
import { referenceMatches } from '../sigma/reference.ts';
import { testData } from '../sigma/rule-text.ts';
import { eachLine, eventBytes, eventOf, multiplied, partsOf, sigmahqRules } from './detect-data.ts';
import { differences, runRival, type Rival } from './detect-rival.ts';
import { median, record } from './record.ts';

const ROUNDS = 5;
/** Limit and engine take turns after each part, so that both meet the same neighbours on the machine. */
const PARTS = 40;
const COPIES = 10;
/** Each so many-th event goes through the reference evaluator too. */
const SAMPLED = 97;

interface Seconds {
  readonly cpu: number;
  readonly wall: number;
}

function timed(run: () => void): Seconds {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  run();
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1000 };
}

interface Round {
  readonly limit: Seconds;
  readonly runs: readonly Seconds[];
  readonly matches: readonly number[];
  readonly events: number;
}

/** One pass of the limit and of each matcher over all bytes, part by part in turn. */
function round(bytes: Buffer, matchers: readonly Matcher[], turn: number): Round {
  const matches = matchers.map(() => 0);
  let events = 0;
  let kept = 0;
  const passes = [
    (part: readonly [number, number]) => {
      events += eachLine(bytes, part, (event) => (kept += event === null ? 0 : 1));
    },
    ...matchers.map((matcher, at) => (part: readonly [number, number]) => {
      let found = 0;
      eachLine(bytes, part, (event) => (found += matcher.match(eventOf(event)).length));
      matches[at] = (matches[at] ?? 0) + found;
    }),
  ];
  const sums = passes.map(() => ({ cpu: 0, wall: 0 }));
  for (const [n, part] of partsOf(bytes, PARTS).entries())
    for (let at = 0; at < passes.length; at++) {
      const which = (at + n + turn) % passes.length;
      const [pass, sum] = [passes[which], sums[which]];
      if (pass === undefined || sum === undefined) continue;
      const { cpu, wall } = timed(() => pass(part));
      sum.cpu += cpu;
      sum.wall += wall;
    }
  const [limit = { cpu: 0, wall: 0 }, ...runs] = sums;
  if (kept !== events) throw new Error('a line was lost');
  return { limit, runs, matches, events };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapMb(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}

/** NDJSON bytes to matches on one core, beside a loop that only parses; ten times the rules; memory; the rival. */
export async function benchDetect(): Promise<void> {
  const data = testData('benchmark of detection');
  if (data === undefined) return;
  const loaded = timed(() => sigmahqRules(data));
  const rules = sigmahqRules(data);
  const bytes = eventBytes(data);
  const before = heapMb();
  const matcher = createMatcher(rules);
  const first = round(bytes, [matcher], 0);
  const memoryMb = heapMb() - before;
  const indexMs = indexCost(rules, bytes);
  const sample = checkSample(rules, matcher, bytes);
  const rounds = Array.from({ length: ROUNDS }, (_, turn) => round(bytes, [matcher], turn));
  const many = createMatcher(multiplied(rules, COPIES));
  round(bytes, [matcher, many], 0);
  const tenfold = Array.from({ length: ROUNDS }, (_, turn) => round(bytes, [matcher, many], turn));
  const rival = await rivalOf(data, rules, bytes);
  const { events } = first;
  const cost = (of: readonly Round[], pick: (each: Round) => number): number => median(of.map(pick));
  const ratio = (value: number): number => Number(value.toFixed(2));
  const perSecond = Math.round(events / cost(rounds, (each) => each.runs[0]?.cpu ?? 0));
  record('detect', {
    case: 'detect: NDJSON bytes of Windows events to matches of all SigmaHQ rules, one core, CPU time',
    rounds: ROUNDS,
    figures: {
      events,
      bytes_per_event: Math.round(bytes.length / events),
      rules: rules.length,
      matches: rounds[0]?.matches[0],
      reference: sample,
      limit_events_per_second: Math.round(events / cost(rounds, (each) => each.limit.cpu)),
      events_per_second: perSecond,
      events_per_second_wall: Math.round(events / cost(rounds, (each) => each.runs[0]?.wall ?? 0)),
      first_pass_ms: Math.round((first.runs[0]?.cpu ?? 0) * 1000),
      index_all_classes_ms: Math.round(indexMs),
      load_rules_ms: Math.round(loaded.cpu * 1000),
      memory_mb: Math.round(memoryMb),
      rules_tenfold: rules.length * COPIES,
      matches_tenfold: tenfold[0]?.matches[1],
      rival: rival ?? 'not run: CANH_RSIGMA does not name the binary of rsigma 0.23.0',
    },
    ratios: {
      to_limit: ratio(cost(rounds, (each) => (each.runs[0]?.cpu ?? 0) / each.limit.cpu)),
      tenfold_rules_to_rules: ratio(cost(tenfold, ({ runs }) => (runs[1]?.cpu ?? 0) / (runs[0]?.cpu ?? 1))),
      ...(rival === undefined ? {} : { to_rsigma: ratio(perSecond / rival.events_per_second) }),
    },
  });
}

/** Milliseconds of CPU that the first event of every class takes: the index is made then. */
function indexCost(rules: readonly Rule[], bytes: Buffer): number {
  const firsts = new Map<unknown, Record<string, unknown>>();
  eachLine(bytes, [0, bytes.length], (fields) => {
    const { logsource } = eventOf(fields);
    if (!firsts.has(logsource)) firsts.set(logsource, fields);
  });
  const matcher = createMatcher(rules);
  return timed(() => firsts.forEach((fields) => matcher.match(eventOf(fields)))).cpu * 1000;
}

/** Compares with the reference evaluator; throws where they differ. */
function checkSample(rules: readonly Rule[], matcher: Matcher, bytes: Buffer): string {
  let [at, checked, found] = [0, 0, 0];
  eachLine(bytes, [0, bytes.length], (fields) => {
    if (at++ % SAMPLED !== 0) return;
    const event = eventOf(fields);
    const expected = referenceMatches(rules, event).map(({ key }) => key);
    const matched = matcher.match(event).map(({ rule }) => rule.key);
    if (expected.join() !== matched.join())
      throw new Error(`line ${at}: reference ${expected.join()}, engine ${matched.join()}`);
    checked += 1;
    found += matched.length;
  });
  return `equal on ${checked} events, ${found} matches`;
}

/** The rival's figures, and every rule on which it counts other matches, with how that comes about. */
async function rivalOf(data: string, rules: readonly Rule[], bytes: Buffer): Promise<Rival | undefined> {
  const binary = process.env['CANH_RSIGMA'];
  if (binary === undefined) {
    console.error('NOT RUN: rsigma. Set CANH_RSIGMA to its binary.');
    return undefined;
  }
  const rival = await runRival(binary, data, bytes);
  // Routed as rsigma does with `product=windows` alone: whatever category or service a rule names.
  const windows = rules.filter(
    ({ logsource: { product } }) => product === undefined || product === 'windows',
  );
  const anywhere = createMatcher(windows.map((rule) => ({ ...rule, logsource: {} })));
  const matcher = createMatcher(rules);
  const counts = { routed: new Map<string, number>(), anywhere: new Map<string, number>() };
  const add = (to: Map<string, number>, id: string | undefined): void => {
    to.set(id ?? '', (to.get(id ?? '') ?? 0) + 1);
  };
  eachLine(bytes, [0, bytes.length], (fields) => {
    for (const { rule } of matcher.match(eventOf(fields))) add(counts.routed, rule.id);
    for (const { rule } of anywhere.match(plainEvent({ logsource: [{}], fields })))
      add(counts.anywhere, rule.id);
  });
  return { ...rival.figures, differences: differences(rules, counts, rival.matches) };
}
