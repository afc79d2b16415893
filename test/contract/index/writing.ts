import { expect } from 'chai';
import type { JsonObject } from '../../../platform/event.ts';
import { socTenant, type StoredDocument } from '../../../platform/index/port.ts';
import { matchAll } from '../../../platform/query/index.ts';
import { DAY, documentOf, namesOf, NOON, write, type Subject } from './documents.ts';

/** Create, get, replace, expire and what several handles see of each other. */
export function describeWriting(subject: Subject): void {
  const soc = () => subject.current.store.bind(socTenant);

  describe('create', () => {
    it('creates each document once, also within one batch', async () => {
      const [first, second] = [documentOf('first'), documentOf('second')];
      const kinds = async (documents: readonly (typeof first)[]) =>
        (await soc().create('events', documents)).map(({ kind }) => kind);
      expect(await kinds([first, second, first])).to.deep.equal(['created', 'created', 'exists']);
      expect(await kinds([first, documentOf('third')])).to.deep.equal(['exists', 'created']);
    });

    it('keeps the first document of an id', async () => {
      await soc().create('events', [documentOf('same', { value: 1 })]);
      await soc().create('events', [documentOf('same', { value: 2 })]);
      const [found] = await soc().get('events', [documentOf('same').id]);
      expect(found?.body['value']).to.equal(1);
    });

    it('judges item by item: a bad document spoils no good one', async () => {
      const deep = JSON.parse('{"a":'.repeat(120) + '1' + '}'.repeat(120)) as JsonObject;
      const results = await soc().create('events', [
        documentOf('good'),
        { ...documentOf('no time in the id'), id: 'just-a-name' },
        { ...documentOf('empty'), id: '' },
        { ...documentOf('bad time'), time: Number.NaN },
        documentOf('deep', { deep }),
        documentOf('good too'),
      ]);
      expect(results.map(({ kind }) => kind)).to.deep.equal([
        'created',
        'rejected',
        'rejected',
        'rejected',
        'rejected',
        'created',
      ]);
    });

    it('takes nothing and returns nothing', async () => {
      expect(await soc().create('events', [])).to.deep.equal([]);
    });

    it('takes any id in a collection without periods', async () => {
      const document = { ...documentOf('user'), id: 'nguyễn văn a/1' };
      await write(subject.current.store, [document], 'users');
      const [found] = await soc().get('users', [document.id]);
      expect(found?.body).to.deep.equal(document.body);
    });
  });

  describe('get', () => {
    it('returns documents at once, in the order of the ids, undefined for what is not there', async () => {
      const [a, b] = [documentOf('a'), documentOf('b', {}, { accepted: NOON - 3 * DAY })];
      await soc().create('events', [a, b]);
      const ids = [b.id, documentOf('never').id, a.id, 'no id at all', a.id];
      const found = await soc().get('events', ids);
      expect(found.map((document) => document?.body['name'])).to.deep.equal([
        'b',
        undefined,
        'a',
        undefined,
        'a',
      ]);
    });

    it('returns the body as it was given, hostile keys and strange text included', async () => {
      const body = JSON.parse(
        '{"__proto__":{"admin":true},"constructor":1,"a.b":[1,{"c":null}],"text":"\\u0000\\ud800 \\" \\\\","":[]}',
      ) as JsonObject;
      const document = { ...documentOf('hostile'), body };
      await soc().create('events', [document]);
      const [found] = await soc().get('events', [document.id]);
      expect(JSON.stringify(found?.body)).to.equal(JSON.stringify(body));
      expect(({} as Record<string, unknown>)['admin']).to.equal(undefined);
    });

    it('returns a document of a megabyte', async () => {
      const original = 'Đà Nẵng 10.0.0.1 '.repeat(60_000);
      await write(subject.current.store, [
        documentOf('huge', { event: { original }, host: { name: 'srv' } }),
      ]);
      const [found] = await soc().get('events', [documentOf('huge').id]);
      expect(found?.body['event']).to.deep.equal({ original });
      expect(await namesOf(soc(), 'host:srv and "da nang"')).to.deep.equal(['huge']);
    });
  });

  describe('replace', () => {
    const read = async (): Promise<StoredDocument> => {
      const [found] = await soc().get('events', [documentOf('a').id]);
      if (found === undefined) throw new Error('the document is missing');
      return found;
    };

    it('replaces the body when nobody changed it meanwhile, and its text', async () => {
      await write(subject.current.store, [documentOf('a', { state: 'before' })]);
      const old = await read();
      const body = { name: 'a', state: 'after' };
      expect(await soc().replace('events', { ...old, body, time: NOON + 5 })).to.equal('replaced');
      await subject.current.store.refresh();
      const replaced = await read();
      expect(replaced).to.deep.include({ body, time: NOON + 5, agency: 'a1' });
      expect(replaced.version).not.to.equal(old.version);
      expect(await namesOf(soc(), 'after')).to.deep.equal(['a']);
      expect(await namesOf(soc(), 'before')).to.deep.equal([]);
    });

    it('says conflict when somebody was faster, and when there is no such document', async () => {
      await write(subject.current.store, [documentOf('a')]);
      const old = await read();
      await soc().replace('events', { ...old, body: { name: 'a', by: 'first' } });
      expect(await soc().replace('events', { ...old, body: { name: 'a', by: 'second' } })).to.equal(
        'conflict',
      );
      expect((await read()).body['by']).to.equal('first');
      expect(await soc().replace('events', { ...documentOf('never'), version: old.version })).to.equal(
        'conflict',
      );
    });

    it('lets one of two handles win', async () => {
      await write(subject.current.store, [documentOf('a', { n: 0 })]);
      const other = await subject.current.openAgain();
      const old = await read();
      const outcomes = await Promise.all(
        [soc(), other.bind(socTenant)].map((index, n) => index.replace('events', { ...old, body: { n } })),
      );
      expect(outcomes.toSorted()).to.deep.equal(['conflict', 'replaced']);
      await other.close();
    });

    it('refuses a body that cannot be stored', async () => {
      await write(subject.current.store, [documentOf('a')]);
      const old = await read();
      const outcome = await soc()
        .replace('events', { ...old, time: Number.NaN })
        .catch((error: unknown) => error);
      expect(outcome).to.include({ code: 'index_rejected' });
    });
  });

  describe('replaceEach', () => {
    it('judges item by item: what changed meanwhile or is not there spoils nothing', async () => {
      const [a, b, c] = [documentOf('a'), documentOf('b'), documentOf('c', {}, { accepted: NOON - DAY })];
      await write(subject.current.store, [a, b, c]);
      const read = await soc().get('events', [a.id, b.id, c.id]);
      const old = read.filter((document) => document !== undefined);
      const [first, second] = old;
      if (first === undefined || second === undefined) throw new Error('a document is missing');
      await soc().replace('events', { ...second, body: { name: 'b', by: 'somebody' } });
      const results = await soc().replaceEach('events', [
        ...old.map((document) => ({ ...document, body: { ...document.body, by: 'us' } })),
        { ...documentOf('never'), version: first.version },
        { ...first, id: documentOf('bad time').id, time: Number.NaN },
      ]);
      expect(results.map(({ kind }) => kind)).to.deep.equal([
        'replaced',
        'conflict',
        'replaced',
        'conflict',
        'rejected',
      ]);
      await subject.current.store.refresh();
      const now = await soc().get('events', [a.id, b.id, c.id]);
      expect(now.map((document) => document?.body['by'])).to.deep.equal(['us', 'somebody', 'us']);
      expect((await namesOf(soc(), 'us')).toSorted()).to.deep.equal(['a', 'c']);
    });

    it('tells the new version, by which the next replace goes', async () => {
      await write(subject.current.store, [documentOf('a')]);
      const [old] = await soc().get('events', [documentOf('a').id]);
      if (old === undefined) throw new Error('the document is missing');
      const [result] = await soc().replaceEach('events', [{ ...old, body: { name: 'a', n: 1 } }]);
      if (result?.kind !== 'replaced') throw new Error('not replaced');
      const [stored] = await soc().get('events', [old.id]);
      expect(result.version).to.equal(stored?.version);
      const next = { ...old, version: result.version, body: { name: 'a', n: 2 } };
      expect(await soc().replace('events', next)).to.equal('replaced');
    });

    it('takes nothing and returns nothing', async () => {
      expect(await soc().replaceEach('events', [])).to.deep.equal([]);
    });
  });

  describe('expire', () => {
    it('drops whole days that ended before, and says which', async () => {
      const { store } = subject.current;
      const days = [3, 2, 1, 0].map((n) => documentOf(`day-${n}`, {}, { accepted: NOON - n * DAY }));
      await write(store, days);
      await write(store, [documentOf('alert', {}, { accepted: NOON - 60 * DAY })], 'alerts');
      const end = Date.UTC(2026, 10, 22);
      expect(await store.expire('events', end)).to.deep.equal([
        'canh-events-2026.11.20',
        'canh-events-2026.11.21',
      ]);
      expect(await namesOf(soc(), '*')).to.deep.equal(['day-0', 'day-1']);
      expect(await soc().get('events', [days[0]?.id ?? ''])).to.deep.equal([undefined]);
      expect(await store.expire('events', end)).to.deep.equal([]);
      expect((await soc().search('alerts', { query: matchAll, size: 1 })).documents).to.have.length(1);
    });

    it('keeps a month until it is over', async () => {
      await write(subject.current.store, [documentOf('alert')], 'alerts');
      expect(await subject.current.store.expire('alerts', Date.UTC(2026, 11, 1) - 1)).to.deep.equal([]);
      expect(await subject.current.store.expire('alerts', Date.UTC(2026, 11, 1))).to.deep.equal([
        'canh-alerts-2026.11',
      ]);
    });

    it('takes the day from the id: a clock 40 years off neither hides nor deletes a document', async () => {
      const { store } = subject.current;
      const [past, future] = [NOON - 40 * 365 * DAY, NOON + 40 * 365 * DAY];
      await write(store, [
        documentOf('past', {}, { time: past }),
        documentOf('now'),
        documentOf('future', {}, { time: future }),
      ]);
      expect(await store.expire('events', NOON - DAY)).to.deep.equal([]);
      expect(await namesOf(soc(), '*')).to.deep.equal(['future', 'now', 'past']);
      expect(await namesOf(soc(), '*', { from: past, to: past + 1 })).to.deep.equal(['past']);
      expect(await namesOf(soc(), 'time:>2060-01-01')).to.deep.equal(['future']);
    });

    it('lets documents of a dropped day come again', async () => {
      const { store } = subject.current;
      await write(store, [documentOf('a')]);
      await store.expire('events', NOON + 2 * DAY);
      await write(store, [documentOf('a')]);
      expect(await namesOf(soc(), '*')).to.deep.equal(['a']);
    });
  });

  describe('several handles', () => {
    it('see what another one wrote, also days that came later, and not what it dropped', async () => {
      const other = await subject.current.openAgain();
      expect(await namesOf(other.bind(socTenant), '*')).to.deep.equal([]);
      await write(subject.current.store, [documentOf('today')]);
      expect(await namesOf(other.bind(socTenant), '*')).to.deep.equal(['today']);
      await write(other, [documentOf('tomorrow', {}, { accepted: NOON + DAY })]);
      await subject.current.store.refresh();
      expect(await namesOf(soc(), '*')).to.deep.equal(['tomorrow', 'today']);
      await subject.current.store.expire('events', NOON + DAY);
      expect(await namesOf(other.bind(socTenant), '*')).to.deep.equal(['tomorrow']);
      expect(await other.bind(socTenant).get('events', [documentOf('today').id])).to.deep.equal([undefined]);
      await write(other, [documentOf('today')]);
      expect(await namesOf(soc(), '*')).to.deep.equal(['tomorrow', 'today']);
      await other.close();
    });

    it('find everything again after a close', async () => {
      await write(subject.current.store, [documentOf('a'), documentOf('b')]);
      await write(subject.current.store, [documentOf('t')], 'transitions');
      await subject.current.store.close();
      const again = await subject.current.openAgain();
      expect((await namesOf(again.bind(socTenant), '*')).toSorted()).to.deep.equal(['a', 'b']);
      expect(
        (await again.bind(socTenant).search('transitions', { query: matchAll, size: 9 })).documents,
      ).to.have.length(1);
      await again.close();
    });
  });
}
