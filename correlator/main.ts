import { setTimeout as wait } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import type { Bus } from '../platform/bus/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config/schema.ts';
import { messageOf } from '../platform/errors/index.ts';
import { socTenant, type IndexStore } from '../platform/index/port.ts';
import type { Logger } from '../platform/log.ts';
import type { ComponentHealth, Stage } from '../platform/stage.ts';
import type { CorrelatorOptions } from '../sigma/index.ts';
import { createRoom } from './correlation-room.ts';
import { correlatorMetrics, type CorrelatorMetrics } from './metrics.ts';
import { runPartition } from './partition.ts';
import { startRetention } from './retention.ts';
import { idOf } from './rulebook.ts';
import { startRules } from './running-rules.ts';

/** How often an empty bus is looked at. */
const IDLE_MS = 50;
const MEGABYTE = 1024 * 1024;

export interface CorrelatorDeps {
  readonly bus: Bus;
  readonly store: IndexStore;
  readonly log: Logger;
  readonly registry: Registry;
  readonly clock: Clock;
  /** Directory for what rule files were read as, which makes the next start faster; nothing is kept where left out. */
  readonly ruleCache?: string;
  /** How often the rule directories are looked at, in milliseconds; as `watchRules` says where left out. */
  readonly rulesLookMs?: number;
}

/** Starts the correlator over every partition of the bus. Rules that cannot run are logged, each with its reason. */
export async function startCorrelator(
  config: Pick<Config, 'rules' | 'retention' | 'correlation'> & Partial<Pick<Config, 'pipelines'>>,
  deps: CorrelatorDeps,
): Promise<Stage> {
  const { bus, store, log, clock } = deps;
  const metrics = correlatorMetrics(deps.registry);
  const rules = await startRules({
    paths: config.rules,
    pipelines: config.pipelines,
    log,
    metrics,
    cache: deps.ruleCache,
    lookMs: deps.rulesLookMs,
    now: () => performance.now(),
  });
  const correlation = correlationOptions(config.correlation, deps, metrics);
  const room = createRoom(config.correlation.state_mb, clock);

  const stopping = new AbortController();
  const { signal } = stopping;
  let trouble: string | undefined;
  let failure: string | undefined;
  const failed = Promise.withResolvers<Error>();
  const retention = startRetention(config.retention, { store, log, clock });
  const running = Array.from({ length: bus.partitions }, async (_, partition) => {
    try {
      await runPartition('canh.records', partition, {
        bus,
        index: store.bind(socTenant),
        rulebook: () => rules.current(),
        correlation,
        log,
        metrics,
        clock,
        signal,
        idle: async () => {
          await wait(IDLE_MS, undefined, { signal }).catch(() => undefined);
        },
        onTrouble: (detail) => {
          trouble = detail;
        },
        onStats: (stats) => {
          metrics.correlation(partition, stats);
          room.note(partition, stats);
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
    health: () => [partitionHealth(failure, trouble), rules.health(), room.health()],
    stop: async () => {
      stopping.abort();
      retention.stop();
      await rules.stop();
      await Promise.all(running);
    },
  };
}

function correlationOptions(
  { lateness_s, idle_s, state_mb }: Config['correlation'],
  { bus, log }: CorrelatorDeps,
  metrics: CorrelatorMetrics,
): CorrelatorOptions {
  return {
    latenessMs: lateness_s * 1000,
    idleMs: idle_s * 1000,
    stateBytesMax: (state_mb * MEGABYTE) / bus.partitions,
    onLate: (correlation, event) => {
      const id = idOf(correlation);
      metrics.late(id);
      log.debug('A match came too late to be counted.', { correlation: id, event: event.id });
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
