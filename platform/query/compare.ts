import type { Query } from './ast.ts';
import { fold } from './tokens.ts';

export type RangeQuery = Extract<Query, { kind: 'range' }>;
type Bound = NonNullable<RangeQuery['lower']>;

/** What a date means: the times from `start` to before `end`, in milliseconds. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

const DAY_MS = 86_400_000;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
const DATE =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?)?$/i;

/**
 * The interval that a date of ISO 8601 means: a day, a minute, a millisecond, as precisely as it is written. Without a
 * zone it is UTC. Undefined for anything else.
 */
export function dateInterval(text: string): Interval | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day, hour, minute, second, fraction, zone = 'Z'] = match;
  const part = (digits: string | undefined, least: number): number =>
    digits === undefined ? least : Number(digits);
  const parts = [part(day, 1), part(hour, 0), part(minute, 0), part(second, 0)] as const;
  const midnight = new Date(0);
  midnight.setUTCFullYear(Number(year), Number(month) - 1, parts[0]);
  if (midnight.getUTCMonth() !== Number(month) - 1 || parts[1] > 24 || parts[2] > 59 || parts[3] > 60) {
    return undefined;
  }
  if (day === undefined) {
    const next = new Date(midnight);
    next.setUTCMonth(next.getUTCMonth() + 1);
    return { start: midnight.getTime(), end: next.getTime() };
  }
  const millis = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  const seconds = (parts[1] * 60 + parts[2]) * 60 + parts[3];
  const start = midnight.getTime() + seconds * 1000 + millis - zoneMs(zone);
  const length =
    hour === undefined ? DAY_MS : second === undefined ? 60_000 : fraction === undefined ? 1000 : 1;
  return { start, end: start + length };
}

function zoneMs(zone: string): number {
  if (zone.length === 1) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/**
 * Test of a range: numbers where value and bound are both numbers, else times where both are dates, else folded text. A
 * bound that is an interval takes all of it in: `<= 2026-11-23` goes to the end of that day.
 */
export function compileRange(range: RangeQuery): (value: string | number | boolean) => boolean {
  const { lower, upper } = range;
  const above = lower === undefined ? undefined : compileBound(lower);
  const below = upper === undefined ? undefined : compileBound(upper);
  return (value) => {
    const operand = toOperand(value);
    if (above !== undefined && lower !== undefined) {
      const order = above(operand, lower.inclusive ? 'start' : 'end');
      if (order < 0 || (order === 0 && !lower.inclusive)) return false;
    }
    if (below !== undefined && upper !== undefined) {
      const order = below(operand, upper.inclusive ? 'end' : 'start');
      if (order > 0 || (order === 0 && !upper.inclusive)) return false;
    }
    return true;
  };
}

interface Operand {
  readonly text: string;
  readonly number: number | undefined;
}

function toOperand(value: string | number | boolean): Operand {
  if (typeof value === 'number') return { text: String(value), number: value };
  const text = String(value);
  return { text, number: NUMBER.test(text) ? Number(text) : undefined };
}

/** How a value lies to a bound: below (negative), at it (0) or above; of an interval, to its start or its last moment. */
function compileBound(bound: Bound): (value: Operand, side: keyof Interval) => number {
  const operand = toOperand(bound.value);
  const interval = operand.number === undefined ? dateInterval(bound.value) : undefined;
  const folded = fold(bound.value);
  return (value, side) => {
    if (value.number !== undefined && operand.number !== undefined) return value.number - operand.number;
    if (interval !== undefined) {
      const at = dateInterval(value.text)?.start;
      if (at !== undefined) return at - (side === 'start' ? interval.start : interval.end - 1);
    }
    const text = fold(value.text);
    return text < folded ? -1 : text > folded ? 1 : 0;
  };
}
