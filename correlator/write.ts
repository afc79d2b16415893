import type { CreateResult, NewDocument } from '../platform/index/port.ts';
import { timeOfId } from '../platform/ids.ts';
import { deadLetter } from './dead-letters.ts';
import { persist, type WriterOptions } from './persist.ts';
import type { Outcome } from './pipeline.ts';
import { writeRaised } from './write-raised.ts';

export interface Written {
  readonly created: { readonly events: number; readonly alerts: readonly NewDocument[] };
  readonly deadLetters: number;
}

/**
 * Writes a batch until the index has taken it, however long that takes: back-pressure, never loss. Documents that the
 * index refuses for good become dead letters. Rejects as `persist` does.
 */
export async function writeOutcome(outcome: Outcome, options: WriterOptions): Promise<Written> {
  const { index } = options;
  const rejected: NewDocument[] = [];
  const reject = (document: NewDocument, reason: string): void => {
    rejected.push(
      deadLetter({
        code: 'index_rejected',
        reason,
        agency: document.agency,
        original: JSON.stringify(document.body),
        at: timeOfId(document.id) ?? outcome.clock,
        subject: document.id,
      }),
    );
  };
  const create = async (
    collection: 'events' | 'alerts',
    documents: readonly NewDocument[],
  ): Promise<NewDocument[]> => {
    if (documents.length === 0) return [];
    const results = await persist(() => index.create(collection, documents), options);
    documents.forEach((document, i) => {
      const result: CreateResult | undefined = results[i];
      if (result?.kind === 'rejected') reject(document, result.reason);
    });
    return documents.filter((_, i) => results[i]?.kind === 'created');
  };
  const events = await create('events', outcome.events);
  const alerts = await create('alerts', outcome.alerts);
  // Behind the events, whose fields they carry.
  const raised = await writeRaised(outcome.raised, options);
  for (const { document, reason } of raised.refused) reject(document, reason);
  const letters = [...outcome.deadLetters, ...rejected];
  if (letters.length > 0) {
    const results = await persist(() => index.create('deadletters', letters), options);
    const lost = letters.filter((_, i) => results[i]?.kind === 'rejected').map(({ id }) => id);
    if (lost.length > 0)
      options.log.error('Dead letters were refused by the index and are lost.', { ids: lost });
  }
  const created = { events: events.length, alerts: [...alerts, ...raised.created] };
  return { created, deadLetters: letters.length };
}
