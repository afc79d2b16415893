import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config/schema.ts';
import { messageOf } from '../platform/errors/index.ts';
import type { IndexStore } from '../platform/index/port.ts';
import type { Logger } from '../platform/log.ts';

const DAY_MS = 24 * 3_600_000;
const EVERY_MS = 3_600_000;

export interface RetentionDeps {
  readonly store: IndexStore;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Drops days that are out of keeping: now, and every hour. Alerts and dead letters are kept as long as the archive. */
export function startRetention(retention: Config['retention'], deps: RetentionDeps): { stop(): void } {
  const run = (): void => {
    expireOnce(retention, deps).catch((error: unknown) => {
      deps.log.warn('Old days could not be dropped; tried again in an hour.', { detail: messageOf(error) });
    });
  };
  run();
  const timer = setInterval(run, EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** One round of retention; resolves with the names of what was dropped. */
export async function expireOnce(
  retention: Config['retention'],
  deps: RetentionDeps,
): Promise<readonly string[]> {
  const now = deps.clock.now();
  const keepDays = Math.max(retention.archive_days, retention.hot_days);
  const dropped = [
    ...(await deps.store.expire('events', now - retention.hot_days * DAY_MS)),
    ...(await deps.store.expire('alerts', now - keepDays * DAY_MS)),
    ...(await deps.store.expire('deadletters', now - keepDays * DAY_MS)),
  ];
  if (dropped.length > 0) deps.log.info('Days out of keeping were dropped.', { dropped });
  return dropped;
}
