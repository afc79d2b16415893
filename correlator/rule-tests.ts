import { createNormaliser, sigmaView } from '../integrations/index.ts';
import { CanhError, messageOf } from '../platform/errors/index.ts';
import { createEngine, plainEvent, type LogSource, type RuleSet, type SigmaEvent } from '../sigma/index.ts';
import { loadRules, type LoadedRules } from './rules.ts';
import { readRuleTestFile, type RuleTest, type RuleTestFile } from './rule-test-file.ts';
import { createFoundCorrelator } from './scan/correlate.ts';
import { correlatedFields } from './scan/fields.ts';

export interface RuleTestResult {
  readonly file: string;
  readonly test: string;
  readonly passed: boolean;
  /** Why it failed; empty when it passed. */
  readonly reason: string;
}

/** Acceptance time of every line in a rule test; the year of times without one comes from here. */
const ACCEPTED = Date.UTC(2026, 10, 23, 12);
const SECOND_MS = 1000;

/**
 * Runs the tests of one file: its lines through the real integrations, or its events as they are; the rules and
 * correlations beside it through the engine.
 */
export function runRuleTests(file: string): readonly RuleTestResult[] {
  const failed = (test: string, reason: string): RuleTestResult => ({ file, test, passed: false, reason });
  let definition: RuleTestFile;
  let loaded: LoadedRules;
  try {
    definition = readRuleTestFile(file);
    loaded = loadRules(definition.ruleFiles, {
      placeholders: definition.placeholders,
      // Events that a test makes up need no integration that yields them.
      anyLogsource: definition.tests.some(({ events }) => events !== undefined),
    });
  } catch (error) {
    return [failed('the test file can be read', messageOf(error))];
  }
  const wrong = loaded.problems.find(({ severity }) => severity === 'error');
  if (wrong !== undefined)
    return [failed('the rule can run', `${wrong.line}:${wrong.column} ${wrong.message}`)];
  if (loaded.rules.length === 0) return [failed('the rule can run', 'The file holds no rule.')];
  return definition.tests.map((test) => {
    const reason = judge(test, loaded, definition);
    return { file, test: test.name, passed: reason === '', reason };
  });
}

/** Why a test fails; empty where it passes. */
function judge(test: RuleTest, loaded: LoadedRules, file: RuleTestFile): string {
  const { match, count, rule } = test;
  const meant = meantKeys(loaded.ruleSet, rule);
  if (meant.size === 0) return `There is no rule ${JSON.stringify(rule)} in the file.`;
  const timed = test.events === undefined ? ofLines(test.lines ?? [], file) : ofEvents(test, file);
  const alerts = alertsOf(loaded.ruleSet, timed);
  let found = 0;
  for (const [key, times] of alerts) if (meant.has(key)) found += times;
  if (count !== undefined && found !== count) return `There are ${found} alerts; ${count} are expected.`;
  if (match === undefined || match === found > 0) return '';
  return match ? 'The rule does not fire.' : 'The rule fires.';
}

/** Keys of the rules and correlations whose alerts a test counts. */
function meantKeys({ rules, correlations, quiet }: RuleSet, rule: string | undefined): ReadonlySet<string> {
  const all = [...rules, ...correlations];
  const meant =
    rule === undefined
      ? all.filter(({ key }) => !quiet.has(key))
      : all.filter(({ id, name, title }) => [id, name, title].includes(rule));
  return new Set(meant.map(({ key }) => key));
}

interface TimedView {
  readonly view: SigmaEvent;
  readonly time: number;
}

/** How many alerts every rule and correlation gives, by its key. */
function alertsOf(ruleSet: RuleSet, events: readonly TimedView[]): ReadonlyMap<string, number> {
  const alerts = new Map<string, number>();
  const count = (key: string): void => void alerts.set(key, (alerts.get(key) ?? 0) + 1);
  const engine = createEngine(ruleSet.rules, {
    onFailure: (rule, error) => {
      throw new CanhError('rule_failed', `${rule.title}: ${messageOf(error)}`, { cause: error });
    },
  });
  const correlator = createFoundCorrelator(ruleSet, ACCEPTED);
  const names = correlatedFields(ruleSet.correlations);
  for (const [index, { view, time }] of events.entries()) {
    const matches = engine.match(view).map(({ rule }) => rule);
    for (const { key } of matches) count(key);
    const fields = Object.fromEntries(names.map((name) => [name, view.field(name)]));
    const found = {
      line: index,
      time,
      matches: matches.map((rule) => ({ rule: ruleSet.rules.indexOf(rule) })),
      fields,
    };
    correlator.take(found, { file: '', line: index, time });
  }
  for (const { signal } of correlator.end()) count(signal.correlation.key);
  return alerts;
}

function ofLines(lines: readonly string[], { product, format }: RuleTestFile): readonly TimedView[] {
  const normaliser = createNormaliser({
    onFailure: (_record, cause) => {
      throw new CanhError('record_poison', undefined, { cause });
    },
  });
  const base = {
    collector: 'test',
    agency: 'test',
    epoch: 'test',
    received: ACCEPTED,
    accepted: ACCEPTED,
    input: 'test',
    hints: {
      ...(product === undefined ? {} : { product }),
      ...(format === undefined ? {} : { format }),
    },
  };
  const events = lines.flatMap((line, i) => normaliser.push({ ...base, seq: i + 1, line }));
  events.push(...normaliser.end());
  return events.map((event) => ({ view: sigmaView(event), time: event.time }));
}

/** An event without a time happens a second after the one before it. */
function ofEvents({ events = [], logsource }: RuleTest, file: RuleTestFile): readonly TimedView[] {
  const from = cleaned(logsource ?? file.logsource ?? {});
  let time = ACCEPTED;
  return events.map((fields) => {
    time = timeOf(fields['@timestamp']) ?? time + SECOND_MS;
    return { view: plainEvent({ logsource: [from], fields }), time };
  });
}

function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && !(value instanceof Date)) return undefined;
  const time = new Date(value).getTime();
  return Number.isNaN(time) ? undefined : time;
}

function cleaned(source: Partial<Record<keyof LogSource, string | undefined>>): LogSource {
  const given = Object.entries(source).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value.toLowerCase()] as const],
  );
  return Object.fromEntries(given);
}
