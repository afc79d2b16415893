import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { createStateStore, noState, PIECE_BYTES_MAX, type StateStore } from '../../correlator/state.ts';
import { socTenant, type IndexStore } from '../../platform/index/port.ts';
import { openSqliteIndex } from '../../platform/index/sqlite/index.ts';
import { createLogger } from '../../platform/log.ts';
import type { StatePart } from '../../sigma/index.ts';

describe('createStateStore', function () {
  this.timeout(20_000);
  let directory = '';
  let index: IndexStore;
  let errors = 0;

  const open = (epoch: number): StateStore =>
    createStateStore({
      index: index.bind(socTenant),
      name: 'canh.records-0',
      epoch,
      log: Object.assign(createLogger({ level: 'error', plain: true }), { error: () => (errors += 1) }),
      signal: new AbortController().signal,
      onTrouble: () => undefined,
    });
  const part = (id: string, text: string): StatePart => ({ id, bytes: new TextEncoder().encode(text) });
  const shown = (parts: readonly StatePart[]): Record<string, string> =>
    Object.fromEntries(parts.map(({ id, bytes }) => [id, new TextDecoder().decode(bytes)]));

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'canh-state-'));
    index = openSqliteIndex({ directory });
    errors = 0;
  });
  afterEach(async () => {
    await index.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('what was written is read again, by the same owner and by the next', async () => {
    const store = open(1);
    const first = await store.write(noState, [part('a', 'one'), part('b/1', 'two')]);
    const second = await store.write(first, [part('a', 'three'), part('c', '')]);
    const wanted = { a: 'three', 'b/1': 'two' };
    expect(shown(await store.read(second))).to.deep.equal(wanted);
    expect(shown(await open(2).read(second))).to.deep.equal(wanted);
    expect(await store.write(second, [])).to.equal(second);
  });

  it('what the reference before names stays, whatever became of the write behind it', async () => {
    const store = open(1);
    const first = await store.write(noState, [part('a', 'one'), part('b', 'one')]);
    await store.write(first, [part('a', 'lost')]);
    expect(shown(await open(2).read(first))).to.deep.equal({ a: 'one', b: 'one' });
    const again = await open(2).write(first, [part('b', 'two')]);
    expect(shown(await open(3).read(again))).to.deep.equal({ a: 'one', b: 'two' });
  });

  it('any writes, crashes and take-overs leave what the last reference names', async () => {
    const step = fc.record({
      changed: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('', 'x', 'y')),
      crash: fc.boolean(),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const base = (run += 1000);
        let epoch = base;
        let store = open(epoch);
        let reference = noState;
        const model = new Map<string, string>();
        for (const { changed, crash } of steps) {
          const parts = Object.entries(changed).map(([id, text]) => part(`${base}-${id}`, text));
          const next = await store.write(reference, parts);
          if (crash) {
            store = open((epoch += 1));
            continue;
          }
          reference = next;
          for (const { id, bytes } of parts) model.set(id, new TextDecoder().decode(bytes));
        }
        const held = [...model].filter(([, text]) => text !== '');
        expect(shown(await open(epoch + 1).read(reference))).to.deep.equal(Object.fromEntries(held));
      }),
      { numRuns: 30 },
    );
    expect(errors).to.equal(0);
  });

  it('an owner of before gives up where a later one has written', async () => {
    const before = open(1);
    const reference = await before.write(noState, [part('a', 'one')]);
    await before.write(reference, [part('a', 'half')]);
    const after = open(2);
    const taken = await after.write(reference, [part('a', 'two')]);
    const outcome = await before.write(reference, [part('a', 'late')]).catch((error: unknown) => error);
    expect(outcome).to.include({ code: 'index_conflict' });
    expect(shown(await after.read(taken))).to.deep.equal({ a: 'two' });
  });

  for (const size of [PIECE_BYTES_MAX, PIECE_BYTES_MAX + 1]) {
    it(`a part of ${size} bytes comes back as it was, and shrinks again`, async () => {
      const bytes = new Uint8Array(size).map((_, i) => (i * 7) % 251);
      const store = open(1);
      const large = await store.write(noState, [{ id: 'a', bytes }]);
      const [found] = await store.read(large);
      expect(Buffer.compare(found?.bytes ?? new Uint8Array(), bytes)).to.equal(0);
      const small = await store.write(await store.write(large, [part('a', 'x')]), [part('a', 'y')]);
      expect(shown(await open(2).read(small))).to.deep.equal({ a: 'y' });
    });
  }

  it('a part that is not there any more is told and left out', async () => {
    const store = open(1);
    const reference = await store.write(noState, [part('a', 'one'), part('b', 'two')]);
    const place = reference.parts['b'];
    if (place === undefined) throw new Error('the part has no place');
    const broken = { ...reference, parts: { ...reference.parts, b: [place[0], 2, place[2]] as const } };
    expect(shown(await store.read(broken))).to.deep.equal({ a: 'one' });
    expect(errors).to.equal(1);
  });
});
