import { serialize } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Chunk } from './chunks.ts';
import { createScanner, type Carry, type ScanOptions, type ScanResult } from './scanner.ts';

/** One piece to scan. */
export interface Task {
  readonly id: number;
  readonly chunk: Chunk;
  /** The task behind whose piece this one stands; it was this lane's. Left out: the piece is scanned for itself. */
  readonly after?: number | undefined;
}

/** Scans pieces one after another. What is open behind a piece is kept until the task behind it, or `forget`. */
export interface Lane {
  scan(task: Task): Promise<ScanResult>;
  forget(id: number): void;
  close(): Promise<void>;
}

/** The part of a lane that does the work, in whichever thread. */
export function createScanning(options: ScanOptions): {
  scan(task: Task): ScanResult;
  forget(id: number): void;
} {
  const scanner = createScanner(options);
  const open = new Map<number, Carry>();
  return {
    scan: ({ id, chunk, after }) => {
      const before = after === undefined ? undefined : open.get(after);
      if (after !== undefined) open.delete(after);
      const { result, carry } = scanner.scan(chunk, before);
      // What was once in a row stays in it: the lines of its records are told from its beginning.
      if (!chunk.last && (result.pending > 0 || after !== undefined)) open.set(id, carry);
      return result;
    },
    forget: (id) => void open.delete(id),
  };
}

/** A lane in this thread. */
export function createLocalLane(options: ScanOptions): Lane {
  const scanning = createScanning(options);
  return {
    scan: (task) => Promise.resolve(scanning.scan(task)),
    forget: (id) => scanning.forget(id),
    close: () => Promise.resolve(),
  };
}

export type ToLane =
  { readonly kind: 'scan'; readonly task: Task } | { readonly kind: 'forget'; readonly id: number };

export interface FromLane {
  readonly id: number;
  readonly result: ScanResult;
}

/** What a thread is started with: the rule set in the form of `node:v8`, made once for all threads. */
export interface LaneStart {
  readonly options: Omit<ScanOptions, 'ruleSet'>;
  readonly ruleSet: SharedArrayBuffer;
}

/** Lanes in threads of their own. */
export function createLanes(count: number, { ruleSet, ...options }: ScanOptions): readonly Lane[] {
  const bytes = serialize(ruleSet);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  const start: LaneStart = { options, ruleSet: shared };
  return Array.from({ length: count }, () => createThreadLane(start));
}

function createThreadLane(start: LaneStart): Lane {
  const file = import.meta.url.endsWith('.ts') ? './lane-thread.ts' : './lane-thread.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData: start });
  const waiting = new Map<number, PromiseWithResolvers<ScanResult>>();
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
  };
  const tell = (message: ToLane): void => worker.postMessage(message);
  worker.on('message', ({ id, result }: FromLane) => {
    waiting.get(id)?.resolve(result);
    waiting.delete(id);
  });
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`a detection thread ended with code ${code}`)));
  return {
    scan: async (task) => {
      if (failure !== undefined) throw failure;
      const answer = Promise.withResolvers<ScanResult>();
      waiting.set(task.id, answer);
      tell({ kind: 'scan', task });
      return await answer.promise;
    },
    forget: (id) => tell({ kind: 'forget', id }),
    close: async () => {
      worker.removeAllListeners('exit');
      await worker.terminate();
    },
  };
}
