import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, record } from './record.ts';
import type { Measurement } from './correlation-child.ts';

const ROUNDS = 3;
const child = join(dirname(fileURLToPath(import.meta.url)), 'correlation-child.ts');

/** Named as `correlation-child.ts` names them; each runs in a process of its own, so that none warms another's code. */
const rates = [
  'event_count, 1,000 hot groups',
  'value_count, 1,000 hot groups',
  'event_count, 100,000 groups',
  'value_count, 100,000 groups of 10 values',
  'event_count, one group',
  'value_count, one group of 2,000 values',
  'event_count, 8,192 groups made to collide',
  'event_count, one flooded group',
  'event_count, one flooded group, 1 s out of order',
] as const;

const memories = ['event_count, idle groups', 'value_count, idle groups'] as const;

/** Updates a second of the correlator, against a bare Map that counts the same keys, and bytes of an idle group. */
export function benchCorrelation(): Promise<void> {
  const figures: Record<string, object> = {};
  const ratios: Record<string, number> = {};
  for (const name of rates) {
    const runs = Array.from({ length: ROUNDS }, () => measure(name));
    const of = (key: keyof Measurement): number => Math.round(median(runs.map((run) => run[key])));
    figures[name] = {
      updates_per_second: of('updates_per_second'),
      updates_per_cpu_second: of('updates_per_cpu_second'),
      map_updates_per_second: of('map_updates_per_second'),
      signals: of('signals'),
    };
    ratios[`map to ${name}`] = Number(
      median(runs.map((run) => run.map_updates_per_second / run.updates_per_second)).toFixed(1),
    );
    console.log(name, JSON.stringify(figures[name]));
  }
  for (const name of memories) {
    const { groups, bytes_per_group } = measure(name);
    figures[name] = { groups, bytes_per_group: Math.round(bytes_per_group) };
    console.log(name, JSON.stringify(figures[name]));
  }
  record('correlation', { case: 'correlation: matches through correlate', rounds: ROUNDS, figures, ratios });
  return Promise.resolve();
}

function measure(name: string): Measurement {
  const output = execFileSync(process.execPath, ['--expose-gc', child, name], { encoding: 'utf8' });
  return JSON.parse(output) as Measurement;
}
