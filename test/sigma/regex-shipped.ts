import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRules, type Search } from '../../sigma/index.ts';

export interface ShippedRegex {
  readonly source: string;
  readonly flags: string;
}

const folders = ['rules', 'rules-emerging-threats', 'rules-threat-hunting', 'rules-compliance'];

/** The distinct regular expressions of the rules in a copy of SigmaHQ. */
export function shippedRegexes(sigmahq: string): readonly ShippedRegex[] {
  return regexesBelow(folders.map((folder) => join(sigmahq, folder)));
}

/** The distinct regular expressions of all rules in some folders. */
export function regexesBelow(paths: readonly string[]): readonly ShippedRegex[] {
  const found = new Map<string, ShippedRegex>();
  for (const folder of paths)
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.yml')) continue;
      const text = readFileSync(join(folder, name), 'utf8');
      if (!text.includes('|re')) continue;
      for (const rule of loadRules([{ file: name, text }]).rules)
        for (const regex of [...rule.detection.searches.values()].flatMap(regexesOf))
          found.set(`${regex.flags}/${regex.source}`, regex);
    }
  return [...found.values()];
}

function regexesOf(search: Search): readonly ShippedRegex[] {
  if (search.kind !== 'item') return search.children.flatMap(regexesOf);
  return search.values.flatMap(({ test }) =>
    test.kind === 'regex' ? [{ source: test.source, flags: test.flags }] : [],
  );
}
