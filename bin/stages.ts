import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StageComponent } from '../api/index.ts';
import { systemClock } from '../platform/clock.ts';
import type { Config } from '../platform/config/schema.ts';
import { catalogue, CanhError, type ErrorCode } from '../platform/errors/index.ts';
import { openSqliteIndex } from '../platform/index/sqlite/index.ts';
import { createLogger } from '../platform/log.ts';
import { createRegistry, exposition, type MetricsSnapshot } from '../platform/metrics.ts';
import type { ComponentHealth } from '../platform/stage.ts';
import { dataDirectory, lockData } from './data-directory.ts';
import { packageRoot, ruleDirectories, version } from './package-root.ts';
import type { FromStage, StageStart, ThreadStage, ToStage } from './stage-protocol.ts';

/** Upstream first: so they are stopped. They start together. */
const stageOrder = ['collector', 'correlator'] as const;
const ANSWER_WAIT_MS = 2000;
const STOP_MS_MAX = 20_000;
const HEALTH_EVERY_MS = 1000;

/** A stage in a thread of its own, as the main thread sees it. */
interface StageThread {
  readonly name: ThreadStage;
  health(): Promise<readonly ComponentHealth[]>;
  metrics(): Promise<MetricsSnapshot>;
  /** Resolves with the reason when the thread ends by itself. */
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
}

export interface Running {
  readonly url: string;
  /** The administrator's, when this start made one. */
  readonly password: string | undefined;
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
}

/** Starts collector, correlator and API on one data directory, held by this process alone. */
export async function startAll(given: Config, options: { readonly demo: boolean }): Promise<Running> {
  const directory = dataDirectory(given.data);
  const lock = lockData(directory);
  const config = completed(given, directory.rules);
  const plainLog = process.stderr.isTTY;
  const log = createLogger({ level: config.log_level, plain: plainLog });
  const threads: StageThread[] = [];
  try {
    const starting = await Promise.allSettled([
      import('../api/index.ts'),
      ...stageOrder.map(async (stage) => threads.push(await startThread({ stage, config, plainLog }))),
    ]);
    for (const start of starting) if (start.status === 'rejected') throw start.reason;
    const { startApi } = await import('../api/index.ts');
    const registry = createRegistry({ processMetrics: true });
    const store = openSqliteIndex({ directory: directory.index });
    const watch = await watchHealth(threads);
    const api = await startApi(config, {
      store,
      log,
      registry,
      clock: systemClock,
      random: randomBytes,
      directory: directory.api,
      staticDirectory: join(packageRoot(), 'ui', 'dist'),
      version: version(),
      demo: options.demo,
      health: () => {
        const components = watch.components();
        return { ready: components.every(({ state }) => state !== 'failed'), components };
      },
      metrics: async () =>
        exposition([
          await registry.getMetricsAsJSON(),
          ...(await Promise.all(threads.map((thread) => thread.metrics()))),
        ]),
    });
    return {
      url: `http://${api.address.host}:${api.address.port}`,
      password: api.firstUser?.password,
      failed: Promise.race(threads.map((thread) => thread.failed)),
      stop: async () => {
        watch.stop();
        await api.stop();
        // Upstream first, so that what was read is also processed as far as it came.
        for (const thread of threads.toSorted(upstreamFirst)) await thread.stop();
        await store.close();
        lock.release();
      },
    };
  } catch (error) {
    await Promise.all(threads.map((thread) => thread.stop()));
    lock.release();
    throw error;
  }
}

function upstreamFirst(a: StageThread, b: StageThread): number {
  return stageOrder.indexOf(a.name) - stageOrder.indexOf(b.name);
}

/** Asks the threads how they are, now and every second; between two answers the last one stands. */
async function watchHealth(
  threads: readonly StageThread[],
): Promise<{ components(): readonly StageComponent[]; stop(): void }> {
  let components: readonly StageComponent[] = [];
  const look = async (): Promise<void> => {
    const answers = threads.map(async (thread) =>
      (await thread.health()).map((component) => ({ ...component, stage: thread.name })),
    );
    components = (await Promise.all(answers)).flat();
  };
  await look();
  const timer = setInterval(() => void look(), HEALTH_EVERY_MS);
  timer.unref();
  return { components: () => components, stop: () => clearInterval(timer) };
}

/** The configuration with what only this machine knows: the host's name, where rules lie. */
function completed(config: Config, imported: string): Config {
  // Made here, so that the first set that is imported is taken up without a restart.
  mkdirSync(imported, { recursive: true });
  const rules = [...ruleDirectories(config.rules), imported];
  const id =
    config.collector.id ??
    hostname()
      .replace(/[^\w.-]/g, '-')
      .slice(0, 128);
  return { ...config, rules, collector: { ...config.collector, id } };
}

async function startThread(start: StageStart): Promise<StageThread> {
  const file = import.meta.url.endsWith('.ts') ? './stage-thread.ts' : './stage-thread.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData: start });
  const waiting = new Map<number, (message: FromStage | undefined) => void>();
  let requests = 0;
  let stopping = false;
  const ready = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<Error>();
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  const fail = (error: Error): void => {
    ready.reject(error);
    failed.resolve(error);
  };
  worker.on('error', fail);
  worker.on('exit', () => {
    if (!stopping) fail(new CanhError('internal', `The ${start.stage} ended unexpectedly.`));
  });
  worker.on('message', (message: FromStage) => {
    if (message.kind === 'ready') ready.resolve();
    else if (message.kind === 'failed')
      fail(new CanhError(codeOf(message.code), `${start.stage}: ${message.message}`));
    else waiting.get(message.request)?.(message);
  });

  const ask = async (kind: 'health' | 'metrics'): Promise<FromStage | undefined> => {
    requests += 1;
    const request = requests;
    const answer = Promise.withResolvers<FromStage | undefined>();
    const timer = setTimeout(() => answer.resolve(undefined), ANSWER_WAIT_MS);
    waiting.set(request, answer.resolve);
    worker.postMessage({ kind, request } satisfies ToStage);
    const message = await answer.promise;
    clearTimeout(timer);
    waiting.delete(request);
    return message;
  };

  try {
    await ready.promise;
  } catch (error) {
    stopping = true;
    await worker.terminate();
    throw error;
  }
  return {
    name: start.stage,
    failed: failed.promise,
    health: async () => {
      const message = await ask('health');
      if (message?.kind === 'health') return message.components;
      return [
        { name: start.stage, state: 'degraded', detail: `Busy: no answer within ${ANSWER_WAIT_MS} ms.` },
      ];
    },
    metrics: async () => {
      const message = await ask('metrics');
      return message?.kind === 'metrics' ? message.snapshot : [];
    },
    stop: async () => {
      stopping = true;
      worker.postMessage({ kind: 'stop' } satisfies ToStage);
      // A stage that does not drain is cut off: everything that it has taken is on the disk.
      const cut = setTimeout(() => void worker.terminate(), STOP_MS_MAX);
      await exited;
      clearTimeout(cut);
    },
  };
}

function codeOf(code: string | undefined): ErrorCode {
  return code !== undefined && Object.hasOwn(catalogue, code) ? (code as ErrorCode) : 'internal';
}
