import { expect } from 'chai';
import fc from 'fast-check';
import { timedId, timeOfId } from '../../platform/ids.ts';

const TIME_MAX = 2 ** 48 - 1;

describe('timedId', () => {
  it('is the same for the same parts, and 26 characters long', () => {
    expect(timedId(1_795_000_000_000, ['a', 1])).to.equal(timedId(1_795_000_000_000, ['a', 1]));
    expect(timedId(0, [])).to.match(/^[0-9a-v]{26}$/);
  });

  it('differs by any part, also where the parts join to the same text', () => {
    const ids = [
      timedId(5, ['a', 'b']),
      timedId(5, ['ab']),
      timedId(5, ['a', 'b', '']),
      timedId(5, ['1']),
      timedId(5, [1]),
    ];
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('sorts by time and tells it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: TIME_MAX }), fc.integer({ min: 0, max: TIME_MAX }), (a, b) => {
        const [first, second] = [timedId(a, ['x']), timedId(b, ['y'])];
        expect(timeOfId(first)).to.equal(a);
        if (a !== b) expect(first < second).to.equal(a < b);
      }),
    );
  });

  it('refuses a time outside 48 bits', () => {
    expect(() => timedId(TIME_MAX + 1, [])).to.throw('id time');
    expect(() => timedId(-1, [])).to.throw('id time');
  });
});

describe('timeOfId', () => {
  for (const other of ['', 'admin', 'z'.repeat(26), '0'.repeat(25)]) {
    it(`knows that ${JSON.stringify(other)} is none`, () => {
      expect(timeOfId(other)).to.equal(undefined);
    });
  }
});
