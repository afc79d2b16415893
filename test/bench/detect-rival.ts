import { execFile } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Rule } from '../../sigma/index.ts';
import { ruleDirectories } from '../conformance/corpus.ts';
import { median } from './record.ts';

const run = promisify(execFile);
const ROUNDS = 3;
const matchLine = z.object({ rule_id: z.string().optional() });

export interface RivalFigures {
  readonly version: string;
  readonly command: string;
  /** On one core: events by CPU seconds, the loading of rules taken off. */
  readonly events_per_second: number;
  readonly load_rules_ms: number;
  readonly matches: number;
}

export interface Rival extends RivalFigures {
  readonly differences: Differences;
}

/** Runs rsigma over the events as a process of its own, at its best setting for them. */
export async function runRival(
  binary: string,
  data: string,
  bytes: Buffer,
): Promise<{ readonly figures: RivalFigures; readonly matches: ReadonlyMap<string, number> }> {
  const directory = mkdtempSync(join(tmpdir(), 'canh-bench-'));
  try {
    for (const name of ruleDirectories) symlinkSync(join(data, 'sigmahq', name), join(directory, name));
    const [events, none, out] = ['events', 'none', 'out'].map((name) => join(directory, `${name}.ndjson`));
    if (events === undefined || none === undefined || out === undefined) throw new Error('no file');
    writeFileSync(events, bytes);
    writeFileSync(none, '');
    const options =
      'engine eval --quiet --input-format json --logsource-routing --event-logsource product=windows';
    const { stdout: version } = await run(binary, ['--version']);
    const seconds = async (input: string): Promise<number> => {
      // The shell tells what its children took when they are done.
      const script = `"$0" ${options} --rules "$1" < "$2" > "$3" 2> /dev/null; times`;
      const { stdout } = await run('sh', ['-c', script, binary, directory, input, out]);
      const [user, system] = (stdout.trim().split('\n').at(-1) ?? '').split(' ').map(cpuSeconds);
      return (user ?? 0) + (system ?? 0);
    };
    const loads: number[] = [];
    const passes: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      loads.push(await seconds(none));
      passes.push(await seconds(events));
    }
    const matches = await countMatches(out);
    const lines = readFileSync(events, 'latin1').split('\n').filter(Boolean).length;
    const figures = {
      version: version.split('\n')[0] ?? '',
      command: `rsigma ${options}`,
      events_per_second: Math.round(lines / (median(passes) - median(loads))),
      load_rules_ms: Math.round(median(loads) * 1000),
      matches: [...matches.values()].reduce((sum, count) => sum + count, 0),
    };
    return { figures, matches };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** `0m1.234s` in seconds. */
function cpuSeconds(text: string): number {
  const [minutes, seconds] = text.replace('s', '').split('m').map(Number);
  return (minutes ?? 0) * 60 + (seconds ?? 0);
}

async function countMatches(path: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line === '') continue;
    const id = matchLine.parse(JSON.parse(line)).rule_id ?? '';
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

interface Difference {
  readonly rule: string;
  readonly id: string;
  readonly canh: number;
  /** Canh's, were it to route by product only. */
  readonly canh_by_product: number;
  readonly rsigma: number;
}

export interface Differences {
  readonly rules_equal: number;
  /** Canh counts what rsigma does once category and service of a rule do not matter. */
  readonly by_routing: readonly Difference[];
  /** Rules that Canh refuses to load, because a placeholder of theirs has no values. */
  readonly by_refusal: readonly Difference[];
  readonly not_explained: readonly Difference[];
}

export function differences(
  rules: readonly Rule[],
  counts: { readonly routed: ReadonlyMap<string, number>; readonly anywhere: ReadonlyMap<string, number> },
  rival: ReadonlyMap<string, number>,
): Differences {
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  const all = [...new Set([...counts.routed.keys(), ...rival.keys()])].map((id): Difference => ({
    rule: titles.get(id) ?? 'not loaded',
    id,
    canh: counts.routed.get(id) ?? 0,
    canh_by_product: counts.anywhere.get(id) ?? 0,
    rsigma: rival.get(id) ?? 0,
  }));
  const unequal = all.filter(({ canh, rsigma }) => canh !== rsigma).toSorted((a, b) => b.rsigma - a.rsigma);
  return {
    rules_equal: all.length - unequal.length,
    by_routing: unequal.filter((each) => each.canh_by_product === each.rsigma),
    by_refusal: unequal.filter(({ id }) => !titles.has(id)),
    not_explained: unequal.filter((each) => titles.has(each.id) && each.canh_by_product !== each.rsigma),
  };
}
