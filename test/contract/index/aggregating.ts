import { expect } from 'chai';
import { socTenant, type Aggregation } from '../../../platform/index/port.ts';
import { matchAll, parseQuery } from '../../../platform/query/index.ts';
import { DAY, documentOf, HOUR, NOON, write, type Subject } from './documents.ts';

export function describeAggregating(subject: Subject): void {
  const soc = () => subject.current.store.bind(socTenant);
  const one = async (aggregation: Aggregation, query = '*') => {
    const aggregations = { it: aggregation };
    return (await soc().aggregate('events', { query: parseQuery(query), aggregations }))['it'];
  };

  describe('aggregate', () => {
    beforeEach(async () => {
      await write(subject.current.store, [
        documentOf('a', { h: 'x', n: 1, tags: ['p', 'q', 'p'] }),
        documentOf('b', { h: 'y', n: 2 ** 53 - 1, tags: ['p'] }, { accepted: NOON - DAY }),
        documentOf('c', { h: 'x', n: 0.5 }, { time: NOON + HOUR }),
        documentOf('d', { h: 'z', n: 'many' }, { time: NOON - 40 * 365 * DAY }),
        documentOf('e', { h: 7, n: 2 }),
        documentOf('f', { h: 'Y' }),
      ]);
    });

    it('counts terms: most frequent first, ties by key, the rest under `other`', async () => {
      expect(await one({ kind: 'terms', field: 'h', size: 3 })).to.deep.equal({
        kind: 'terms',
        buckets: [
          { key: 'x', count: 2 },
          { key: 7, count: 1 },
          { key: 'Y', count: 1 },
        ],
        other: 2,
      });
    });

    it('counts a document once for each of its distinct values', async () => {
      expect(await one({ kind: 'terms', field: 'tags', size: 9 })).to.deep.equal({
        kind: 'terms',
        buckets: [
          { key: 'p', count: 2 },
          { key: 'q', count: 1 },
        ],
        other: 0,
      });
    });

    it('counts documents by intervals of their time', async () => {
      expect(await one({ kind: 'date_histogram', intervalMs: DAY })).to.deep.equal({
        kind: 'date_histogram',
        buckets: [
          { start: Math.floor((NOON - 40 * 365 * DAY) / DAY) * DAY, count: 1 },
          { start: NOON - DAY - 12 * HOUR, count: 1 },
          { start: NOON - 12 * HOUR, count: 4 },
        ],
      });
    });

    it('begins intervals before 1970 at their start, too', async () => {
      await write(subject.current.store, [documentOf('old', {}, { time: -1 })]);
      expect(await one({ kind: 'date_histogram', intervalMs: 1000 }, 'name:old')).to.deep.equal({
        kind: 'date_histogram',
        buckets: [{ start: -1000, count: 1 }],
      });
    });

    it('adds numbers exactly, leaving out what is none', async () => {
      expect(await one({ kind: 'sum', field: 'n' }, 'not name:c')).to.deep.equal({
        kind: 'sum',
        value: 2 ** 53 + 2,
      });
      expect(await one({ kind: 'sum', field: 'n' }, 'name:(a or c or d)')).to.deep.equal({
        kind: 'sum',
        value: 1.5,
      });
    });

    it('counts distinct values and says whether that is exact', async () => {
      const result = await one({ kind: 'cardinality', field: 'h' });
      expect(result).to.include({ kind: 'cardinality', value: 5 });
      expect(result).to.have.property('approximate').that.is.a('boolean');
    });

    it('answers several at once, within a query and a time range', async () => {
      const results = await soc().aggregate('events', {
        query: parseQuery('h:(x or y)'),
        from: NOON,
        to: NOON + HOUR,
        aggregations: {
          hosts: { kind: 'terms', field: 'h', size: 10 },
          bars: { kind: 'date_histogram', intervalMs: HOUR },
        },
      });
      expect(results).to.deep.equal({
        hosts: {
          kind: 'terms',
          buckets: [
            { key: 'Y', count: 1 },
            { key: 'x', count: 1 },
          ],
          other: 0,
        },
        bars: { kind: 'date_histogram', buckets: [{ start: NOON, count: 2 }] },
      });
    });

    it('answers with nothing where nothing is found', async () => {
      expect(await one({ kind: 'terms', field: 'nosuch', size: 1 })).to.deep.equal({
        kind: 'terms',
        buckets: [],
        other: 0,
      });
      expect(await one({ kind: 'sum', field: 'n' }, 'nosuch')).to.deep.equal({ kind: 'sum', value: 0 });
    });

    it('refuses what cannot be counted', async () => {
      const bad: readonly Aggregation[] = [
        { kind: 'terms', field: 'h', size: 0 },
        { kind: 'terms', field: 'h', size: 1001 },
        { kind: 'date_histogram', intervalMs: 0 },
        { kind: 'date_histogram', intervalMs: 1.5 },
      ];
      for (const aggregation of bad) {
        const outcome = await one(aggregation).catch((error: unknown) => error);
        expect(outcome).to.include({ code: 'request_invalid' });
      }
      const outcome = await soc()
        .aggregate('events', { query: matchAll, aggregations: { it: { kind: 'sum', field: '' } } })
        .catch((error: unknown) => error);
      expect(outcome).to.include({ code: 'index_unknown_field' });
    });
  });
}
