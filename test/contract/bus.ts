import { expect } from 'chai';
import type { Bus, Message } from '../../platform/bus/port.ts';

const anything = { messages: 1000, bytes: 1_000_000 };

function numbered(from: number, to: number): readonly Message[] {
  return Array.from({ length: to - from + 1 }, (_, i) => ({ key: 'soc', value: `m${from + i}` }));
}

/** The cases that every bus passes. `open` gives a bus on the same log each time, `reset` an empty one. */
export function busContract(
  name: string,
  { open, reset }: { open: () => Promise<Bus>; reset: () => Promise<void> },
): void {
  describe(`Bus contract: ${name}`, () => {
    let bus: Bus;
    beforeEach(async () => {
      await reset();
      bus = await open();
    });
    afterEach(() => bus.close());

    const readAll = async (from = 0) =>
      (await bus.read('canh.records', 0, from, anything)).map(({ value }) => value);

    it('an empty partition reads as nothing', async () => {
      expect(await readAll()).to.deep.equal([]);
    });

    it('messages come back in order, with growing offsets and their keys', async () => {
      const last = await bus.append('canh.records', 0, numbered(1, 5));
      const read = await bus.read('canh.records', 0, 0, anything);
      expect(read.map(({ value }) => value)).to.deep.equal(['m1', 'm2', 'm3', 'm4', 'm5']);
      expect(read.map(({ key }) => key)).to.deep.equal(Array(5).fill('soc'));
      expect(read.every(({ offset }, i) => i === 0 || offset > (read[i - 1]?.offset ?? 0))).to.equal(true);
      expect(read.at(-1)?.offset).to.equal(last);
    });

    it('reading from an offset begins with that message', async () => {
      await bus.append('canh.records', 0, numbered(1, 5));
      const third = (await bus.read('canh.records', 0, 0, anything))[2];
      expect(await readAll(third?.offset)).to.deep.equal(['m3', 'm4', 'm5']);
    });

    it('a read stops at its number of messages', async () => {
      await bus.append('canh.records', 0, numbered(1, 5));
      expect(await bus.read('canh.records', 0, 0, { messages: 2, bytes: 1000 })).to.have.length(2);
    });

    it('a read stops at its bytes, but gives one message whatever its size', async () => {
      const big = 'x'.repeat(600_000);
      await bus.append(
        'canh.records',
        0,
        [big, big, 'small'].map((value) => ({ key: 'soc', value })),
      );
      expect(await bus.read('canh.records', 0, 0, { messages: 10, bytes: 1000 })).to.have.length(1);
      expect(await bus.read('canh.records', 0, 0, { messages: 10, bytes: 2_000_000 })).to.have.length(3);
    });

    it('what was appended is there for whoever opens it later', async () => {
      await bus.append('canh.records', 0, numbered(1, 3));
      const other = await open();
      expect((await other.read('canh.records', 0, 0, anything)).map(({ value }) => value)).to.deep.equal([
        'm1',
        'm2',
        'm3',
      ]);
      await other.close();
    });

    it('lag counts what is not committed, for each group', async () => {
      await bus.append('canh.records', 0, numbered(1, 5));
      const third = (await bus.read('canh.records', 0, 0, anything))[2];
      await bus.commit('a', 'canh.records', 0, third?.offset ?? 0);
      expect([await bus.lag('a', 'canh.records', 0), await bus.lag('b', 'canh.records', 0)]).to.deep.equal([
        3, 5,
      ]);
    });

    it('trimming forgets what is before the offset, and numbers go on', async () => {
      const last = await bus.append('canh.records', 0, numbered(1, 5));
      await bus.trim('canh.records', 0, last + 1);
      expect(await readAll()).to.deep.equal([]);
      expect(await bus.append('canh.records', 0, numbered(6, 6))).to.be.greaterThan(last);
      expect(await readAll()).to.deep.equal(['m6']);
    });

    it('values keep every character', async () => {
      const value = 'Cần Thơ \u{1f6e1} \u0000 "\\';
      await bus.append('canh.records', 0, [{ key: 'đ', value }]);
      expect(await readAll()).to.deep.equal([value]);
    });
  });
}
