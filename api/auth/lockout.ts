import { isIPv6 } from 'node:net';

/** Failures after which a name has to wait. */
export const NAME_FAILURES_MAX = 5;
/** Failures after which an address has to wait; more than for a name, because an office shares one address. */
export const ADDRESS_FAILURES_MAX = 20;
/** The first wait; it doubles with every further failure. */
export const LOCK_MS_FIRST = 60_000;
export const LOCK_MS_MAX = 15 * 60_000;
/** Failures are forgotten when nothing follows for so long. */
const MEMORY_MS = 60 * 60_000;
/** Names and addresses remembered; beyond it the one that failed longest ago is forgotten. */
export const LOCKOUT_KEYS_MAX = 20_000;

interface Entry {
  failures: number;
  last: number;
  lockedUntil: number;
}

/** Counts failed sign-ins by name and by source address. */
export interface Lockout {
  /**
   * Books an attempt as failed before it is known how it ends, so that many at once cannot slip through, and returns 0;
   * or returns the milliseconds to wait, without booking anything.
   */
  attempt(name: string, address: string, now: number): number;
  /** The attempt was right: the name starts afresh, and the address is given this one attempt back. */
  succeed(name: string, address: string): void;
}

export function createLockout(): Lockout {
  const entries = new Map<string, Entry>();

  function current(key: string, now: number): Entry {
    const entry = entries.get(key);
    if (entry === undefined || now - entry.last > MEMORY_MS)
      return { failures: 0, last: now, lockedUntil: 0 };
    return entry;
  }

  function book(key: string, failuresMax: number, now: number): void {
    const entry = current(key, now);
    entry.failures += 1;
    entry.last = now;
    if (entry.failures >= failuresMax) {
      const doublings = Math.min(entry.failures - failuresMax, 10);
      entry.lockedUntil = now + Math.min(LOCK_MS_FIRST * 2 ** doublings, LOCK_MS_MAX);
    }
    // A map keeps the order of insertion: the first key is the one that failed longest ago.
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > LOCKOUT_KEYS_MAX) {
      const oldest = entries.keys().next();
      if (oldest.done !== true) entries.delete(oldest.value);
    }
  }

  return {
    attempt(name, address, now) {
      const keys = keysOf(name, address);
      const until = Math.max(current(keys.name, now).lockedUntil, current(keys.address, now).lockedUntil);
      if (until > now) return until - now;
      book(keys.name, NAME_FAILURES_MAX, now);
      book(keys.address, ADDRESS_FAILURES_MAX, now);
      return 0;
    },
    succeed(name, address) {
      const keys = keysOf(name, address);
      entries.delete(keys.name);
      const entry = entries.get(keys.address);
      if (entry === undefined) return;
      entry.failures -= 1;
      // Only this attempt can have locked it: while an address is locked, none is let through.
      entry.lockedUntil = 0;
    },
  };
}

function keysOf(name: string, address: string): { readonly name: string; readonly address: string } {
  return { name: `name ${name}`, address: `address ${network(address)}` };
}

/** IPv4 as it is; of IPv6 the /64, because one host has the whole of it. */
export function network(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = (plain.split('%')[0] ?? '').toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  if (tail !== undefined) while (groups.length + after.length < 8) groups.push('0');
  return [...groups, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
