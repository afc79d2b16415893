import { setTimeout as wait } from 'node:timers/promises';
import type { CreateResult, Index, NewDocument } from '../platform/index/port.ts';
import { CanhError, messageOf, type ErrorCode } from '../platform/errors/index.ts';
import { timeOfId } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import { deadLetter } from './dead-letters.ts';
import type { Outcome } from './pipeline.ts';

const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 5000;

const hopeless: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['index_conflict', 'index_rejected']);

export interface Written {
  readonly created: { readonly events: number; readonly alerts: readonly NewDocument[] };
  readonly deadLetters: number;
}

export interface WriterOptions {
  readonly index: Index;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Told while bus or index are in trouble, and with undefined when it does again. */
  readonly onTrouble: (detail: string | undefined) => void;
}

/**
 * Writes a batch until the index has taken it, however long that takes: back-pressure, never loss. Documents that the
 * index refuses for good become dead letters. Rejects as `persist` does.
 */
export async function writeOutcome(outcome: Outcome, options: WriterOptions): Promise<Written> {
  const { index } = options;
  const rejected: NewDocument[] = [];
  const create = async (
    collection: 'events' | 'alerts',
    documents: readonly NewDocument[],
  ): Promise<NewDocument[]> => {
    if (documents.length === 0) return [];
    const results = await persist(() => index.create(collection, documents), options);
    documents.forEach((document, i) => {
      const result: CreateResult | undefined = results[i];
      if (result?.kind !== 'rejected') return;
      rejected.push(
        deadLetter({
          code: 'index_rejected',
          reason: result.reason,
          agency: document.agency,
          original: JSON.stringify(document.body),
          at: timeOfId(document.id) ?? outcome.clock,
          subject: document.id,
        }),
      );
    });
    return documents.filter((_, i) => results[i]?.kind === 'created');
  };
  const events = await create('events', outcome.events);
  const alerts = await create('alerts', outcome.alerts);
  const letters = [...outcome.deadLetters, ...rejected];
  if (letters.length > 0) {
    const results = await persist(() => index.create('deadletters', letters), options);
    const lost = letters.filter((_, i) => results[i]?.kind === 'rejected').map(({ id }) => id);
    if (lost.length > 0)
      options.log.error('Dead letters were refused by the index and are lost.', { ids: lost });
  }
  return { created: { events: events.length, alerts }, deadLetters: letters.length };
}

/**
 * Tries `work` until it succeeds, waiting longer each time. Rejects with `index_conflict` and `index_rejected`, and when
 * stopped.
 */
export async function persist<T>(work: () => Promise<T>, options: Omit<WriterOptions, 'index'>): Promise<T> {
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
