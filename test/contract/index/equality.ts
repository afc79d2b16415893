import { expect } from 'chai';
import fc from 'fast-check';
import { socTenant, type Aggregation, type Index, type Tenant } from '../../../platform/index/port.ts';
import { formatQuery, matchesQuery, type Query } from '../../../platform/query/index.ts';
import { alertBody, alertDocumentOf, alertQuery, fields } from './alert-fields.ts';
import { documentOf, NOON, write, type Subject } from './documents.ts';
import { body, query } from './random.ts';

const DOCUMENTS = 60;
const RUNS = 150;
const SEED = 20_261_123;

/** Random documents and queries: an index finds exactly what `matchesQuery` says. */
export function describeEquality(subject: Subject): void {
  it('finds exactly what the reference matcher says, for random documents and queries', async () => {
    const documents = fc
      .sample(body, { numRuns: DOCUMENTS, seed: SEED })
      .map((random, n) => documentOf(`e${n}`, random, { time: NOON + n }));
    await write(subject.current.store, documents);
    const index = subject.current.store.bind(socTenant);
    const check = async (random: Query): Promise<void> => {
      const expected = documents.filter((document) => matchesQuery(random, document.body));
      const found = await index.search('events', { query: random, size: 1000, countTotal: true });
      const names = found.documents.map(({ body: { name } }) => name).toReversed();
      expect(names, formatQuery(random)).to.deep.equal(expected.map(({ body: { name } }) => name));
    };
    await fc.assert(fc.asyncProperty(query, check), { numRuns: RUNS });
  });

  it('answers about alerts as about events, whatever an index keeps apart of them', async () => {
    const { store } = subject.current;
    const sample = fc.sample(alertBody, { numRuns: 2 * DOCUMENTS, seed: SEED });
    const documents = sample.slice(0, DOCUMENTS).map(alertDocumentOf);
    for (const collection of ['events', 'alerts'] as const) {
      await write(store, documents, collection);
      // Every second one is changed after it was created.
      const stored = await store.bind(socTenant).get(
        collection,
        documents.filter((_, n) => n % 2 === 0).map(({ id }) => id),
      );
      for (const [n, document] of stored.entries()) {
        if (document === undefined) throw new Error('the document is missing');
        const changed = { ...sample[DOCUMENTS + n], name: `changed ${n}` };
        await store.bind(socTenant).replace(collection, { ...document, body: changed });
      }
    }
    await store.refresh();
    const tenants: readonly Tenant[] = [socTenant, { kind: 'agency', agency: 'a1' }];
    const check = async (random: Query, field: (typeof fields)[number], tenant: Tenant): Promise<void> => {
      const index = store.bind(tenant);
      const [events, alerts] = [
        await answers(index, 'events', random, field),
        await answers(index, 'alerts', random, field),
      ];
      expect(alerts, formatQuery(random)).to.deep.equal(events);
    };
    const inputs = [alertQuery, fc.constantFrom(...fields), fc.constantFrom(...tenants)] as const;
    await fc.assert(fc.asyncProperty(...inputs, check), { numRuns: RUNS });
  });
}

async function answers(index: Index, collection: 'events' | 'alerts', asked: Query, field: string) {
  const counted: Readonly<Record<string, Aggregation>> = {
    terms: { kind: 'terms', field, size: 3 },
    sum: { kind: 'sum', field },
    values: { kind: 'cardinality', field },
  };
  const sort = { field, order: 'asc' as const };
  const first = await index.search(collection, { query: asked, size: 7, sort, countTotal: true });
  const cursor = first.next;
  return {
    aggregations: await index.aggregate(collection, { query: asked, aggregations: counted }),
    documents: first.documents,
    total: first.total,
    page: first.next !== undefined,
    newest: await index.search(collection, { query: asked, size: 1000 }),
    ...(cursor === undefined
      ? {}
      : { rest: (await index.search(collection, { query: asked, size: 900, sort, cursor })).documents }),
  };
}
