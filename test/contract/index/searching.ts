import { expect } from 'chai';
import type { JsonObject } from '../../../platform/event.ts';
import { socTenant, type SearchRequest } from '../../../platform/index/port.ts';
import { matchAll, parseQuery } from '../../../platform/query/index.ts';
import { DAY, documentOf, HOUR, nameOf, namesOf, NOON, write, type Subject } from './documents.ts';

const bodies: Readonly<Record<string, JsonObject>> = {
  ssh: {
    host: { name: 'WEB-01' },
    source: { ip: '10.0.0.7', port: 50122 },
    message: 'Failed password for root from 10.0.0.7',
    event: { outcome: 'failure' },
    canh: { level: 'high', logsource: [{ product: 'linux', service: 'sshd' }, { product: 'linux' }] },
  },
  win: {
    host: { name: 'dc-01' },
    process: { executable: 'C:\\Windows\\System32\\cmd.exe' },
    canh: { level: 'low', native: { LogonType: '3', Remote: true } },
    tags: ['lateral', 'Lateral Movement'],
  },
  vn: { message: 'Cần Thơ và Đà Nẵng', source: { port: 8080 }, 'user.name': 'Nguyễn', user: 'đức' },
};

/** Query → names found, in alphabetical order. */
const rows: readonly (readonly [string, string])[] = [
  ['*', 'ssh vn win'],
  ['', 'ssh vn win'],
  ['failed', 'ssh'],
  ['FAILED root', 'ssh'],
  ['root failed', 'ssh'],
  ['fail', ''],
  ['fail*', 'ssh'],
  ['exe', 'win'],
  ['cmd.exe', 'win'],
  ['windows system32', 'win'],
  ['50122', 'ssh'],
  ['"password for root"', 'ssh'],
  ['"for password"', ''],
  ['"password for ro"*', 'ssh'],
  ['"lateral lateral"', ''],
  ['can tho', 'vn'],
  ['"da nang"', 'vn'],
  ['Đà* nẵng', 'vn'],
  ['duc', 'vn'],
  ['host.name:web-01', 'ssh'],
  ['host:WEB-01', 'ssh'],
  ['host:web', ''],
  ['host:web*', 'ssh'],
  ['host:"dc-01"', 'win'],
  ['user.name:nguyen', 'vn'],
  ['user:duc', ''],
  ['level:(high or low)', 'ssh win'],
  ['source.port:50122', 'ssh'],
  ['tags:lateral', 'win'],
  ['tags:"lateral move"*', 'win'],
  ['LogonType:3', 'win'],
  ['Remote:true', 'win'],
  ['Image:"c:\\windows\\system32\\"*', 'win'],
  ['product:linux', 'ssh'],
  ['product:linux and service:sshd', 'ssh'],
  ['src:*', 'ssh'],
  ['source:*', 'ssh vn'],
  ['nosuch:*', ''],
  ['source.port:[8000 TO 9000]', 'vn'],
  ['source.port:{8080 TO 50122]', 'ssh'],
  ['source.port:>=8080', 'ssh vn'],
  ['source.port:<8080', ''],
  ['src:[10.0.0.0 TO 10.0.0.9]', 'ssh'],
  ['time:>=2026-11-23', 'ssh vn win'],
  ['time:2026-11-23', 'ssh vn win'],
  ['time:<2026-11-23T12:00', ''],
  ['not failed', 'vn win'],
  ['not src:*', 'vn win'],
  ['failed or exe', 'ssh win'],
  ['(failed or exe) and not root', 'win'],
  ['failed or host:dc-01 and exe', 'ssh win'],
  ['not (failed or exe)', 'vn'],
  ['...', 'ssh vn win'],
  ['__proto__:*', ''],
  ['constructor:*', ''],
];

/** Queries, sorts, cursors, totals. */
export function describeSearching(subject: Subject): void {
  const soc = () => subject.current.store.bind(socTenant);
  const search = (request: Partial<SearchRequest>) =>
    soc().search('events', { query: matchAll, size: 1000, ...request });

  describe('search', () => {
    it('finds what each form of the query language says', async () => {
      await write(
        subject.current.store,
        Object.entries(bodies).map(([name, body]) => documentOf(name, body)),
      );
      for (const [query, names] of rows) {
        expect((await namesOf(soc(), query)).toSorted().join(' '), query).to.equal(names);
      }
    });

    it('finds nothing in an empty index', async () => {
      expect(await search({ countTotal: true })).to.deep.equal({
        documents: [],
        total: { value: 0, relation: 'eq' },
      });
    });

    it('takes `from` in and leaves `to` out', async () => {
      const times = [0, 1, 2, 3].map((n) => documentOf(`t${n}`, {}, { time: NOON + n }));
      await write(subject.current.store, times);
      expect(await namesOf(soc(), '*', { from: NOON + 1, to: NOON + 3 })).to.deep.equal(['t2', 't1']);
      expect(await namesOf(soc(), '*', { from: NOON + 3 })).to.deep.equal(['t3']);
      expect(await namesOf(soc(), '*', { from: NOON + 3, to: NOON })).to.deep.equal([]);
    });

    it('goes by `@timestamp` in a query even where that is not the time', async () => {
      const odd = { ...documentOf('odd'), body: { name: 'odd', '@timestamp': '2001-02-03T04:05:06Z' } };
      await write(subject.current.store, [odd, documentOf('plain')]);
      expect(await namesOf(soc(), 'time:<2002-01-01')).to.deep.equal(['odd']);
      expect(await namesOf(soc(), 'time:>=2026-11-23')).to.deep.equal(['plain']);
    });

    it('sorts by time in both directions, across days, ties by id', async () => {
      const documents = Array.from({ length: 30 }, (_, n) =>
        documentOf(`e${n}`, {}, { accepted: NOON - (n % 3) * DAY, time: NOON + (n % 5) * HOUR }),
      );
      await write(subject.current.store, documents);
      const sorted = documents
        .toSorted((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1))
        .map(({ body }) => body['name']);
      expect(await namesOf(soc(), '*', { sort: { field: 'time', order: 'asc' } })).to.deep.equal(sorted);
      expect(await namesOf(soc(), '*')).to.deep.equal(sorted.toReversed());
    });

    it('sorts by a field: numbers before text, missing values last in both directions', async () => {
      const values: Readonly<Record<string, JsonObject>> = {
        two: { v: { n: 2 } },
        ten: { v: { n: 10 } },
        text: { v: { n: 'Ánh' } },
        many: { v: { n: [1, 'bình'] } },
        none: {},
        nil: { v: { n: null } },
      };
      const documents = Object.entries(values).map(([name, body], n) =>
        documentOf(name, body, { accepted: NOON - n * DAY }),
      );
      await write(subject.current.store, documents);
      const sorted = (order: 'asc' | 'desc') => namesOf(soc(), '*', { sort: { field: 'v.n', order } });
      const last = documents
        .slice(4)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map(nameOf);
      expect(await sorted('asc')).to.deep.equal(['many', 'two', 'ten', 'text', ...last]);
      expect(await sorted('desc')).to.deep.equal(['many', 'text', 'ten', 'two', ...last.toReversed()]);
    });

    for (const field of ['time', 'group']) {
      for (const order of ['asc', 'desc'] as const) {
        it(`walks by cursor over ties and days without gap or repetition, by ${field} ${order}`, async () => {
          const documents = Array.from({ length: 47 }, (_, n) =>
            documentOf(`e${n}`, n % 4 === 0 ? {} : { group: n % 3 }, {
              accepted: NOON - (n % 3) * DAY,
              time: NOON + (n % 2),
            }),
          );
          await write(subject.current.store, documents);
          const sort = { field, order };
          const whole = await namesOf(soc(), '*', { sort });
          const walked: string[] = [];
          let cursor: string | undefined;
          do {
            const page = await search({ sort, size: 7, ...(cursor === undefined ? {} : { cursor }) });
            walked.push(...page.documents.map(nameOf));
            cursor = page.next;
          } while (cursor !== undefined);
          expect(walked).to.deep.equal(whole);
          expect(new Set(walked).size).to.equal(documents.length);
        });
      }
    }

    it('gives no next page when the last one is just full', async () => {
      await write(subject.current.store, [documentOf('a'), documentOf('b')]);
      expect((await search({ size: 2 })).next).to.equal(undefined);
      expect((await search({ size: 1 })).next).to.be.a('string');
    });

    it('refuses a cursor of another query, sort or making', async () => {
      await write(subject.current.store, [documentOf('a'), documentOf('b')]);
      const { next = '' } = await search({ size: 1 });
      const foreign: readonly Partial<SearchRequest>[] = [
        { cursor: next, query: parseQuery('a') },
        { cursor: next, sort: { field: 'time', order: 'asc' } },
        { cursor: next, sort: { field: 'name', order: 'desc' } },
        { cursor: 'garbage' },
        { cursor: '' },
        { cursor: `${next}`.slice(3) },
        { cursor: Buffer.from('null').toString('base64url') },
        { cursor: 'A'.repeat(100_000) },
      ];
      for (const request of foreign) {
        const outcome = await search({ size: 1, ...request }).catch((error: unknown) => error);
        expect(outcome, JSON.stringify(request).slice(0, 100)).to.include({ code: 'cursor_invalid' });
      }
    });

    it('refuses sizes outside of 1 to 1000 and fields without a name', async () => {
      for (const size of [0, 1001, 1.5, Number.NaN]) {
        const outcome = await search({ size }).catch((error: unknown) => error);
        expect(outcome).to.include({ code: 'request_invalid' });
      }
      const outcome = await search({ sort: { field: '', order: 'asc' } }).catch((error: unknown) => error);
      expect(outcome).to.include({ code: 'index_unknown_field' });
    });

    it('counts all hits, on every page, however few are shown', async () => {
      const documents = Array.from({ length: 25 }, (_, n) =>
        documentOf(`e${n}`, { even: n % 2 === 0 }, { accepted: NOON - (n % 3) * DAY }),
      );
      await write(subject.current.store, documents);
      const query = parseQuery('even:true');
      const first = await search({ query, size: 4, countTotal: true });
      expect(first.total).to.deep.equal({ value: 13, relation: 'eq' });
      const second = await search({ query, size: 4, countTotal: true, cursor: first.next ?? '' });
      expect(second.total).to.deep.equal({ value: 13, relation: 'eq' });
      expect((await search({ size: 1 })).total).to.equal(undefined);
    });

    it('counts to 10,000 and says when there are more', async () => {
      const documents = Array.from({ length: 10_001 }, (_, n) => documentOf(`e${n}`, {}, { time: NOON + n }));
      await write(subject.current.store, documents);
      expect((await search({ size: 1, countTotal: true })).total).to.deep.equal({
        value: 10_000,
        relation: 'gte',
      });
      expect((await search({ size: 1, countTotal: true, from: NOON + 1 })).total).to.deep.equal({
        value: 10_000,
        relation: 'eq',
      });
    });

    it('searches collections without full text too', async () => {
      const { store } = subject.current;
      await write(
        store,
        [documentOf('An', { role: 'lead' }), documentOf('Bình', { role: 'analyst' })],
        'users',
      );
      const { documents } = await soc().search('users', { query: parseQuery('role:lead'), size: 10 });
      expect(documents.map(({ body }) => body['name'])).to.deep.equal(['An']);
    });
  });
}
