import type { JsonObject } from '../platform/event.ts';
import type { CreateResult, NewDocument, StoredDocument } from '../platform/index/port.ts';
import { CANH, transitionDocument, transitionId } from '../platform/transition.ts';
import { persist, type WriterOptions } from './persist.ts';
import { completed, type Raised } from './raised.ts';

/** Alerts written in one call. */
const CHUNK_MAX = 500;
/** What people decide about an alert, and the copy of it that searches find: never the correlator's to change. */
const peoplesFields = ['state', 'verdict', 'assignee', 'transitions'] as const;

export interface WrittenRaised {
  readonly created: readonly NewDocument[];
  /** What the index refuses for good, each with its reason. */
  readonly refused: readonly { readonly document: NewDocument; readonly reason: string }[];
}

/**
 * Writes the alerts of correlations: creates those that are not there, and replaces those that are by a higher revision
 * only; what people did to an alert stays as it is. The events of the batch must have been written.
 */
export async function writeRaised(raised: readonly Raised[], options: WriterOptions): Promise<WrittenRaised> {
  const latest = [...new Map(raised.map((each) => [each.alert.id, each])).values()];
  const created: NewDocument[] = [];
  const refused: WrittenRaised['refused'][number][] = [];
  for (let at = 0; at < latest.length; at += CHUNK_MAX) {
    const chunk = latest.slice(at, at + CHUNK_MAX);
    // A transition counts before its copy in the alert does.
    const closed = await closeDuplicates(chunk, options);
    const documents = (await completeAll(chunk, options)).map((document) =>
      closed.has(document.id) ? { ...document, body: asDuplicate(document.body) } : document,
    );
    const results: readonly CreateResult[] = await persist(
      () => options.index.create('alerts', documents),
      options,
    );
    for (const [i, document] of documents.entries()) {
      const result = results[i];
      if (result?.kind === 'created') created.push(document);
      if (result?.kind === 'rejected') refused.push({ document, reason: result.reason });
    }
    await replaceOlder(
      documents.filter((_, i) => results[i]?.kind === 'exists'),
      options,
    );
  }
  return { created, refused };
}

/** The alerts with the fields of their events, as far as those are still kept. */
async function completeAll(
  raised: readonly Raised[],
  options: WriterOptions,
): Promise<readonly NewDocument[]> {
  const ids = [...new Set(raised.map(({ event }) => event))];
  const found = await persist(() => options.index.get('events', ids), options);
  const events = new Map(ids.map((id, i) => [id, found[i]?.body]));
  return raised.map((each) => completed(each, events.get(each.event)));
}

/**
 * Closes the duplicates among them that nobody has touched, by a first transition of our own; resolves with the ids of
 * those whose first transition is that one.
 */
async function closeDuplicates(
  raised: readonly Raised[],
  options: WriterOptions,
): Promise<ReadonlySet<string>> {
  const duplicates = raised.filter(({ duplicate }) => duplicate);
  if (duplicates.length === 0) return new Set();
  const transitions = duplicates.map(({ alert, clock }) =>
    transitionDocument(alert, {
      n: 1,
      at: new Date(clock).toISOString(),
      by: CANH,
      from: 'new',
      to: 'closed',
      verdict: 'duplicate',
      note: null,
    }),
  );
  await persist(() => options.index.create('transitions', transitions), options);
  const ids = duplicates.map(({ alert }) => transitionId(alert.id, 1));
  const first = await persist(() => options.index.get('transitions', ids), options);
  return new Set(duplicates.filter((_, i) => first[i]?.body['by'] === CANH).map(({ alert }) => alert.id));
}

function asDuplicate(body: JsonObject): JsonObject {
  return { ...body, canh: { ...canhOf(body), state: 'closed', verdict: 'duplicate', transitions: 1 } };
}

async function replaceOlder(documents: readonly NewDocument[], options: WriterOptions): Promise<void> {
  const { index } = options;
  let pending = documents;
  while (pending.length > 0) {
    const ids = pending.map(({ id }) => id);
    const stored = await persist(() => index.get('alerts', ids), options);
    const next = pending.flatMap((document, i) => newer(document, stored[i]) ?? []);
    if (next.length === 0) return;
    const results = await persist(() => index.replaceEach('alerts', next), options);
    // Somebody changed these meanwhile: what is to be kept of them has to be read again.
    const again = new Set(next.filter((_, i) => results[i]?.kind === 'conflict').map(({ id }) => id));
    pending = pending.filter(({ id }) => again.has(id));
  }
}

/** The stored alert with the correlator's fields as `document` has them; undefined where it is as far already. */
function newer(document: NewDocument, stored: StoredDocument | undefined): StoredDocument | undefined {
  if (stored === undefined) return undefined;
  const ours = canhOf(document.body);
  const theirs = canhOf(stored.body);
  const closes = numberOf(ours['transitions']) > numberOf(theirs['transitions']);
  if (numberOf(theirs['revision']) >= numberOf(ours['revision']) && !closes) return undefined;
  const kept = closes ? [] : peoplesFields.filter((name) => theirs[name] !== undefined);
  const people = Object.fromEntries(kept.map((name) => [name, theirs[name] ?? null]));
  return { ...document, version: stored.version, body: { ...document.body, canh: { ...ours, ...people } } };
}

function canhOf(body: JsonObject): JsonObject {
  const canh = body['canh'];
  return typeof canh === 'object' && canh !== null && !Array.isArray(canh) ? (canh as JsonObject) : {};
}

function numberOf(value: JsonObject[string] | undefined): number {
  return typeof value === 'number' ? value : 0;
}
