import type { Bus, Topic } from '../platform/bus/port.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/errors/index.ts';
import type { Index, NewDocument } from '../platform/index/port.ts';
import type { Logger } from '../platform/log.ts';
import type { Rule } from '../sigma/index.ts';
import { openManifest, type Progress } from './manifest.ts';
import type { CorrelatorMetrics } from './metrics.ts';
import { createPipeline } from './pipeline.ts';
import { persist, writeOutcome, type WriterOptions } from './write.ts';

const BATCH_LIMIT = { messages: 2000, bytes: 8 * 1024 * 1024 } as const;
/** How long the bus keeps what has been processed, so that it can be replayed. */
const BUS_KEEP_MS = 7 * 24 * 3_600_000;

const HOUR_MS = 3_600_000;
const GROUP = 'correlator';

export interface PartitionDeps {
  readonly bus: Bus;
  readonly index: Index;
  readonly rules: readonly Rule[];
  readonly log: Logger;
  readonly metrics: CorrelatorMetrics;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Resolves when it is worth looking at the bus again. */
  readonly idle: () => Promise<void>;
  readonly onTrouble: (detail: string | undefined) => void;
}

/**
 * Processes one partition from where its manifest stands until stopped. Everything a batch makes is written before the
 * manifest advances, and everything written has an id that the bus log alone decides; so a crash at any point leaves
 * nothing lost and nothing twice.
 */
export async function runPartition(topic: Topic, partition: number, deps: PartitionDeps): Promise<void> {
  const { bus, index, signal, metrics } = deps;
  const writer: WriterOptions = deps;
  const manifest = await persist(() => openManifest(index, topic, partition), writer);
  let { progress } = manifest;
  const pipeline = createPipeline({
    rules: deps.rules,
    snapshot: progress.pipeline,
    onRuleFailure: ({ file, line }, error) => {
      deps.log.warn('A rule failed on an event, which goes on without it.', {
        code: 'rule_failed',
        at: `${file}:${line}`,
        detail: messageOf(error),
      });
    },
  });

  while (!signal.aborted) {
    const { offset } = progress;
    const batch = await persist(() => bus.read(topic, partition, offset, BATCH_LIMIT), writer);
    const last = batch.at(-1);
    if (last === undefined) {
      await deps.idle();
      continue;
    }
    const started = deps.clock.now();
    const outcome = pipeline.process(batch);
    const written = await writeOutcome(outcome, writer);
    await upsertSources(index, outcome.sources, writer);
    const next = advanced(progress, last.offset + 1, outcome.clock, pipeline.snapshot());
    await persist(() => manifest.advance(next), writer);
    const [oldest] = next.hours;
    const forget =
      oldest !== undefined && oldest.offset !== progress.hours[0]?.offset ? oldest.offset : undefined;
    progress = next;
    metrics.batch(outcome, written, (deps.clock.now() - started) / 1000);
    await persist(async () => {
      if (forget !== undefined) await bus.trim(topic, partition, forget);
      await bus.commit(GROUP, topic, partition, next.offset);
      metrics.lag(await bus.lag(GROUP, topic, partition));
    }, writer);
  }
}

/** Sources are counted in the manifest; their documents are copies for search, so the last writer may win. */
async function upsertSources(
  index: Index,
  documents: readonly NewDocument[],
  writer: WriterOptions,
): Promise<void> {
  if (documents.length === 0) return;
  await persist(async () => {
    const results = await index.create('sources', documents);
    const existing = documents.filter((_, i) => results[i]?.kind === 'exists');
    const stored = await index.get(
      'sources',
      existing.map(({ id }) => id),
    );
    await Promise.all(
      existing.map(async (document, i) => {
        const current = stored[i];
        if (current !== undefined) await index.replace('sources', { ...document, version: current.version });
      }),
    );
  }, writer);
}

/**
 * The state after a batch; a new hour notes where the batch began in which it was first seen, and hours out of keeping are
 * forgotten.
 */
function advanced(
  progress: Progress,
  offset: number,
  clock: number,
  pipeline: Progress['pipeline'],
): Progress {
  const start = Math.floor(clock / HOUR_MS) * HOUR_MS;
  const newest = progress.hours.at(-1);
  if (newest !== undefined && start <= newest.start) return { offset, hours: progress.hours, pipeline };
  const kept = progress.hours.filter((hour) => hour.start >= clock - BUS_KEEP_MS);
  return { offset, hours: [...kept, { start, offset: progress.offset }], pipeline };
}
