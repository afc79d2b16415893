import { randomUUID } from 'node:crypto';
import { CanhError, invariant } from '../platform/errors/index.ts';
import type { JsonObject } from '../platform/event.ts';
import type { Index, StoredDocument } from '../platform/index/port.ts';
import type { Topic } from '../platform/bus/port.ts';
import { snapshotToJson, type PipelineSnapshot } from './pipeline.ts';
import { noState, type StateReference } from './state.ts';

/** Where a partition's correlator stands: written after everything it stands for. */
export interface Progress {
  /** Next offset to read. */
  readonly offset: number;
  /** Where each hour of acceptance began on the bus, oldest first: what may be trimmed. */
  readonly hours: readonly { readonly start: number; readonly offset: number }[];
  readonly pipeline: PipelineSnapshot | undefined;
  /** Where the correlations' state lies. */
  readonly state: StateReference;
}

export interface Manifest {
  /** How it was found. */
  readonly progress: Progress;
  /** How often the partition was taken over, this time counted. */
  readonly epoch: number;
  /** Writes the next state if nobody else has; throws `index_conflict` when another correlator took the partition. */
  advance(progress: Progress): Promise<void>;
}

const beginning: Progress = { offset: 0, hours: [], pipeline: undefined, state: noState };

/**
 * Takes over the manifest of a partition, or makes its first one: from now on whoever had it before fails to advance.
 * Throws `index_conflict` when somebody else takes it over at the same moment.
 */
export async function openManifest(index: Index, topic: Topic, partition: number): Promise<Manifest> {
  const owner = randomUUID();
  const id = `${topic}-${partition}`;
  const read = async (): Promise<StoredDocument | undefined> => (await index.get('manifests', [id]))[0];
  if ((await read()) === undefined) {
    await index.create('manifests', [{ id, agency: '', time: 0, body: progressToJson(beginning, owner, 0) }]);
  }
  let stored = await read();
  if (stored === undefined)
    throw new CanhError('internal', 'The manifest that was just written is not there.');
  const epoch = epochOf(stored.body) + 1;

  const advance = async (progress: Progress): Promise<void> => {
    invariant(stored !== undefined, 'a manifest is never deleted');
    const next: StoredDocument = {
      ...stored,
      time: progress.pipeline?.clock ?? 0,
      body: progressToJson(progress, owner, epoch),
    };
    const outcome = await index.replace('manifests', next);
    stored = await read();
    // An answer that got lost makes this a second try, and then what is there is what was to be written.
    if (outcome === 'conflict' && JSON.stringify(stored?.body) !== JSON.stringify(next.body)) {
      throw new CanhError('index_conflict', 'Another correlator has taken over this partition.');
    }
  };
  const progress = progressFromJson(stored.body);
  await advance(progress);
  return { progress, epoch, advance };
}

function progressToJson(progress: Progress, owner: string, epoch: number): JsonObject {
  return {
    owner,
    epoch,
    offset: progress.offset,
    hours: progress.hours.map(({ start, offset }) => ({ start, offset })),
    ...(progress.pipeline === undefined ? {} : { pipeline: snapshotToJson(progress.pipeline) }),
    state: { generation: progress.state.generation, parts: { ...progress.state.parts } },
  };
}

function progressFromJson(body: JsonObject): Progress {
  // A manifest that was written before there were correlations has no state.
  const wire = body as unknown as {
    readonly offset: number;
    readonly hours: Progress['hours'];
    readonly pipeline?: PipelineSnapshot;
    readonly state?: StateReference;
  };
  return { offset: wire.offset, hours: wire.hours, pipeline: wire.pipeline, state: wire.state ?? noState };
}

function epochOf(body: JsonObject): number {
  return typeof body['epoch'] === 'number' ? body['epoch'] : 0;
}
