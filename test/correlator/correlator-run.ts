import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { startCorrelator } from '../../correlator/index.ts';
import type { Bus } from '../../platform/bus/port.ts';
import { openSqliteBus } from '../../platform/bus/sqlite.ts';
import { configSchema, type Config } from '../../platform/config/schema.ts';
import {
  socTenant,
  type Collection,
  type IndexStore,
  type StoredDocument,
} from '../../platform/index/port.ts';
import { openSqliteIndex } from '../../platform/index/sqlite/index.ts';
import { createLogger, type Logger } from '../../platform/log.ts';
import { createRegistry } from '../../platform/metrics.ts';
import { matchAll } from '../../platform/query/ast.ts';
import type { Stage } from '../../platform/stage.ts';
import { START } from './ssh.ts';

const LOOK_MS = 20;
const RULES_LOOK_MS = 20;

/** What correlations are configured with where nothing is said. */
export const { correlation } = configSchema.parse({});

/** Waits until a condition holds. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await wait(LOOK_MS);
}

/** A correlator over a real bus and a real index in a directory of its own. */
export interface CorrelatorRun {
  readonly bus: Bus;
  readonly store: IndexStore;
  /** Writes a rule file. */
  rules(name: string, text: string): void;
  start(config?: Partial<Config['correlation']>): Promise<Stage>;
  send(...values: readonly string[]): Promise<void>;
  /** Resolves when everything sent is processed and its checkpoint written. */
  settle(): Promise<void>;
  all(collection: Collection): Promise<readonly StoredDocument[]>;
  /** Metrics of the last start. */
  readonly registry: () => Registry;
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
  remove(): Promise<void>;
}

export function correlatorRun(): CorrelatorRun {
  const directory = mkdtempSync(join(tmpdir(), 'canh-correlation-'));
  mkdirSync(join(directory, 'rules'));
  const bus = openSqliteBus(join(directory, 'bus.db'));
  const store = openSqliteIndex({ directory: join(directory, 'index') });
  const stages: Stage[] = [];
  const warnings: string[] = [];
  const errors: string[] = [];
  let registry = createRegistry({ processMetrics: false });
  const log: Logger = Object.assign(createLogger({ level: 'error', plain: true }), {
    warn: (message: string) => void warnings.push(message),
    error: (message: string) => void errors.push(message),
  });
  let sent = 0;
  return {
    bus,
    store,
    warnings,
    errors,
    registry: () => registry,
    rules: (name, text) => writeFileSync(join(directory, 'rules', name), text),
    start: async (config = {}) => {
      registry = createRegistry({ processMetrics: false });
      const stage = await startCorrelator(
        {
          rules: [join(directory, 'rules')],
          retention: { hot_days: 36_500, archive_days: 36_500 },
          correlation: { ...correlation, ...config },
        },
        { bus, store, log, registry, clock: { now: () => START }, rulesLookMs: RULES_LOOK_MS },
      );
      stages.push(stage);
      return stage;
    },
    send: async (...values) => {
      sent = await bus.append(
        'canh.records',
        0,
        values.map((value) => ({ key: 'soc', value })),
      );
    },
    settle: async () => {
      await until(async () => {
        const [manifest] = await store.bind(socTenant).get('manifests', ['canh.records-0']);
        return Number(manifest?.body['offset']) > sent;
      });
    },
    all: async (collection) =>
      (await store.bind(socTenant).search(collection, { query: matchAll, size: 1000 })).documents,
    remove: async () => {
      for (const stage of stages) await stage.stop();
      await store.close();
      await bus.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
