import { join } from 'node:path';
import { expect } from 'chai';
import { Shipper } from '../../collectors/ship.ts';
import type { Spool } from '../../collectors/spool.ts';
import type { Bus } from '../../platform/bus/port.ts';
import { openSqliteBus } from '../../platform/bus/sqlite.ts';
import { decodeEntry, isTick, type BusEntry, type LogRecord, type Tick } from '../../platform/record.ts';
import { createBench, until, type Bench } from './fixture.ts';

const everything = { messages: 100_000, bytes: 1e9 };

describe('Shipper', () => {
  let bench: Bench;
  let spool: Spool;
  let bus: Bus;
  const shippers: Shipper[] = [];

  const start = (options: { bus?: Bus; tickMs?: number } = {}): Shipper => {
    const { clock, log, metrics } = bench;
    const shipper = new Shipper({ spool, bus, agency: 'ct', clock, log, metrics, tickMs: 1e6, ...options });
    shippers.push(shipper);
    shipper.start();
    return shipper;
  };
  const entries = async (): Promise<readonly BusEntry[]> =>
    (await bus.read('canh.records', 0, 1, everything)).map(({ value }) => decodeEntry(value));
  const records = async (): Promise<readonly LogRecord[]> =>
    (await entries()).filter((entry): entry is LogRecord => !isTick(entry));
  const ticks = async (): Promise<readonly Tick[]> => (await entries()).filter(isTick);
  const append = async (...lines: readonly string[]): Promise<void> =>
    void (await spool.append('i', { lines }, {}));

  beforeEach(() => {
    bench = createBench();
    spool = bench.spool();
    bus = openSqliteBus(join(bench.directory, 'bus.db'));
  });
  afterEach(async () => {
    for (const shipper of shippers.splice(0)) await shipper.stop();
    await spool.close();
    await bus.close();
    bench.dispose();
  });

  it('stamps what the spool holds, appends it in order under the agency, and forgets it', async () => {
    await append('a', 'b');
    start();
    await append('c');
    await until(async () => (await records()).length === 3);
    await until(() => spool.bytes === 0);
    expect(
      (await records()).map(({ seq, line, agency, accepted }) => [seq, line, agency, accepted]),
    ).to.deep.equal(['a', 'b', 'c'].map((line, i) => [i + 1, line, 'ct', bench.clock.time]));
    const [first] = await bus.read('canh.records', 0, 1, everything);
    expect(first?.key).to.equal('ct');
  });

  it('sends a batch again with the same numbers when it was not known to have arrived', async () => {
    await append('a', 'b');
    let crashes = 1;
    const forgetful: Bus = {
      ...bus,
      append: async (...args) => {
        const offset = await bus.append(...args);
        crashes -= 1;
        if (crashes >= 0) throw new Error('the answer was lost');
        return offset;
      },
    };
    start({ bus: forgetful });
    await until(() => spool.bytes === 0);
    const numbers = (await records()).map(({ epoch, seq }) => `${epoch} ${String(seq)}`);
    expect(numbers).to.deep.equal(['e1 1', 'e1 2', 'e1 1', 'e1 2']);
  });

  it('keeps everything while the bus fails, says so, and goes on when it works again', async () => {
    let broken = true;
    const failing: Bus = {
      ...bus,
      append: async (...args) => {
        if (broken) throw new Error('no bus');
        return await bus.append(...args);
      },
    };
    await append('a');
    const shipper = start({ bus: failing });
    await until(() => shipper.health().state === 'degraded');
    expect(shipper.health().detail).to.match(/wait in the spool: no bus/);
    await append('b');
    expect(spool.bytes).to.be.greaterThan(0);
    broken = false;
    await until(() => shipper.health().state === 'ok' && spool.bytes === 0);
    expect((await records()).map(({ line }) => line)).to.deep.equal(['a', 'b']);
  });

  it('can be stopped while the bus fails', async () => {
    await append('a');
    const shipper = start({ bus: { ...bus, append: async () => await Promise.reject(new Error('no bus')) } });
    await until(() => shipper.health().state === 'degraded');
    await shipper.stop();
    expect(spool.bytes).to.be.greaterThan(0);
  });

  it('writes ticks, also when there is nothing to ship', async () => {
    start({ tickMs: 1 });
    await until(async () => (await ticks()).length >= 3);
    expect((await ticks()).every(({ tick }) => tick === bench.clock.time)).to.equal(true);
  });

  it('never accepts earlier than before when the clock goes back, and says so once', async () => {
    const shipper = start();
    const sent: number[] = [];
    for (const move of [0, 1000, -500_000, 10, 400_000, 200_000]) {
      bench.clock.time += move;
      await append('x');
      await until(() => spool.bytes === 0);
      sent.push(bench.clock.time);
      if (move === 10) expect(shipper.health()).to.include({ state: 'degraded' });
    }
    const accepted = (await records()).map((record) => record.accepted);
    expect(accepted).to.deep.equal(accepted.toSorted((a, b) => a - b));
    expect(accepted.at(1)).to.equal(accepted.at(2));
    expect(accepted.at(-1)).to.equal(sent.at(-1));
    expect(bench.log.entries.filter(({ level }) => level === 'warn')).to.have.length(1);
    expect(shipper.health().state).to.equal('ok');
  });

  it('takes a clock 40 years off as it is', async () => {
    bench.clock.time += 40 * 365 * 86_400_000;
    await append('x');
    start();
    await until(async () => (await records()).length === 1);
    expect((await records())[0]?.accepted).to.equal(bench.clock.time);
  });
});
