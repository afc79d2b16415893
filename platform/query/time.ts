import { CanhError } from '../errors/index.ts';

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Milliseconds of an absolute time (ISO 8601) or one relative to `nowMs`: `now`, `now-24h`, or short `24h`; units s, m, h,
 * d, w. Throws `query_syntax`.
 */
export function parseTime(text: string, nowMs: number): number {
  const trimmed = text.trim();
  if (trimmed === 'now') return nowMs;
  const relative = /^(?:now-)?(\d{1,6})([smhdw])$/.exec(trimmed);
  if (relative !== null) return nowMs - Number(relative[1]) * (UNITS_MS[relative[2] ?? ''] ?? 0);
  const absolute = /^\d{4}-\d{2}/.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  if (Number.isNaN(absolute)) {
    throw new CanhError(
      'query_syntax',
      `"${trimmed.slice(0, 40)}" is no time; write 2026-11-23T10:00:00Z, 24h or now-7d.`,
    );
  }
  return absolute;
}
