import { timeOfWall } from './zone.ts';

/** A bound as it stands in the URL: `now`, `now-24h`, an ISO time in UTC, or empty for none. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

export const presets = ['now-15m', 'now-1h', 'now-24h', 'now-7d', 'now-30d', 'now-365d', ''] as const;
export const defaultRange: TimeRange = { from: 'now-7d', to: '' };

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const TIME_TEXT_MAX = 64;

/** Milliseconds of a bound; undefined when it is empty or cannot be read. */
export function resolveBound(bound: string, nowMs: number): number | undefined {
  if (bound === '' || bound.length > TIME_TEXT_MAX) return undefined;
  if (bound === 'now') return nowMs;
  const ago = /^now-(\d{1,6})([smhdw])$/.exec(bound);
  if (ago !== null) return nowMs - Number(ago[1]) * (unitMs[ago[2] ?? ''] ?? 0);
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(bound) ? Date.parse(bound) : Number.NaN;
  return Number.isNaN(iso) ? undefined : iso;
}

/** Whether a bound from the URL can be used. */
export function isBound(bound: string): boolean {
  return bound === '' || resolveBound(bound, 0) !== undefined;
}

/**
 * A bound as a person types it: `now-3h`, `3h`, `23/11/2026 14:05`, `2026-11-23 14:05:09`, an ISO time or Unix seconds;
 * dates without an offset are of `zone`. Undefined when it cannot be read.
 */
export function parseBound(typed: string, zone: string): string | undefined {
  const text = typed.trim();
  if (text.length > TIME_TEXT_MAX) return undefined;
  if (text === '' || text === 'now') return text;
  const ago = /^(?:now-)?(\d{1,6})([smhdw])$/.exec(text);
  if (ago !== null) return `now-${ago[1] ?? ''}${ago[2] ?? ''}`;
  if (/^\d{9,10}$/.test(text)) return toIso(Number(text) * 1000);
  if (/^\d{12,13}$/.test(text)) return toIso(Number(text));
  if (/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text)) return toIso(Date.parse(text));
  const wall = parseWall(text);
  return wall === undefined ? undefined : toIso(timeOfWall(wall, zone) ?? Number.NaN);
}

/** Two times pasted into one field, parted by a dash with spaces, an arrow, a tab, a line feed or a word. */
export function splitPasted(text: string): readonly [string, string] | undefined {
  const parts = text.trim().split(/\s+(?:-|–|—|→|to|đến)\s+|[\t\n]+|\s*→\s*/);
  const [from, to] = parts;
  return parts.length === 2 && from !== undefined && to !== undefined ? [from, to] : undefined;
}

/** The range moved by half its width: earlier (-1) or later (+1), as absolute times. An open start stays as it is. */
export function shiftRange(range: TimeRange, direction: -1 | 1, nowMs: number): TimeRange {
  return change(range, nowMs, (from, to) => {
    const step = ((to - from) / 2) * direction;
    return [from + step, to + step];
  });
}

/** Twice as wide around the same middle, never into the future. */
export function zoomOut(range: TimeRange, nowMs: number): TimeRange {
  return change(range, nowMs, (from, to) => {
    const half = (to - from) / 2;
    return [from - half, Math.max(to, Math.min(to + half, nowMs))];
  });
}

/** The same range in absolute times, for sharing. */
export function absoluteRange(range: TimeRange, nowMs: number): TimeRange {
  return change(range, nowMs, (from, to) => [from, to]);
}

function change(
  range: TimeRange,
  nowMs: number,
  move: (from: number, to: number) => readonly [number, number],
): TimeRange {
  const from = resolveBound(range.from, nowMs);
  if (from === undefined) return range;
  const [nextFrom, nextTo] = move(from, resolveBound(range.to, nowMs) ?? nowMs);
  return { from: toIso(nextFrom) ?? range.from, to: toIso(nextTo) ?? range.to };
}

function parseWall(text: string) {
  const [, date = '', hour = '0', minute = '0', second = '0'] =
    /^(\S{8,10})(?:[ T](\d{1,2}):(\d\d)(?::(\d\d))?)?$/.exec(text) ?? [];
  const vi = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(date);
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date);
  const [year, month, day] =
    vi !== null ? [vi[3], vi[2], vi[1]] : iso !== null ? [iso[1], iso[2], iso[3]] : [];
  if (year === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
}

function toIso(timeMs: number): string | undefined {
  return Number.isNaN(timeMs) || Math.abs(timeMs) > 8.64e15 ? undefined : new Date(timeMs).toISOString();
}
