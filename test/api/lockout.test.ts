import { expect } from 'chai';
import {
  ADDRESS_FAILURES_MAX,
  createLockout,
  LOCK_MS_FIRST,
  LOCK_MS_MAX,
  LOCKOUT_KEYS_MAX,
  NAME_FAILURES_MAX,
  network,
} from '../../api/auth/lockout.ts';

const HOUR = 3_600_000;

function times(count: number, act: (n: number) => void): void {
  for (let n = 0; n < count; n += 1) act(n);
}

describe('createLockout', () => {
  it('lets a name fail so many times and no more', () => {
    const lockout = createLockout();
    times(NAME_FAILURES_MAX, (n) => expect(lockout.attempt('lan', `10.0.0.${n}`, n)).to.equal(0));
    expect(lockout.attempt('lan', '10.0.0.99', NAME_FAILURES_MAX)).to.be.greaterThan(0);
    expect(lockout.attempt('minh', '10.0.0.99', NAME_FAILURES_MAX)).to.equal(0);
  });

  it('lets an address fail so many times, whatever the names, and no more', () => {
    const lockout = createLockout();
    times(ADDRESS_FAILURES_MAX, (n) => expect(lockout.attempt(`name${n}`, '10.0.0.1', 0)).to.equal(0));
    expect(lockout.attempt('another', '10.0.0.1', 1)).to.be.greaterThan(0);
    expect(lockout.attempt('another', '10.0.0.2', 1)).to.equal(0);
  });

  it('waits twice as long after each further failure, up to 15 minutes', () => {
    const lockout = createLockout();
    let now = 0;
    times(NAME_FAILURES_MAX, () => lockout.attempt('lan', 'a', now));
    const waits: number[] = [];
    times(7, (n) => {
      const wait = lockout.attempt('lan', `b${n}`, now);
      waits.push(wait);
      now += wait;
      expect(lockout.attempt('lan', `b${n}`, now)).to.equal(0);
    });
    expect(waits).to.deep.equal([1, 2, 4, 8, 15, 15, 15].map((minutes) => minutes * LOCK_MS_FIRST));
    expect(Math.max(...waits)).to.equal(LOCK_MS_MAX);
  });

  it('books no failure while it is locked', () => {
    const lockout = createLockout();
    times(NAME_FAILURES_MAX, () => lockout.attempt('lan', 'a', 0));
    times(100, () => lockout.attempt('lan', 'a', 1));
    expect(lockout.attempt('lan', 'a', LOCK_MS_FIRST)).to.equal(0);
  });

  it('forgets the failures of a name that gets in, and that one attempt of its address', () => {
    const lockout = createLockout();
    times(ADDRESS_FAILURES_MAX * 2, () => {
      expect(lockout.attempt('lan', 'office', 0)).to.equal(0);
      lockout.succeed('lan', 'office');
    });
    times(NAME_FAILURES_MAX - 1, () => lockout.attempt('lan', 'office', 0));
    expect(lockout.attempt('lan', 'office', 0)).to.equal(0);
  });

  it('does not let one right name wash away what its address tries on others', () => {
    const lockout = createLockout();
    let refused = 0;
    times(ADDRESS_FAILURES_MAX * 2, (n) => {
      if (lockout.attempt(`victim${n}`, 'x', 0) > 0) refused += 1;
      else if (lockout.attempt('mine', 'x', 0) === 0) lockout.succeed('mine', 'x');
    });
    expect(refused).to.be.greaterThan(0);
  });

  it('does not lock an address again for an attempt that was right', () => {
    const lockout = createLockout();
    times(ADDRESS_FAILURES_MAX, (n) => lockout.attempt(`name${n}`, 'office', 0));
    expect(lockout.attempt('lan', 'office', LOCK_MS_FIRST)).to.equal(0);
    lockout.succeed('lan', 'office');
    expect(lockout.attempt('minh', 'office', LOCK_MS_FIRST)).to.equal(0);
  });

  it('forgets after an hour', () => {
    const lockout = createLockout();
    times(NAME_FAILURES_MAX - 1, () => lockout.attempt('lan', 'a', 0));
    expect(lockout.attempt('lan', 'a', HOUR + 1)).to.equal(0);
    expect(lockout.attempt('lan', 'a', HOUR + 2)).to.equal(0);
  });

  it('remembers so many names and addresses, and then forgets the oldest', () => {
    const lockout = createLockout();
    times(NAME_FAILURES_MAX, () => lockout.attempt('lan', 'a', 0));
    times(LOCKOUT_KEYS_MAX / 2 - 1, (n) => lockout.attempt(`n${n}`, `a${n}`, 1));
    expect(lockout.attempt('lan', 'z', 2)).to.be.greaterThan(0);
    lockout.attempt('one more', 'one more', 2);
    expect(lockout.attempt('lan', 'z', 2)).to.equal(0);
  });
});

describe('network', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:1:2::9', '2001:db8:1:2'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['2001:db8::', '2001:db8:0:0'],
    ['', ''],
  ];
  for (const [address, expected] of cases) {
    it(`of "${address}" is "${expected}"`, () => expect(network(address)).to.equal(expected));
  }
});
