import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadRules } from '../../correlator/index.ts';
import { placeOf } from '../../integrations/windows/logsource.ts';
import { plainEvent, type LogSource, type Rule, type Search, type SigmaEvent } from '../../sigma/index.ts';
import { ruleDirectories } from '../conformance/corpus.ts';

/** Every rule of SigmaHQ that runs, whichever products it is for. */
export function sigmahqRules(data: string): readonly Rule[] {
  return loadRules(
    ruleDirectories.map((name) => join(data, 'sigmahq', name)),
    { anyLogsource: true },
  ).ruleSet.rules;
}

export function eventBytes(data: string): Buffer {
  return gunzipSync(readFileSync(join(data, 'otrf-windows-events.ndjson.gz')));
}

/** The lines in a part of the bytes, decoded and parsed: what both the limit and the engine do to them. */
export function eachLine(
  bytes: Buffer,
  [from, to]: readonly [number, number],
  take: (event: Record<string, unknown>) => void,
): number {
  let lines = 0;
  for (let start = from, end: number; start < to; start = end + 1) {
    end = bytes.indexOf(10, start);
    if (end < 0) end = bytes.length;
    if (end === start) continue;
    take(JSON.parse(bytes.toString('utf8', start, end)) as Record<string, unknown>);
    lines += 1;
  }
  return lines;
}

/** Parts of about the same size, cut at the ends of lines. */
export function partsOf(bytes: Buffer, count: number): readonly (readonly [number, number])[] {
  const cuts = Array.from(
    { length: count - 1 },
    (_, n) => bytes.indexOf(10, Math.floor((bytes.length * (n + 1)) / count)) + 1,
  );
  return [0, ...cuts].map((from, n) => [from, cuts[n] ?? bytes.length] as const);
}

const places = new Map<unknown, Map<unknown, readonly LogSource[]>>();

/** The logsources of a flat Windows event, looked up once for each channel and EventID. */
export function logsourceOf(event: Readonly<Record<string, unknown>>): readonly LogSource[] {
  const { Channel: channel, EventID: id } = event;
  let known = places.get(channel);
  if (known === undefined) places.set(channel, (known = new Map<unknown, readonly LogSource[]>()));
  // Sysmon's 12 is several things, by its EventType.
  const key = id === 12 ? event['EventType'] : id;
  let logsource = known.get(key);
  if (logsource === undefined) {
    const provider = event['Provider_Name'] ?? event['SourceName'];
    logsource = placeOf(textOf(channel), textOf(provider), {
      id: Number(id),
      type: event['EventType'],
    }).logsource;
    known.set(key, logsource);
  }
  return logsource;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function eventOf(fields: Record<string, unknown>): SigmaEvent {
  return plainEvent({ logsource: logsourceOf(fields), fields });
}

/** The rules, each with `copies - 1` others that look for other texts. */
export function multiplied(rules: readonly Rule[], copies: number): readonly Rule[] {
  return Array.from({ length: copies }, (_, copy) =>
    copy === 0
      ? rules
      : rules.map((rule) => ({ ...rule, key: `${rule.key}#${copy}`, detection: other(rule, copy) })),
  ).flat();
}

function other({ detection }: Rule, copy: number): Rule['detection'] {
  const search = (each: Search): Search => {
    if (each.kind !== 'item') return { ...each, children: each.children.map(search) };
    const values = each.values.map((value) =>
      value.test.kind === 'text'
        ? {
            ...value,
            test: { ...value.test, patterns: value.test.patterns.map((parts) => parts.map(literal)) },
          }
        : value,
    );
    return { ...each, values };
  };
  const literal = <T>(part: T | string): T | string =>
    typeof part === 'string'
      ? `${part.slice(0, part.length / 2)}q${copy}${part.slice(part.length / 2)}`
      : part;
  return {
    ...detection,
    searches: new Map([...detection.searches].map(([name, each]) => [name, search(each)])),
  };
}
