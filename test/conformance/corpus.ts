import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createNormaliser } from '../../integrations/index.ts';
import type { Event } from '../../platform/event.ts';

/** Every directory of SigmaHQ that holds rules. */
export const ruleDirectories = [
  'rules',
  'rules-emerging-threats',
  'rules-threat-hunting',
  'rules-compliance',
  'rules-placeholder',
] as const;

/** The foreign data of these tests. */
export interface Corpus {
  readonly windowsEvents: string;
  readonly rules: readonly string[];
  readonly root: string;
}

/** The folder of `CANH_TEST_DATA`; undefined, with one loud line, where there is none. */
export function findCorpus(what: string): Corpus | undefined {
  const root = process.env['CANH_TEST_DATA'];
  if (root === undefined || !existsSync(root)) {
    process.stderr.write(`SKIPPED: ${what}: CANH_TEST_DATA does not name a folder.\n`);
    return undefined;
  }
  return {
    root,
    windowsEvents: join(root, 'otrf-windows-events.ndjson.gz'),
    rules: ruleDirectories.map((name) => join(root, 'sigmahq', name)),
  };
}

/** Every n-th line of the Windows events, normalised. */
export function* windowsEvents({ windowsEvents: path }: Corpus, every: number): Generator<Event> {
  const text = gunzipSync(readFileSync(path)).toString('utf8');
  yield* normalised(pickedLines(text, every));
}

function* pickedLines(text: string, every: number): Generator<string> {
  let count = 0;
  for (let start = 0, end: number; start < text.length; start = end + 1) {
    end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    if (end > start && count++ % every === 0) yield text.slice(start, end);
  }
}

/** The events of SigmaHQ's own regression cases, each of which some rule matches. */
export function* regressionEvents({ root }: Corpus): Generator<Event> {
  for (const path of globSync(join(root, 'sigmahq/regression_data/**/*.json')).toSorted()) {
    // A file holds one pretty-printed document or several, one after another.
    const documents = readFileSync(path, 'utf8')
      .trim()
      .split(/\n(?=\{)/);
    yield* normalised(documents, 'windows');
  }
}

/** Log lines of many products, file by file; a file's first lines stand for the rest of it. */
export function* logLineEvents({ root }: Corpus, linesMax: number): Generator<Event> {
  for (const path of globSync(join(root, 'crowdsec-logs/*/*.log')).toSorted()) {
    const lines = readFileSync(path, 'utf8').split('\n');
    yield* normalised(lines.filter((line) => line !== '').slice(0, linesMax));
  }
}

function* normalised(lines: Iterable<string>, product?: string): Generator<Event> {
  const normaliser = createNormaliser();
  let seq = 0;
  for (const line of lines) {
    seq += 1;
    yield* normaliser.push({
      agency: '',
      collector: 'conformance',
      epoch: '',
      seq,
      accepted: Date.UTC(2026, 10, 23),
      received: Date.UTC(2026, 10, 23),
      input: 'conformance',
      line,
      hints: product === undefined ? {} : { product },
    });
  }
  yield* normaliser.end();
}
