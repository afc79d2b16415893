import type { Readable } from 'node:stream';
import type { StdinInputConfig } from '../platform/config/schema.ts';
import { hintsOf, type InputType, type Line } from './input.ts';
import { cutPosition, LINE_TOTAL_BYTES_MAX, splitLines, toLine } from './lines.ts';

const LF = 0x0a;

/** Reads lines from a stream until it ends; the stream is read only as fast as its lines become durable. */
export function stdinInput(stream: Readable): InputType<StdinInputConfig> {
  return {
    type: 'stdin',
    hints: (config) => hintsOf(config),
    defaultId: () => 'stdin',
    create: (id, _config, deps) => {
      const stopping = new AbortController();
      let running: Promise<void> | undefined;
      const run = async (take: (lines: readonly Line[]) => Promise<void>): Promise<void> => {
        let held: Buffer = Buffer.alloc(0);
        for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
          held = Buffer.concat([held, Buffer.from(chunk as Uint8Array)]);
          const end = held.length < LINE_TOTAL_BYTES_MAX ? held.lastIndexOf(LF) + 1 : completeEnd(held);
          if (end > 0) await take(splitLines(held.subarray(0, end)));
          held = held.subarray(end);
          if (stopping.signal.aborted) break;
        }
        if (held.length > 0) await take([toLine(held)]);
      };
      return {
        id,
        start: async (emit) => {
          running = run(async (lines) => await emit({ lines })).catch((error: unknown) => {
            if (!stopping.signal.aborted) deps.failed(error);
          });
        },
        // A stream that nobody writes to would never let the loop see the signal.
        stop: async () => {
          stopping.abort();
          await Promise.race([running, new Promise((resolve) => setImmediate(resolve))]);
        },
        trouble: () => undefined,
      };
    },
  };
}

/** Where a line ends or, in a line too long for one, where it is cut. */
function completeEnd(held: Buffer): number {
  const end = held.lastIndexOf(LF) + 1;
  return end > 0 ? end : cutPosition(held, LINE_TOTAL_BYTES_MAX);
}
