import { once } from 'node:events';
import type { Command } from 'commander';
import type { Config } from '../../platform/config/schema.ts';
import { configOptions, readConfig, type ConfigOptions } from '../config-options.ts';
import type { Running } from '../stages.ts';

const IMPATIENCE_MS = 1000;
const EXIT_IMPATIENT = 130;

export function addUp(canh: Command): void {
  configOptions(canh.command('up'))
    .description('Run everything in one process: collector, correlator, API and console.')
    .addHelpText('after', '\nExample:\n  canh up --config canh.yaml --data /var/lib/canh')
    .action(async (options: ConfigOptions) => {
      await runUntilSignalled(readConfig(options), { demo: false });
    });
}

/** Starts all stages, says where the console is, and stops them in order at SIGINT or SIGTERM. */
export async function runUntilSignalled(
  config: Config,
  options: {
    readonly demo: boolean;
    readonly whenReady?: (running: Running, signal: AbortSignal) => Promise<void>;
  },
): Promise<void> {
  const stopping = new AbortController();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  // The launcher passes on what the terminal has told both already, so a signal may come twice at once; later it means
  // that somebody is tired of waiting.
  let told = Number.POSITIVE_INFINITY;
  const stop = (): void => {
    if (performance.now() - told > IMPATIENCE_MS) process.exit(EXIT_IMPATIENT);
    told = Math.min(told, performance.now());
    stopping.abort();
  };
  for (const signal of signals) process.on(signal, stop);
  const { startAll } = await import('../stages.ts');
  const running = await startAll(config, options);
  const { password } = running;
  process.stdout.write(`Canh is ready: ${running.url}\n`);
  if (password !== undefined) {
    process.stdout.write(
      `Sign in as "admin" with the password ${password}${options.demo ? '' : ' (shown this once; you choose your own next)'}\n`,
    );
  }
  const { signal } = stopping;
  const aborted = signal.aborted ? Promise.resolve() : once(signal, 'abort').then(() => undefined);
  const work = options.whenReady?.(running, signal);
  const failure = await Promise.race([running.failed, aborted]);
  stopping.abort();
  await work?.catch(() => undefined);
  await running.stop();
  if (failure !== undefined) throw failure;
}
