import { setTimeout as wait } from 'node:timers/promises';
import { systemClock, type Clock } from '../platform/clock.ts';
import { syslogPortOf } from './config.ts';
import { HOUR, logs, scenario, type LogName, type Step } from './scenario/index.ts';
import { openSink, type Sink } from './sinks.ts';

export interface DemoOptions {
  /** Where the hosts of the demo write their files; `demoConfig` names the same. */
  readonly directory: string;
  /** How many times faster than life. */
  readonly speed: number;
  readonly signal: AbortSignal;
  /** Told what is going on, a sentence at a time. */
  readonly out: (line: string) => void;
  readonly syslogPort?: number;
  readonly clock?: Clock;
  readonly seed?: number;
}

/** Lines are written in bundles of so much wall time. */
const BEAT_MS = 100;
const SEED = 2026;

/**
 * Plays the hour, compressed, through files and a socket. The lines carry the times of the hour that ends when the
 * play ends, so they look natural and never lie in the future. Resolves at the end, or when the signal aborts.
 */
export async function playDemo(options: DemoOptions): Promise<void> {
  const { speed, signal, out, clock = systemClock, seed = SEED } = options;
  const begun = clock.now();
  const start = begun + HOUR / speed - HOUR;
  const steps = scenario({ seed, start });
  const sinks = new Map<LogName, Sink>();
  for (const log of logs) {
    const { directory, syslogPort = syslogPortOf(directory) } = options;
    sinks.set(log, openSink(log, { directory, syslogPort, signal, out }));
  }
  out(`An hour of a city begins, ${speed} times as fast as life.`);
  try {
    for (let next = 0; next < steps.length && !signal.aborted;) {
      const due = (clock.now() - begun) * speed;
      const end = firstAfter(steps, next, due);
      await perform(steps.slice(next, end), sinks, out);
      next = end;
      await wait(BEAT_MS, undefined, { signal }).catch(() => undefined);
    }
    if (!signal.aborted) out('The hour is over. The console stays open until you stop it.');
  } finally {
    await Promise.all([...sinks.values()].map((sink) => sink.close()));
  }
}

/** Index of the first step from `from` on that is not due yet. */
function firstAfter(steps: readonly Step[], from: number, due: number): number {
  let index = from;
  while ((steps[index]?.atMs ?? Infinity) <= due) index += 1;
  return index;
}

async function perform(
  steps: readonly Step[],
  sinks: ReadonlyMap<LogName, Sink>,
  out: DemoOptions['out'],
): Promise<void> {
  const waiting = new Map<LogName, string[]>();
  const flush = async (): Promise<void> => {
    await Promise.all([...waiting].map(async ([log, lines]) => sinks.get(log)?.write(lines)));
    waiting.clear();
  };
  for (const step of steps) {
    switch (step.kind) {
      case 'line': {
        const lines = waiting.get(step.log);
        if (lines === undefined) waiting.set(step.log, [step.text]);
        else lines.push(step.text);
        break;
      }
      case 'rotate':
        await flush();
        await sinks.get(step.log)?.rotate();
        break;
      case 'notice':
        out(`${clockOf(step.atMs)}  ${step.text}`);
        break;
    }
  }
  await flush();
}

/** Minutes and seconds since the hour began. */
function clockOf(atMs: number): string {
  const seconds = Math.floor(atMs / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
