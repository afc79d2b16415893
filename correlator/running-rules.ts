import { formatPlace, messageOf } from '../platform/errors/index.ts';
import type { Logger } from '../platform/log.ts';
import type { ComponentHealth } from '../platform/stage.ts';
import type { CorrelatorMetrics } from './metrics.ts';
import { signatureOf, watchRules } from './rule-watch.ts';
import { createRulebook, type Rulebook } from './rulebook.ts';
import { createRuleLoader, type LoadedRules } from './rules.ts';

export interface RunningRulesOptions {
  readonly paths: readonly string[];
  /** Files of processing pipelines that every rule goes through. */
  readonly pipelines?: readonly string[] | undefined;
  readonly log: Logger;
  readonly metrics: CorrelatorMetrics;
  /** Directory for what rule files were read as. */
  readonly cache?: string | undefined;
  readonly lookMs?: number | undefined;
  /** A clock in milliseconds with fractions. */
  readonly now: () => number;
}

/** The rules in use, which follow their directories. */
export interface RunningRules {
  current(): Rulebook;
  health(): ComponentHealth;
  stop(): Promise<void>;
}

/**
 * Loads the rules and follows their directories from then on. Where what was loaded later holds nothing at all, the rules
 * before stay: a directory that is being replaced, or a share that is gone, must not end detection.
 */
export async function startRules({
  paths,
  pipelines = [],
  log,
  metrics,
  cache,
  lookMs,
  now,
}: RunningRulesOptions): Promise<RunningRules> {
  const take = (loaded: LoadedRules): Rulebook => {
    report(loaded, log);
    metrics.rules(countOf(loaded), refusedOf(loaded).length);
    const made = createRulebook(loaded.ruleSet, {
      onRuleFailure: ({ file, line }, error) => {
        metrics.ruleFailed();
        log.warn('A rule failed on an event, which goes on without it.', {
          code: 'rule_failed',
          at: `${file}:${line}`,
          detail: messageOf(error),
        });
      },
      now,
    });
    metrics.follow(made.engine);
    return made;
  };
  const loader = createRuleLoader({ cache, pipelines });
  const watched = [...paths, ...pipelines];
  const signature = await signatureOf(watched);
  const first = loader.load(paths);
  let count = countOf(first);
  let rulebook = take(first);
  const watch = watchRules({
    paths: watched,
    signature,
    log,
    lookMs,
    reload: () => {
      const loaded = loader.load(paths);
      if (countOf(loaded) === 0 && count > 0) {
        log.warn('The rule directories hold no rule any more; those before go on until a restart.');
        return;
      }
      count = countOf(loaded);
      rulebook = take(loaded);
    },
  });
  return {
    current: () => rulebook,
    health: () =>
      count > 0
        ? { name: 'rules', state: 'ok' }
        : { name: 'rules', state: 'degraded', detail: 'No rule is loaded, so nothing is detected.' },
    stop: async () => {
      await watch.stop();
    },
  };
}

function countOf({ ruleSet }: LoadedRules): number {
  return ruleSet.rules.length + ruleSet.correlations.length;
}

function refusedOf({ problems }: LoadedRules): LoadedRules['problems'] {
  return problems.filter(({ severity }) => severity === 'error');
}

function report(loaded: LoadedRules, log: Logger): void {
  const refused = refusedOf(loaded);
  for (const problem of refused) {
    // A set such as SigmaHQ has hundreds of rules for products that nobody here reads: no fault of the rule.
    const level = problem.code === 'logsource_unknown' ? 'debug' : 'warn';
    log[level]('A rule does not run.', {
      code: problem.code,
      at: formatPlace(problem),
      detail: problem.message,
    });
  }
  log.info('Rules are loaded; canh rules check says why the others do not run.', {
    rules: loaded.ruleSet.rules.length,
    correlations: loaded.ruleSet.correlations.length,
    refused: refused.length,
  });
}
