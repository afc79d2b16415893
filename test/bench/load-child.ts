import { readFileSync } from 'node:fs';
import { parseEvents } from 'js-yaml';
import { ruleFiles } from '../../correlator/rule-files.ts';
import { createRuleLoader } from '../../correlator/rules.ts';

/** Loads rules in a process of its own, as a start does: its code is as cold as its data. Prints one line of JSON. */
function main([cache = '', ...paths]: readonly string[]): void {
  if (cache === 'yaml') {
    const yaml = timed(() => {
      for (const file of paths.flatMap(ruleFiles)) parseEvents(readFileSync(file, 'utf8'), {});
    });
    console.log(JSON.stringify(yaml.spent));
    return;
  }
  const loader = createRuleLoader(cache === '' ? {} : { cache });
  const first = timed(() => loader.load(paths));
  const again = timed(() => loader.load(paths));
  const { rules, problems, files } = first.value;
  console.log(
    JSON.stringify({
      ...first.spent,
      reload_ms: again.spent.ms,
      rules: rules.length,
      problems: problems.length,
      files,
      rss_mb: process.memoryUsage().rss / 1e6,
    }),
  );
}

function timed<T>(work: () => T) {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const value = work();
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { value, spent: { ms, cpu_ms: (user + system) / 1000 } };
}

main(process.argv.slice(2));
