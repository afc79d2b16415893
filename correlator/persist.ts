import { setTimeout as wait } from 'node:timers/promises';
import { CanhError, messageOf, type ErrorCode } from '../platform/errors/index.ts';
import type { Index } from '../platform/index/port.ts';
import type { Logger } from '../platform/log.ts';

const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 5000;

const hopeless: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['index_conflict', 'index_rejected']);

export interface PersistOptions {
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Told while bus or index are in trouble, and with undefined when it does again. */
  readonly onTrouble: (detail: string | undefined) => void;
}

export interface WriterOptions extends PersistOptions {
  readonly index: Index;
}

/**
 * Tries `work` until it succeeds, waiting longer each time. Rejects with `index_conflict` and `index_rejected`, and when
 * stopped.
 */
export async function persist<T>(work: () => Promise<T>, options: PersistOptions): Promise<T> {
  let delayMs = RETRY_FIRST_MS;
  for (;;) {
    try {
      const result = await work();
      if (delayMs > RETRY_FIRST_MS) options.onTrouble(undefined);
      return result;
    } catch (error) {
      // Somebody else owns the partition, or the index will never take it: trying again would not help.
      if (error instanceof CanhError && hopeless.has(error.code)) throw error;
      const detail = messageOf(error);
      options.onTrouble(detail);
      options.log.warn('Bus or index does not answer as it should; the correlator waits and tries again.', {
        code: error instanceof CanhError ? error.code : 'internal',
        detail,
      });
    }
    await wait(delayMs, undefined, { signal: options.signal });
    delayMs = Math.min(delayMs * 2, RETRY_MAX_MS);
  }
}
