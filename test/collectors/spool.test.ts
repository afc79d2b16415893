import { expect } from 'chai';
import { ROW_RECORDS_MAX } from '../../collectors/spool-row.ts';
import { LINE_TOTAL_BYTES_MAX } from '../../collectors/lines.ts';
import { LINE_BYTES_MAX } from '../../platform/record.ts';
import { createBench, linesOf, recordsOf, until, type Bench } from './fixture.ts';

describe('Spool', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = createBench();
  });
  afterEach(() => bench.dispose());

  it('numbers records from 1 without a gap across batches and rows', async () => {
    const spool = bench.spool();
    const many = Array.from({ length: ROW_RECORDS_MAX + 1 }, (_, i) => `line ${String(i)}`);
    await Promise.all([spool.append('a', { lines: many }, {}), spool.append('b', { lines: ['x', 'y'] }, {})]);
    expect(recordsOf(spool).map(({ seq }) => seq)).to.deep.equal(
      Array.from({ length: many.length + 2 }, (_, i) => i + 1),
    );
    await spool.close();
  });

  it('keeps what the record says of itself', async () => {
    const spool = bench.spool();
    await spool.append(
      'auth',
      { path: '/var/log/auth.log', lines: ['hello'] },
      { product: 'linux', zone: 'UTC' },
    );
    expect(recordsOf(spool)).to.deep.equal([
      {
        collector: 'host',
        epoch: 'e1',
        seq: 1,
        previous: null,
        received: bench.clock.time,
        input: 'auth',
        path: '/var/log/auth.log',
        line: 'hello',
        hints: { product: 'linux', zone: 'UTC' },
      },
    ]);
    await spool.close();
  });

  it('names the epoch before and its last number in the first record of an epoch', async () => {
    const first = bench.spool();
    await first.append('a', { lines: ['1', '2'] }, {});
    await first.close();
    await bench.spool().close();
    const third = bench.spool();
    await third.append('a', { lines: ['3', '4'] }, {});
    const seen = recordsOf(third).map(({ epoch, seq, previous, line }) => ({ epoch, seq, previous, line }));
    expect(seen).to.deep.equal([
      { epoch: 'e1', seq: 1, previous: null, line: '1' },
      { epoch: 'e1', seq: 2, previous: undefined, line: '2' },
      { epoch: 'e3', seq: 1, previous: { epoch: 'e1', seq: 2 }, line: '3' },
      { epoch: 'e3', seq: 2, previous: undefined, line: '4' },
    ]);
    await third.close();
  });

  it('knows the epoch before also when everything of it was forgotten', async () => {
    const first = bench.spool();
    await first.append('a', { lines: ['1'] }, {});
    first.forget(first.read({ records: 1, bytes: 1 })?.upTo ?? 0);
    await first.close();
    const second = bench.spool();
    await second.append('a', { lines: ['2'] }, {});
    expect(recordsOf(second)[0]?.previous).to.deep.equal({ epoch: 'e1', seq: 1 });
    await second.close();
  });

  it('keeps, changes and forgets cursors, each input its own', async () => {
    const spool = bench.spool();
    await spool.append('a', { lines: [], cursors: [{ key: 'k', value: '1' }] }, {});
    await spool.append(
      'a',
      {
        lines: ['x'],
        cursors: [
          { key: 'k', value: '2' },
          { key: 'l', value: '3' },
        ],
      },
      {},
    );
    await spool.append('b', { lines: [], cursors: [{ key: 'k', value: 'other' }] }, {});
    await spool.append('a', { lines: [], cursors: [{ key: 'l', value: null }] }, {});
    await spool.close();
    const again = bench.spool();
    expect([...again.cursors('a')]).to.deep.equal([['k', '2']]);
    expect(again.cursor('b', 'k')).to.equal('other');
    await again.close();
  });

  it('reads up to the limit, and at least one stored batch', async () => {
    const spool = bench.spool();
    for (const line of ['a', 'b', 'c']) await spool.append('i', { lines: [line, line] }, {});
    expect(spool.read({ records: 1, bytes: 1 })?.records).to.have.length(2);
    expect(spool.read({ records: 5, bytes: 1e6 })?.records).to.have.length(4);
    spool.forget(spool.read({ records: 4, bytes: 1e6 })?.upTo ?? 0);
    expect(linesOf(spool)).to.deep.equal(['c', 'c']);
    spool.forget(spool.read({ records: 4, bytes: 1e6 })?.upTo ?? 0);
    expect(spool.read({ records: 1, bytes: 1 })).to.equal(undefined);
    expect(spool.bytes).to.equal(0);
    await spool.close();
  });

  const lengths: readonly { readonly bytes: number; readonly lines: number; readonly records: number }[] = [
    { bytes: LINE_BYTES_MAX, lines: 1, records: 1 },
    { bytes: LINE_BYTES_MAX + 1, lines: 1, records: 2 },
    { bytes: 10_000_000, lines: 1, records: Math.ceil(10_000_000 / LINE_BYTES_MAX) },
    { bytes: LINE_TOTAL_BYTES_MAX, lines: 1, records: LINE_TOTAL_BYTES_MAX / LINE_BYTES_MAX },
    { bytes: LINE_TOTAL_BYTES_MAX + 1, lines: 2, records: LINE_TOTAL_BYTES_MAX / LINE_BYTES_MAX + 1 },
  ];
  for (const { bytes, lines, records } of lengths) {
    it(`keeps all of a line of ${String(bytes)} bytes in ${String(records)} records of ${String(lines)} lines`, async () => {
      const spool = bench.spool();
      const line = 'x'.repeat(bytes);
      const appended = await spool.append('i', { lines: [line] }, {});
      expect(appended).to.include({ records, cuts: lines - 1 });
      expect(linesOf(spool)).to.have.length(lines);
      expect(linesOf(spool).join('') === line).to.equal(true);
      expect(recordsOf(spool).map(({ seq }) => seq)).to.deep.equal(
        Array.from({ length: records }, (_, i) => i + 1),
      );
      await spool.close();
    });
  }

  it('divides text between characters and keeps bytes that are no UTF-8', async () => {
    const spool = bench.spool();
    const text = `a${'ệ'.repeat(Math.ceil(LINE_BYTES_MAX / 3))}`;
    const bytes = Uint8Array.of(0xff, 0x00, 0xfe);
    await spool.append('i', { lines: [text, bytes] }, {});
    const [head, tail, raw] = recordsOf(spool);
    expect(head?.part).to.deep.equal({ index: 0, last: false });
    expect(tail?.part).to.deep.equal({ index: 1, last: true });
    expect(`${String(head?.line)}${String(tail?.line)}` === text).to.equal(true);
    expect(raw?.line).to.deep.equal(bytes);
    await spool.close();
  });

  it('makes inputs wait while it is full, says so, and goes on when records were shipped', async () => {
    const spool = bench.spool({ bytesMax: 100 });
    await spool.append('i', { lines: ['x'.repeat(200)] }, {});
    let done = false;
    const waiting = spool.append('i', { lines: ['y'] }, {}).then(() => (done = true));
    await until(() => spool.health().state === 'degraded');
    expect(done).to.equal(false);
    expect(linesOf(spool)).to.have.length(1);
    spool.forget(spool.read({ records: 1, bytes: 1 })?.upTo ?? 0);
    await waiting;
    expect(linesOf(spool)).to.deep.equal(['y']);
    expect(spool.health().state).to.equal('ok');
    await spool.close();
  });

  it('waits on a full disk, raises disk_full once, loses nothing, and goes on when there is room', async () => {
    const spool = bench.spool({ pagesMax: 60 });
    const sent: string[] = [];
    let pending: Promise<unknown> | undefined;
    for (let i = 0; i < 100 && spool.health().state === 'ok'; i += 1) {
      const line = `${String(i)} ${'z'.repeat(20_000)}`;
      sent.push(line);
      const append = spool.append('i', { lines: [line], cursors: [{ key: 'k', value: String(i) }] }, {});
      await Promise.race([append, until(() => spool.health().state !== 'ok')]);
      pending = append;
    }
    expect(spool.health().state).to.equal('degraded');
    const cursorWhileFull = Number(spool.cursor('i', 'k'));
    expect(cursorWhileFull).to.equal(sent.length - 2);
    const alarms = bench.log.entries.filter(({ fields }) => fields['code'] === 'disk_full');
    expect(alarms).to.have.length(1);
    const before = spool.read({ records: 3, bytes: 1e9 });
    spool.forget(before?.upTo ?? 0);
    await pending;
    expect(spool.health().state).to.equal('ok');
    expect([...(before?.records ?? []).map(({ line }) => line), ...linesOf(spool)]).to.deep.equal(sent);
    expect(recordsOf(spool).at(-1)?.seq).to.equal(sent.length);
    await spool.close();
  });

  it('rejects what still waits when it is closed, and has nothing of it', async () => {
    const spool = bench.spool({ bytesMax: 10 });
    await spool.append('i', { lines: ['x'.repeat(20)] }, {});
    const waiting = spool.append('i', { lines: ['y'], cursors: [{ key: 'k', value: '1' }] }, {});
    const outcome = waiting.then(
      () => 'kept',
      (error: unknown) => (error as { code?: string }).code,
    );
    await until(() => spool.health().state === 'degraded');
    await spool.close();
    expect(await outcome).to.equal('data_unwritable');
    const again = bench.spool();
    expect(linesOf(again)).to.have.length(1);
    expect(again.cursor('i', 'k')).to.equal(undefined);
    await again.close();
  });

  it('refuses a file that is no database', async () => {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${bench.directory}/spool.db`, 'this is certainly not a database file, is it?'.repeat(100));
    expect(() => bench.spool()).to.throw(/not a database/);
  });
});
