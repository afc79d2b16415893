import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { compileRegex, regexInputCharsMax } from '../../sigma/regex/compile.ts';
import { parseRegex } from '../../sigma/regex/parse.ts';
import { regexesBelow, shippedRegexes, type ShippedRegex } from '../sigma/regex-shipped.ts';
import { randomFrom, re2, sampleOf } from '../sigma/regex-source.ts';
import { testData } from '../sigma/rule-text.ts';
import { median, record } from './record.ts';

const ROUNDS = 3;
/** What the slowest shipped expression may take on the longest value, whatever it holds. */
const LIMIT_MS = 150;
const VALUES = 1000;
const EVENTS_BYTES = 120_000_000;
const fields =
  'CommandLine ParentCommandLine Image ImageLoaded TargetFilename TargetObject PipeName ScriptBlockText QueryName Details'.split(
    ' ',
  );

type Matcher = (text: string) => boolean;
interface Engines {
  readonly regex: ShippedRegex;
  readonly canh: Matcher;
  readonly re2js: Matcher;
  /** None where V8 has no such syntax. */
  readonly v8: Matcher | undefined;
}

/** Every shipped expression on texts made against it, and on values of real events; RE2JS and V8 beside it. */
export async function benchRegex(): Promise<void> {
  const data = testData('benchmark of regular expressions');
  if (data === undefined) return;
  const shipped = [...shippedRegexes(join(data, 'sigmahq')), ...regexesBelow(['rules'])];
  // In a group, so that what loading the rules has compiled is not found again.
  const grouped = shipped.map(({ source, flags }) => ({ source: `(?:${source})`, flags }));
  const compileMs = millisecondsOf(() => grouped.forEach(({ source, flags }) => compileRegex(source, flags)));
  const compileMsRe2js = millisecondsOf(() => grouped.forEach(({ source, flags }) => re2(source, flags)));
  const engines = shipped.map(enginesOf);
  const slowest = engines.map(worstOf).toSorted((a, b) => b.canh - a.canh);
  const values = valuesOf(join(data, 'otrf-windows-events.ndjson.gz'));
  const typical = typicalOf(engines, values);
  const slowestRe2js = Math.max(...slowest.map(({ re2js }) => re2js));
  record('regex', {
    case: `regular expressions of SigmaHQ and of rules/: ${regexInputCharsMax} characters against them; real values`,
    rounds: ROUNDS,
    figures: {
      expressions: shipped.length,
      compile_all_ms: rounded(compileMs),
      compile_all_ms_re2js: rounded(compileMsRe2js),
      limit_ms: LIMIT_MS,
      slowest_ms: rounded(slowest[0]?.canh ?? 0),
      over_limit: slowest.filter(({ canh }) => canh > LIMIT_MS).length,
      slowest_ms_re2js: rounded(slowestRe2js),
      over_limit_re2js: slowest.filter(({ re2js }) => re2js > LIMIT_MS).length,
      slowest_expressions: slowest.slice(0, 10).map(({ source, canh, re2js }) => ({
        source,
        ms: rounded(canh),
        ms_re2js: rounded(re2js),
      })),
      values: values.length,
      characters_per_value: Math.round(values.reduce((sum, value) => sum + value.length, 0) / values.length),
      ...typical,
    },
    ratios: {
      slowest_to_re2js: rounded((slowest[0]?.canh ?? 0) / slowestRe2js),
      median_slowest_to_re2js: rounded(median(slowest.map(({ canh, re2js }) => canh / re2js))),
      typical_to_re2js: rounded(typical.us_per_test / typical.us_per_test_re2js),
      typical_to_v8: rounded(typical.us_per_test / typical.us_per_test_v8),
      typical_first_to_re2js: rounded(typical.us_per_first_test / typical.us_per_first_test_re2js),
    },
  });
}

function enginesOf(regex: ShippedRegex): Engines {
  const compiled = re2(regex.source, regex.flags);
  if (compiled === undefined) throw new Error(`RE2JS refuses ${regex.source}`);
  const fold = regex.source.startsWith('(?i)');
  let v8: RegExp | undefined;
  try {
    v8 = new RegExp(fold ? regex.source.slice(4) : regex.source, fold ? 'i' : regex.flags);
  } catch {
    v8 = undefined;
  }
  return {
    regex,
    canh: compileRegex(regex.source, regex.flags),
    re2js: (text) => compiled.test(text),
    v8: v8 === undefined ? undefined : (text) => v8.test(text),
  };
}

/** The longest time that any of the texts takes, of the median of rounds. */
function worstOf({ regex, canh, re2js }: Engines): { source: string; canh: number; re2js: number } {
  let worst = { source: regex.source, canh: 0, re2js: 0 };
  for (const text of adversarial(regex)) {
    if (canh(text) !== re2js(text)) throw new Error(`${regex.source} differs from RE2JS`);
    const [ours, theirs] = [canh, re2js].map((finds) =>
      median(Array.from({ length: ROUNDS }, () => millisecondsOf(() => finds(text)))),
    );
    worst = { ...worst, canh: Math.max(worst.canh, ours ?? 0), re2js: Math.max(worst.re2js, theirs ?? 0) };
  }
  return worst;
}

/** Texts of the greatest length: the expression's literals, parts of what it matches, and its characters at random. */
function adversarial({ source, flags }: ShippedRegex): readonly string[] {
  const node = parseRegex(source, flags);
  if (node === undefined) throw new Error(`not read: ${source}`);
  const random = randomFrom(source.length);
  const literals = source.split(/[^\w ./:&%-]+/).filter((part) => part.length > 1);
  const sample = sampleOf(node, random);
  const characters = [...new Set(Array.from(sample + literals.join('')))];
  const pieces = Array.from({ length: 4000 }, () => {
    const whole = sampleOf(node, random);
    return whole.slice(0, Math.floor(random() * whole.length)) || ' ';
  });
  const jumbled = Array.from(
    { length: regexInputCharsMax },
    () => characters[Math.floor(random() * characters.length)] ?? 'a',
  );
  const parts = [sample.slice(0, -1), sample.slice(0, sample.length >> 1), pieces.join(''), jumbled.join('')];
  return ['a', 'a ', '0', '\\', literals.join(' '), literals.join(''), ...literals.slice(0, 4), ...parts].map(
    (piece) =>
      (piece || 'a').repeat(Math.ceil(regexInputCharsMax / (piece.length || 1))).slice(0, regexInputCharsMax),
  );
}

/** Microseconds for one test of a value that is new to the engine, and of one it has seen; outcomes must be equal. */
function typicalOf(engines: readonly Engines[], values: readonly string[]) {
  const compared = engines.filter(({ v8 }) => v8 !== undefined);
  const run = (engine: (engines: Engines) => Matcher | undefined): readonly [number, number] => {
    let found = 0;
    const ms = millisecondsOf(() => {
      for (const engines of compared) {
        const finds = engine(engines);
        if (finds !== undefined) for (const value of values) if (finds(value)) found++;
      }
    });
    return [(ms * 1000) / (compared.length * values.length), found];
  };
  const chosen = [
    ({ canh }: Engines) => canh,
    ({ re2js }: Engines) => re2js,
    ({ v8 }: Engines) => v8,
  ] as const;
  const first = chosen.map(run);
  const again = chosen.map((engine) => Array.from({ length: ROUNDS }, () => run(engine)));
  const counts = new Set([...first, ...again.flat()].map(([, found]) => found));
  if (counts.size !== 1) throw new Error(`engines find different numbers: ${[...counts].join()}`);
  const [canh, re2js, v8] = again.map((rounds) => rounded(median(rounds.map(([us]) => us))));
  return {
    found: first[0]?.[1] ?? 0,
    us_per_test: canh ?? 0,
    us_per_test_re2js: re2js ?? 0,
    us_per_test_v8: v8 ?? 0,
    us_per_first_test: rounded(first[0]?.[0] ?? 0),
    us_per_first_test_re2js: rounded(first[1]?.[0] ?? 0),
  };
}

function valuesOf(path: string): readonly string[] {
  const values = new Set<string>();
  const lines = gunzipSync(readFileSync(path)).subarray(0, EVENTS_BYTES).toString().split('\n').slice(0, -1);
  for (const line of lines) {
    const event = JSON.parse(line) as Record<string, unknown>;
    for (const field of fields) {
      const value = event[field];
      if (typeof value === 'string' && value.length <= 1000) values.add(value);
    }
  }
  const all = [...values];
  const step = Math.max(1, Math.floor(all.length / VALUES));
  return all.filter((_, i) => i % step === 0).slice(0, VALUES);
}

function millisecondsOf(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function rounded(number: number): number {
  return Number(number.toPrecision(3));
}
