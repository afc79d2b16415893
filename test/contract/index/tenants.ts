import { expect } from 'chai';
import { socTenant } from '../../../platform/index/port.ts';
import { matchAll, parseQuery } from '../../../platform/query/index.ts';
import { documentOf, namesOf, NOON, write, type Subject } from './documents.ts';

/** An agency neither sees nor touches what is not its own, by any method. */
export function describeTenants(subject: Subject): void {
  const soc = () => subject.current.store.bind(socTenant);
  const agency = () => subject.current.store.bind({ kind: 'agency', agency: 'a-1' });
  const own = documentOf('own', { secret: 'lotus', n: 1 }, { agency: 'a-1' });
  const foreign = documentOf('foreign', { secret: 'lotus', n: 10 }, { agency: 'a-1x', time: NOON + 1 });
  const central = documentOf('central', { secret: 'lotus', n: 100 }, { agency: '' });

  describe('bind', () => {
    beforeEach(async () => {
      await write(subject.current.store, [own, foreign, central]);
    });

    it('shows the SOC everything', async () => {
      expect((await namesOf(soc(), 'lotus')).toSorted()).to.deep.equal(['central', 'foreign', 'own']);
    });

    it('gets only own documents', async () => {
      const found = await agency().get('events', [foreign.id, own.id, central.id]);
      expect(found.map((document) => document?.body['name'])).to.deep.equal([undefined, 'own', undefined]);
    });

    it('finds and counts only own documents', async () => {
      for (const query of ['*', 'lotus', 'secret:lotus', 'not nosuch', 'agency:a-1x or lotus']) {
        expect(await namesOf(agency(), query), query).to.deep.equal(['own']);
      }
      const request = { query: parseQuery('lotus'), size: 1, countTotal: true };
      expect((await agency().search('events', request)).total).to.deep.equal({ value: 1, relation: 'eq' });
    });

    it('aggregates only own documents', async () => {
      for (const query of [matchAll, parseQuery('lotus')]) {
        const results = await agency().aggregate('events', {
          query,
          aggregations: {
            sum: { kind: 'sum', field: 'n' },
            terms: { kind: 'terms', field: 'name', size: 9 },
            bars: { kind: 'date_histogram', intervalMs: 1 },
            names: { kind: 'cardinality', field: 'name' },
          },
        });
        expect(results['sum']).to.include({ value: 1 });
        expect(results['terms']).to.deep.include({ buckets: [{ key: 'own', count: 1 }] });
        expect(results['bars']).to.deep.include({ buckets: [{ start: NOON, count: 1 }] });
        expect(results['names']).to.include({ value: 1 });
      }
    });

    it('keeps collections without full text apart, too', async () => {
      const users = [documentOf('own', {}, { agency: 'a-1' }), documentOf('other', {}, { agency: 'b' })];
      await write(subject.current.store, users, 'users');
      const found = await agency().search('users', { query: matchAll, size: 9, countTotal: true });
      expect(found.documents.map(({ body }) => body['name'])).to.deep.equal(['own']);
      expect(found.total).to.deep.equal({ value: 1, relation: 'eq' });
      const bars = await agency().aggregate('users', {
        query: matchAll,
        aggregations: { bars: { kind: 'date_histogram', intervalMs: 1 } },
      });
      expect(bars['bars']).to.deep.include({ buckets: [{ start: NOON, count: 1 }] });
    });

    it('creates only own documents', async () => {
      const results = await agency().create('events', [
        documentOf('mine', {}, { agency: 'a-1' }),
        documentOf('theirs', {}, { agency: 'a-1x' }),
        documentOf('nobody', {}, { agency: '' }),
      ]);
      expect(results.map(({ kind }) => kind)).to.deep.equal(['created', 'rejected', 'rejected']);
    });

    it('replaces only own documents, and never moves one to another agency', async () => {
      const [stored] = await soc().get('events', [foreign.id]);
      if (stored === undefined) throw new Error('the document is missing');
      const body = { name: 'stolen' };
      expect(await agency().replace('events', { ...stored, body })).to.equal('conflict');
      expect(await agency().replace('events', { ...stored, agency: 'a-1', body })).to.equal('conflict');
      const both = [
        { ...stored, body },
        { ...stored, agency: 'a-1', body },
      ];
      for (const one of both) {
        expect(await agency().replaceEach('events', [one])).to.deep.equal([{ kind: 'conflict' }]);
      }
      expect(await soc().get('events', [foreign.id])).to.deep.equal([stored]);
      const [mine] = await agency().get('events', [own.id]);
      if (mine === undefined) throw new Error('the document is missing');
      expect(await agency().replace('events', { ...mine, body: { name: 'changed' } })).to.equal('replaced');
      await subject.current.store.refresh();
      expect(await namesOf(agency(), '*')).to.deep.equal(['changed']);
    });
  });
}
