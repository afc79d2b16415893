import type { Bus, Topic } from '../platform/bus/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import {
  StateRefused,
  type CorrelatorOptions,
  type CorrelatorStats,
  type StatePart,
} from '../sigma/index.ts';
import { createCheckpoints, type Position } from './checkpoint.ts';
import { openManifest } from './manifest.ts';
import type { CorrelatorMetrics } from './metrics.ts';
import { persist, type WriterOptions } from './persist.ts';
import { createPipeline, type Pipeline, type PipelineOptions } from './pipeline.ts';
import type { Rulebook } from './rulebook.ts';
import { createStateStore } from './state.ts';
import { writeOutcome } from './write.ts';

const BATCH_LIMIT = { messages: 2000, bytes: 8 * 1024 * 1024 } as const;
/** How long the bus keeps what has been processed, so that it can be replayed. */
const BUS_KEEP_MS = 7 * 24 * 3_600_000;

const HOUR_MS = 3_600_000;
const GROUP = 'correlator';

export interface PartitionDeps extends WriterOptions {
  readonly bus: Bus;
  /** The rules as they stand; asked for before each batch. */
  readonly rulebook: () => Rulebook;
  readonly correlation: Omit<CorrelatorOptions, 'state'>;
  readonly metrics: CorrelatorMetrics;
  readonly clock: Clock;
  /** Resolves when it is worth looking at the bus again. */
  readonly idle: () => Promise<void>;
  readonly onStats: (stats: CorrelatorStats) => void;
}

/**
 * Processes one partition from where its manifest stands until stopped. Everything a batch makes is written before the
 * manifest advances, and everything written has an id that the bus log alone decides; so a crash at any point leaves
 * nothing lost and nothing twice.
 */
export async function runPartition(topic: Topic, partition: number, deps: PartitionDeps): Promise<void> {
  const { bus, index, signal, metrics } = deps;
  const manifest = await persist(() => openManifest(index, topic, partition), deps);
  const { progress, epoch } = manifest;
  const store = createStateStore({ ...deps, name: `${topic}-${partition}`, epoch });
  let rulebook = deps.rulebook();
  const pipeline = startPipeline(
    { rulebook, correlation: deps.correlation, snapshot: progress.pipeline },
    await store.read(progress.state),
    deps.log,
  );
  deps.onStats(pipeline.correlationStats());
  const checkpoints = createCheckpoints({ ...deps, topic, partition, manifest, store, pipeline });
  let position: Position = progress;
  let written: Position = progress;
  const checkpoint = async (): Promise<void> => {
    await checkpoints.write(position);
    written = position;
  };

  while (!signal.aborted) {
    if (rulebook !== deps.rulebook()) {
      rulebook = deps.rulebook();
      pipeline.reload(rulebook);
    }
    const { offset } = position;
    const batch = await persist(() => bus.read(topic, partition, offset, BATCH_LIMIT), deps);
    const last = batch.at(-1);
    if (last === undefined) {
      if (position !== written && checkpoints.isDue(true)) await checkpoint();
      else await deps.idle();
      continue;
    }
    const startedAt = deps.clock.now();
    const outcome = pipeline.process(batch);
    const done = await writeOutcome(outcome, deps);
    position = advanced(position, last.offset + 1, outcome.clock);
    metrics.batch(outcome, done, (deps.clock.now() - startedAt) / 1000);
    deps.onStats(pipeline.correlationStats());
    if (checkpoints.isDue(false)) await checkpoint();
    const { offset: next } = position;
    await persist(async () => {
      await bus.commit(GROUP, topic, partition, next);
      metrics.lag(await bus.lag(GROUP, topic, partition));
    }, deps);
  }
  // So that the next start has nothing to repeat.
  if (position !== written) await checkpoint();
}

/** State that cannot be read, such as that of another version, is given up rather than all detection. */
function startPipeline(options: PipelineOptions, state: readonly StatePart[], log: Logger): Pipeline {
  try {
    return createPipeline({ ...options, correlation: { ...options.correlation, state } });
  } catch (error) {
    if (!(error instanceof StateRefused)) throw error;
    log.error('State of correlations cannot be read; what they had counted is lost.', {
      detail: error.message,
    });
    return createPipeline(options);
  }
}

/**
 * The position after a batch; a new hour notes where the batch began in which it was first seen, and hours out of keeping
 * are forgotten.
 */
function advanced(position: Position, offset: number, clock: number): Position {
  const start = Math.floor(clock / HOUR_MS) * HOUR_MS;
  const newest = position.hours.at(-1);
  if (newest !== undefined && start <= newest.start) return { offset, hours: position.hours };
  const kept = position.hours.filter((hour) => hour.start >= clock - BUS_KEEP_MS);
  return { offset, hours: [...kept, { start, offset: position.offset }] };
}
