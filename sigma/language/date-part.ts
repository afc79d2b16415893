export const dateParts = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type DatePart = (typeof dateParts)[number];

const dayMs = 86_400_000;
/** Numbers below are seconds since 1970, from here on milliseconds: the year 5138 in seconds, 1973 in milliseconds. */
const millisecondsFrom = 1e11;

const isoDate =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,12})?)?(?: ?(Z|[+-]\d{2}:?\d{2}|[+-]\d{2}))?)?$/i;

/**
 * One part of the point in time that a value names, in UTC (a zone it names is honoured); the week is that of ISO
 * 8601. Undefined where the value names none. Sigma 2.1 leaves zones and the kind of week open.
 */
export function datePartOf(value: unknown, part: DatePart): number | undefined {
  const time = timeOf(value);
  if (time === undefined) return undefined;
  const date = new Date(time);
  switch (part) {
    case 'minute':
      return date.getUTCMinutes();
    case 'hour':
      return date.getUTCHours();
    case 'day':
      return date.getUTCDate();
    case 'week':
      return isoWeek(time);
    case 'month':
      return date.getUTCMonth() + 1;
    case 'year':
      return date.getUTCFullYear();
  }
}

/** Milliseconds since 1970 of an ISO date or a number of seconds or milliseconds. */
function timeOf(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : undefined;
  if (number !== undefined) {
    const time = Math.abs(number) < millisecondsFrom ? number * 1000 : number;
    return Number.isNaN(new Date(time).getTime()) ? undefined : time;
  }
  if (typeof value !== 'string' || value.length > 64) return undefined;
  const match = isoDate.exec(value);
  if (match === null) return /^\d{9,13}$/.test(value) ? timeOf(Number(value)) : undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((n) => Number(n ?? 0));
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const rolled = new Date(time).getUTCDate() !== day || month < 1 || month > 12;
  return rolled || hour > 23 || minute > 59 || second > 60 ? undefined : time - offsetMs(match[7]);
}

function offsetMs(zone: string | undefined): number {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0);
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** A week belongs to the year that holds its Thursday. */
function isoWeek(time: number): number {
  const weekday = (new Date(time).getUTCDay() + 6) % 7;
  const thursday = Math.floor(time / dayMs) * dayMs + (3 - weekday) * dayMs;
  const firstOfYear = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - firstOfYear) / (7 * dayMs)) + 1;
}
