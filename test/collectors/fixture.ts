import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import type { Emit, InputDeps } from '../../collectors/input.ts';
import { createCollectorMetrics, type CollectorMetrics } from '../../collectors/metrics.ts';
import { Spool, type SpoolOptions } from '../../collectors/spool.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Hints, SpooledRecord } from '../../platform/record.ts';

/** A clock that stands still until it is turned. */
export class TestClock implements Clock {
  time = 1_700_000_000_000;
  now(): number {
    return this.time;
  }
}

export interface Logged {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps what was logged. */
export function memoryLog(): Logger & { readonly entries: Logged[] } {
  const entries: Logged[] = [];
  const at = (level: string) => (message: unknown, fields?: unknown) => {
    entries.push({ level, message: String(message), fields: (fields ?? {}) as Record<string, unknown> });
  };
  const log = { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug'), entries };
  return log as unknown as Logger & { readonly entries: Logged[] };
}

/** A temporary directory that is removed after the test. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'canh-collectors-'));
}

export function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

export interface Bench {
  readonly directory: string;
  readonly clock: TestClock;
  readonly log: ReturnType<typeof memoryLog>;
  readonly registry: Registry;
  readonly metrics: CollectorMetrics;
  /** Opens the spool of the directory with the next epoch. */
  spool(options?: Partial<SpoolOptions>): Spool;
  /** What an input is given, and the failures it told. */
  deps(spool: Spool, input: string): InputDeps & { readonly failures: unknown[] };
  emit(spool: Spool, input: string, hints?: Hints): Emit;
  dispose(): void;
}

/** Everything an input or the spool stands on, in a directory of its own. */
export function createBench(): Bench {
  const directory = temporaryDirectory();
  const clock = new TestClock();
  const log = memoryLog();
  const registry = new Registry();
  const metrics = createCollectorMetrics(registry);
  let epoch = 0;
  return {
    directory,
    clock,
    log,
    registry,
    metrics,
    spool: (options) => {
      epoch += 1;
      const path = join(directory, 'spool.db');
      return new Spool({
        path,
        collector: 'host',
        epoch: `e${String(epoch)}`,
        clock,
        log,
        retryMs: 5,
        ...options,
      });
    },
    deps: (spool, input) => {
      const failures: unknown[] = [];
      return {
        clock,
        log,
        metrics,
        cursors: () => spool.cursors(input),
        failed: (e) => failures.push(e),
        failures,
      };
    },
    emit: (spool, input, hints = {}) => {
      return async (batch) => {
        await spool.append(input, batch, hints);
      };
    },
    dispose: () => removeDirectory(directory),
  };
}

/** Every record of a spool, which stays as it is. */
export function recordsOf(spool: Spool): readonly SpooledRecord[] {
  return spool.read({ records: Infinity, bytes: Infinity })?.records ?? [];
}

/** The lines of a spool, with parts joined and bytes as latin1. */
export function linesOf(spool: Spool): readonly string[] {
  const lines: string[] = [];
  let held = '';
  for (const { line, part } of recordsOf(spool)) {
    held += typeof line === 'string' ? line : Buffer.from(line).toString('latin1');
    if (part !== undefined && !part.last) continue;
    lines.push(held);
    held = '';
  }
  return lines;
}

/** Resolves when `condition` holds; the test's own time-out ends it otherwise. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Seeded random numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
