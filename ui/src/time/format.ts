import { wallTime } from './zone.ts';

export type Language = 'vi' | 'en';

/** `23/11/2026 14:05:09` in Vietnamese, `2026-11-23 14:05:09` in English; 24 hours, in the zone. */
export function formatDateTime(timeMs: number, zone: string, language: Language): string {
  return `${formatDate(timeMs, zone, language)} ${formatClock(timeMs, zone, true)}`;
}

/** The day alone. */
export function formatDate(timeMs: number, zone: string, language: Language): string {
  const { year, month, day } = wallTime(timeMs, zone);
  return language === 'vi' ? `${pad(day)}/${pad(month)}/${year}` : `${year}-${pad(month)}-${pad(day)}`;
}

/** The time of day alone. */
export function formatClock(timeMs: number, zone: string, seconds: boolean): string {
  const { hour, minute, second } = wallTime(timeMs, zone);
  return `${pad(hour)}:${pad(minute)}${seconds ? `:${pad(second)}` : ''}`;
}

const steps = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const;
export type RelativeUnit = (typeof steps)[number]['unit'] | 'now';

/** How long ago, in the largest whole unit; under a minute, and what a wrong clock puts ahead of us, is `now`. */
export function relative(
  timeMs: number,
  nowMs: number,
): { readonly unit: RelativeUnit; readonly count: number } {
  const age = nowMs - timeMs;
  for (const { unit, ms } of steps) if (age >= ms) return { unit, count: Math.floor(age / ms) };
  return { unit: 'now', count: 0 };
}

/** 1234567 → `1.234.567` (vi) or `1,234,567` (en). */
export function formatCount(count: number, language: Language): string {
  return new Intl.NumberFormat(language === 'vi' ? 'vi-VN' : 'en-GB').format(count);
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
