import type { Finding, FoundPlace } from '../correlator/scan/correlate.ts';
import type { FoundMatch } from '../correlator/scan/scanner.ts';
import { visible } from '../platform/log.ts';
import type { Level, RuleSet } from '../sigma/index.ts';

export type DetectFormat = 'ndjson' | 'table';

export interface LineOptions {
  readonly ruleSet: RuleSet;
  readonly format: DetectFormat;
}

/** What `canh detect` prints of a match; undefined where a correlation speaks for the rule. */
export function matchLine(
  match: FoundMatch,
  place: FoundPlace,
  { ruleSet, format }: LineOptions,
): string | undefined {
  const rule = ruleSet.rules[match.rule];
  if (rule === undefined || ruleSet.quiet.has(rule.key)) return undefined;
  const { file, line } = place;
  const { title, level } = rule;
  const time = new Date(place.time).toISOString();
  if (format === 'table') return tableLine(level, time, `${visible(title)}  ${file}:${line}`);
  const head = JSON.stringify({ rule: { id: rule.id ?? null, title, level }, event: { file, line, time } });
  return `${head.slice(0, -1)},"why":${match.why ?? 'null'}}\n`;
}

/** What it prints of an episode of a correlation; undefined where another correlation speaks for it. */
export function findingLine(
  { signal, constituents }: Finding,
  { ruleSet, format }: LineOptions,
): string | undefined {
  const { correlation, count } = signal;
  if (ruleSet.quiet.has(correlation.key)) return undefined;
  const { title, level } = correlation;
  const [first, last] = [signal.first, signal.last].map((time) => new Date(time).toISOString());
  const group = signal.group.map(({ field, value }) => `${field}=${value}`).join(' ');
  if (format === 'table') {
    const places = constituents.map(({ file, line }) => `${file}:${line}`);
    const shown = places.slice(0, PLACES_SHOWN).join(' ');
    const more = places.length > PLACES_SHOWN ? ' …' : '';
    return tableLine(level, last ?? '', visible(`${title}  ${count} × ${group}  ${shown}${more}`));
  }
  const titles = titlesOf(ruleSet);
  const line = {
    rule: { id: correlation.id ?? null, title, level },
    type: correlation.type,
    group: Object.fromEntries(signal.group.map(({ field, value }) => [field, value])),
    count,
    value: signal.value,
    first,
    last,
    constituents: constituents.map(({ file, line: at, time, rule }) => ({
      file,
      line: at,
      time: new Date(time).toISOString(),
      rule: titles.get(rule) ?? rule,
    })),
  };
  return `${JSON.stringify(line)}\n`;
}

const PLACES_SHOWN = 3;

function tableLine(level: Level, time: string, rest: string): string {
  return `${level.padEnd(13)} ${time}  ${rest}\n`;
}

const knownTitles = new WeakMap<RuleSet, ReadonlyMap<string, string>>();

/** Titles of rules and correlations by key. */
function titlesOf(ruleSet: RuleSet): ReadonlyMap<string, string> {
  let known = knownTitles.get(ruleSet);
  if (known === undefined) {
    known = new Map([...ruleSet.rules, ...ruleSet.correlations].map(({ key, title }) => [key, title]));
    knownTitles.set(ruleSet, known);
  }
  return known;
}
