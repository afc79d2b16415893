import { hash } from 'node:crypto';
import { invariant } from './errors/index.ts';

const ALPHABET = '0123456789abcdefghijklmnopqrstuv';
const TIME_MS_MAX = 2 ** 48 - 1;
const TIME_CHARS = 10;
const HASH_CHARS = 16;

/**
 * Id of an event or an alert: 48 bits of acceptance time and 80 bits of SHA-256 over `parts`, as 26 characters of
 * base32hex in lower case. Ids sort by time, and the time names the day or month that holds the document.
 */
export function timedId(acceptedMs: number, parts: readonly (string | number)[]): string {
  invariant(
    Number.isInteger(acceptedMs) && acceptedMs >= 0 && acceptedMs <= TIME_MS_MAX,
    'id time out of range',
  );
  const digest = hash('sha256', JSON.stringify(parts), 'buffer');
  let time = '';
  let rest = acceptedMs * 4;
  for (let i = 0; i < TIME_CHARS; i += 1) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return time + base32(digest);
}

/** Acceptance time in milliseconds of an id made by `timedId`; undefined for anything else. */
export function timeOfId(id: string): number | undefined {
  if (id.length !== TIME_CHARS + HASH_CHARS) return undefined;
  let value = 0;
  for (let i = 0; i < TIME_CHARS; i += 1) {
    const digit = ALPHABET.indexOf(id.charAt(i));
    if (digit < 0) return undefined;
    value = value * 32 + digit;
  }
  return Math.floor(value / 4);
}

/** First 80 bits of a digest as base32hex. */
function base32(digest: Buffer): string {
  let out = '';
  let bits = 0;
  let held = 0;
  for (let i = 0; out.length < HASH_CHARS; i += 1) {
    held = (held << 8) | (digest[i] ?? 0);
    bits += 8;
    while (bits >= 5 && out.length < HASH_CHARS) {
      bits -= 5;
      out += ALPHABET.charAt((held >> bits) & 31);
      held &= (1 << bits) - 1;
    }
  }
  return out;
}
