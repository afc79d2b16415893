import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCorpus } from '../conformance/corpus.ts';
import { median, record } from './record.ts';

const ROUNDS = 5;
const child = join(import.meta.dirname, 'load-child.ts');

type Figures = Readonly<Record<string, number>>;

/** Loading all of SigmaHQ: without a cache, writing one, and from it; beside what reading the YAML alone takes. */
export function benchLoad(): Promise<void> {
  const corpus = findCorpus('the benchmark of loading');
  if (corpus === undefined) return Promise.resolve();
  const directory = mkdtempSync(join(tmpdir(), 'canh-bench-load-'));
  const run = (cache: string): Figures =>
    JSON.parse(
      execFileSync(process.execPath, [child, cache, ...corpus.rules], { encoding: 'utf8' }),
    ) as Figures;
  const cases: Record<'yaml' | 'cold' | 'filling' | 'cached', Figures[]> = {
    yaml: [],
    cold: [],
    filling: [],
    cached: [],
  };
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const cache = join(directory, String(round));
      cases.yaml.push(run('yaml'));
      cases.cold.push(run(''));
      cases.filling.push(run(cache));
      cases.cached.push(run(cache));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const middle = (name: keyof typeof cases, figure: string): number =>
    Math.round(median(cases[name].map((figures) => figures[figure] ?? 0)));
  const spent = (name: keyof typeof cases) => ({ ms: middle(name, 'ms'), cpu_ms: middle(name, 'cpu_ms') });
  const counts = new Set(
    [...cases.cold, ...cases.filling, ...cases.cached].map(({ rules, problems }) => `${rules}/${problems}`),
  );
  if (counts.size !== 1) throw new Error(`what was loaded differs: ${[...counts].join(', ')}`);
  record('load', {
    case: 'load: all rules of SigmaHQ, each time in a new process; cpu_ms counts every thread of it',
    rounds: ROUNDS,
    figures: {
      files: middle('cold', 'files'),
      rules: middle('cold', 'rules'),
      read_and_parse_yaml_only: spent('yaml'),
      cold: spent('cold'),
      cold_and_cache_written: spent('filling'),
      from_cache: spent('cached'),
      reload_unchanged_ms: middle('cold', 'reload_ms'),
      rss_mb: middle('cold', 'rss_mb'),
    },
    ratios: {
      cold_to_yaml: Number((middle('cold', 'cpu_ms') / middle('yaml', 'cpu_ms')).toFixed(1)),
      cold_to_cache: Number((middle('cold', 'cpu_ms') / middle('cached', 'cpu_ms')).toFixed(1)),
    },
  });
  return Promise.resolve();
}
