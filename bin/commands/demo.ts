import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { demoConfig } from '../../demo/config.ts';
import { playDemo } from '../../demo/main.ts';
import { CanhError } from '../../platform/errors/index.ts';
import { configSchema } from '../../platform/config/schema.ts';
import { runUntilSignalled } from './up.ts';

interface DemoOptions {
  readonly speed: string;
  readonly listen?: string;
  readonly data?: string;
}

const SPEED_DEFAULT = 30;

export function addDemo(canh: Command): void {
  canh
    .command('demo')
    .description('Start everything on a temporary folder and play an hour of a city through the real inputs.')
    .option('--speed <factor>', 'how many times faster than life', String(SPEED_DEFAULT))
    .option('--listen <address>', 'address of the console')
    .option('-d, --data <dir>', 'keep the state here instead of in a temporary folder')
    .addHelpText('after', '\nExample:\n  canh demo --speed 60')
    .action(async (options: DemoOptions) => {
      const speed = Number(options.speed);
      if (!(speed > 0)) throw new CanhError('usage', '--speed must be a number above 0.');
      const directory = options.data ?? mkdtempSync(join(tmpdir(), 'canh-demo-'));
      const config = configSchema.parse({
        ...demoConfig(join(directory, 'logs')),
        data: join(directory, 'data'),
        ...(options.listen === undefined ? {} : { listen: options.listen }),
      });
      try {
        await runUntilSignalled(config, {
          demo: true,
          whenReady: (_running, signal) =>
            playDemo({
              directory: join(directory, 'logs'),
              speed,
              signal,
              out: (line) => process.stdout.write(`${line}\n`),
            }),
        });
      } finally {
        if (options.data === undefined) rmSync(directory, { recursive: true, force: true });
      }
    });
}
