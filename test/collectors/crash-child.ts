// Reads one file into a spool until it has read all of it. Killed and started again by the crash test.
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { Follower, defaultIntervals } from '../../collectors/file/follower.ts';
import { createCollectorMetrics } from '../../collectors/metrics.ts';
import { Spool } from '../../collectors/spool.ts';
import { systemClock } from '../../platform/clock.ts';
import { memoryLog } from './fixture.ts';

const [directory = '', epoch = ''] = process.argv.slice(2);
const log = memoryLog();
const metrics = createCollectorMetrics(new Registry());
const spool = new Spool({
  path: join(directory, 'spool.db'),
  collector: 'host',
  epoch,
  clock: systemClock,
  log,
});
const follower = new Follower({
  id: 'f',
  config: { type: 'file', paths: [join(directory, '*.log')], exclude: [] },
  deps: { clock: systemClock, log, metrics, cursors: () => spool.cursors('f'), failed: () => undefined },
  emit: async (batch) => {
    // Many small transactions, so that a kill meets every state between two of them.
    const half = Math.ceil(batch.lines.length / 2);
    await Promise.all([
      spool.append('other', { lines: [`mark ${String(half)}`] }, {}),
      spool.append('f', batch, {}),
    ]);
  },
  intervals: defaultIntervals,
});
process.stdout.write('started\n');
while (await follower.poll());
process.stdout.write('done\n');
await follower.close();
await spool.close();
