import { setTimeout as delay } from 'node:timers/promises';
import type { FileInputConfig } from '../../platform/config/schema.ts';
import { hintsOf, idPart, type Input, type InputDeps, type InputType } from '../input.ts';
import { defaultIntervals, Follower, type FollowIntervals } from './follower.ts';

/** Reads files as they grow. `intervals` are for tests. */
export function fileInput(intervals: FollowIntervals = defaultIntervals): InputType<FileInputConfig> {
  return {
    type: 'file',
    hints: (config) => hintsOf(config),
    // Only the first path, so that paths can be added without reading everything again.
    defaultId: (config) => `file-${idPart((config.paths[0] ?? '').replace(/^\/+/, ''))}`,
    create: (id, config, deps) => createFileInput(id, config, { deps, intervals }),
  };
}

function createFileInput(
  id: string,
  config: FileInputConfig,
  { deps, intervals }: { readonly deps: InputDeps; readonly intervals: FollowIntervals },
): Input {
  const stopping = new AbortController();
  let follower: Follower | undefined;
  let running: Promise<void> | undefined;

  const run = async (active: Follower): Promise<void> => {
    const { signal } = stopping;
    try {
      while (!signal.aborted) {
        const busy = await active.poll();
        if (!busy) await delay(intervals.pollMs, undefined, { signal }).catch(() => undefined);
      }
    } catch (error) {
      if (!signal.aborted) deps.failed(error);
    } finally {
      await active.close();
    }
  };

  const stop = async (): Promise<void> => {
    stopping.abort();
    follower?.interrupt();
    await running;
  };

  return {
    id,
    start: async (emit, signal) => {
      signal.addEventListener('abort', () => void stop());
      follower = new Follower({ id, config, deps, emit, intervals });
      running = run(follower);
    },
    stop,
    trouble: () => follower?.trouble(),
  };
}
