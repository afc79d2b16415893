import { setTimeout as wait } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import type { Bus } from '../platform/bus/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config/schema.ts';
import { formatPlace, messageOf } from '../platform/errors/index.ts';
import { socTenant, type IndexStore } from '../platform/index/port.ts';
import type { Logger } from '../platform/log.ts';
import type { ComponentHealth, Stage } from '../platform/stage.ts';
import { correlatorMetrics } from './metrics.ts';
import { runPartition } from './partition.ts';
import { startRetention } from './retention.ts';
import { loadRules } from './rules.ts';

/** How often an empty bus is looked at. */
const IDLE_MS = 50;

export interface CorrelatorDeps {
  readonly bus: Bus;
  readonly store: IndexStore;
  readonly log: Logger;
  readonly registry: Registry;
  readonly clock: Clock;
}

/** Starts the correlator over every partition of the bus. Rules that cannot run are logged, each with its reason. */
export async function startCorrelator(
  config: Pick<Config, 'rules' | 'retention'>,
  deps: CorrelatorDeps,
): Promise<Stage> {
  const { bus, store, log } = deps;
  const metrics = correlatorMetrics(deps.registry);
  const loaded = loadRules(config.rules);
  const refused = loaded.problems.filter(({ severity }) => severity === 'error');
  metrics.rules(loaded.rules.length, refused.length);
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
    rules: loaded.rules.length,
    refused: refused.length,
  });

  const stopping = new AbortController();
  const { signal } = stopping;
  let trouble: string | undefined;
  let failure: string | undefined;
  const failed = Promise.withResolvers<Error>();
  const retention = startRetention(config.retention, { store, log, clock: deps.clock });
  const running = Array.from({ length: bus.partitions }, async (_, partition) => {
    try {
      await runPartition('canh.records', partition, {
        bus,
        index: store.bind(socTenant),
        rules: loaded.rules,
        log,
        metrics,
        clock: deps.clock,
        signal,
        idle: async () => {
          await wait(IDLE_MS, undefined, { signal }).catch(() => undefined);
        },
        onTrouble: (detail) => {
          trouble = detail;
        },
      });
    } catch (error) {
      if (signal.aborted) return;
      failure = messageOf(error);
      failed.resolve(error instanceof Error ? error : new Error(failure));
      log.error('The correlator stopped.', { partition, detail: failure });
    }
  });

  return {
    failed: failed.promise,
    health: () => [partitionHealth(failure, trouble), rulesHealth(loaded.rules.length)],
    stop: async () => {
      stopping.abort();
      retention.stop();
      await Promise.all(running);
    },
  };
}

function partitionHealth(failure: string | undefined, trouble: string | undefined): ComponentHealth {
  if (failure !== undefined) return { name: 'correlator', state: 'failed', detail: failure };
  if (trouble !== undefined)
    return {
      name: 'correlator',
      state: 'degraded',
      detail: `Bus or index does not answer as it should: ${trouble}`,
    };
  return { name: 'correlator', state: 'ok' };
}

function rulesHealth(rules: number): ComponentHealth {
  if (rules > 0) return { name: 'rules', state: 'ok' };
  return { name: 'rules', state: 'degraded', detail: 'No rule is loaded, so nothing is detected.' };
}
