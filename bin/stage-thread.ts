import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteBus } from '../platform/bus/sqlite.ts';
import { systemClock } from '../platform/clock.ts';
import { CanhError, invariant, messageOf } from '../platform/errors/index.ts';
import { createLogger } from '../platform/log.ts';
import { createRegistry } from '../platform/metrics.ts';
import type { Stage } from '../platform/stage.ts';
import { dataDirectory } from './data-directory.ts';
import type { FromStage, StageStart, ToStage } from './stage-protocol.ts';

invariant(parentPort !== null, 'a stage thread has a parent');
const port = parentPort;
const { stage, config, plainLog } = workerData as StageStart;
const registry = createRegistry({ processMetrics: false });
const log = createLogger({ level: config.log_level, plain: plainLog });
const directory = dataDirectory(config.data);

function tell(message: FromStage): void {
  port.postMessage(message);
}

/** The stage with what it stands on; both end together. A thread loads the rooms of its own stage only. */
async function start(): Promise<Stage> {
  const bus = openSqliteBus(directory.bus);
  const deps = { bus, log, registry, clock: systemClock };
  switch (stage) {
    case 'collector': {
      const { startCollector } = await import('../collectors/index.ts');
      const epoch = randomBytes(8).toString('hex');
      const collector = await startCollector(config, { ...deps, epoch, directory: directory.collector });
      return closing(collector, () => bus.close());
    }
    case 'correlator': {
      const { startCorrelator } = await import('../correlator/index.ts');
      const { openSqliteIndex } = await import('../platform/index/sqlite/index.ts');
      const store = openSqliteIndex({ directory: directory.index });
      const correlator = await startCorrelator(config, {
        ...deps,
        store,
        ruleCache: directory.ruleCache,
      });
      return closing(correlator, async () => {
        await store.close();
        await bus.close();
      });
    }
  }
}

function closing(inner: Stage, close: () => Promise<void>): Stage {
  return {
    health: () => inner.health(),
    ...(inner.failed === undefined ? {} : { failed: inner.failed }),
    stop: async () => {
      await inner.stop();
      await close();
    },
  };
}

async function answer(running: Stage, message: ToStage): Promise<void> {
  switch (message.kind) {
    case 'health':
      tell({ kind: 'health', request: message.request, components: running.health() });
      return;
    case 'metrics':
      tell({ kind: 'metrics', request: message.request, snapshot: await registry.getMetricsAsJSON() });
      return;
    case 'stop':
      try {
        await running.stop();
      } finally {
        port.close();
      }
      return;
  }
}

function fail(error: unknown): void {
  tell({
    kind: 'failed',
    code: error instanceof CanhError ? error.code : undefined,
    message: messageOf(error),
  });
}

try {
  const running = await start();
  port.on('message', (message: ToStage) => {
    answer(running, message).catch(fail);
  });
  running.failed?.then(fail, fail);
  tell({ kind: 'ready' });
} catch (error) {
  fail(error);
}
