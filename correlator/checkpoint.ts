import type { Bus, Topic } from '../platform/bus/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { Index, NewDocument } from '../platform/index/port.ts';
import type { Manifest, Progress } from './manifest.ts';
import { persist, type WriterOptions } from './persist.ts';
import type { Pipeline } from './pipeline.ts';
import type { StateReference, StateStore } from './state.ts';

/** Least time between two checkpoints of a partition that is never idle. */
const EVERY_MS = 1000;
/** A checkpoint waits so many times as long as the last one took: writing state takes a tenth of the time at most. */
const COST_FACTOR = 9;

export interface CheckpointOptions extends WriterOptions {
  readonly bus: Bus;
  readonly topic: Topic;
  readonly partition: number;
  readonly manifest: Manifest;
  readonly store: StateStore;
  readonly pipeline: Pipeline;
  readonly clock: Clock;
}

/** Progress since the manifest, which is what a crash repeats. */
export type Position = Pick<Progress, 'offset' | 'hours'>;

export interface Checkpoints {
  /** Whether it is time for one; `idle`: there is nothing else to do. */
  isDue(idle: boolean): boolean;
  /** Writes sources and state, then the manifest, then lets the bus forget what is out of keeping. */
  write(position: Position): Promise<void>;
}

/**
 * Everything that a batch makes is written before the next batch; the manifest follows some batches behind. After a crash
 * those batches are processed again, from the state that the manifest names, and write what is there already.
 */
export function createCheckpoints(options: CheckpointOptions): Checkpoints {
  const { bus, topic, partition, manifest, store, pipeline, clock } = options;
  let state: StateReference = manifest.progress.state;
  let oldest = manifest.progress.hours[0]?.offset;
  let endedAt = clock.now();
  let tookMs = 0;

  return {
    isDue: (idle) => clock.now() - endedAt >= Math.max(idle ? 0 : EVERY_MS, COST_FACTOR * tookMs),
    write: async ({ offset, hours }) => {
      const startedAt = clock.now();
      await writeSources(options.index, pipeline.changedSources(), options);
      state = await store.write(state, pipeline.changedState());
      const progress = { offset, hours, pipeline: pipeline.snapshot(), state };
      await persist(() => manifest.advance(progress), options);
      const first = hours[0]?.offset;
      if (first !== undefined && first !== oldest) {
        await persist(() => bus.trim(topic, partition, first), options);
      }
      oldest = first;
      endedAt = clock.now();
      tookMs = endedAt - startedAt;
    },
  };
}

/** Sources are counted in the manifest; their documents are copies for search, so the last writer may win. */
async function writeSources(
  index: Index,
  documents: readonly NewDocument[],
  options: WriterOptions,
): Promise<void> {
  if (documents.length === 0) return;
  await persist(async () => {
    const results = await index.create('sources', documents);
    const existing = documents.filter((_, i) => results[i]?.kind === 'exists');
    const ids = existing.map(({ id }) => id);
    const stored = await index.get('sources', ids);
    const next = existing.flatMap((document, i) => {
      const current = stored[i];
      return current === undefined ? [] : [{ ...document, version: current.version }];
    });
    await index.replaceEach('sources', next);
  }, options);
}
