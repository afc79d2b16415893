/** Wall-clock parts in a zone. `month` counts from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Whether the browser knows the IANA zone. */
export function isZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What a clock on the wall of `zone` shows at `timeMs`. */
export function wallTime(timeMs: number, zone: string): WallTime {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(timeMs)) {
    if (type !== 'literal') parts[type] = Number(value);
  }
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/** Minutes that `zone` is ahead of UTC at `timeMs`. */
function offsetMinutes(timeMs: number, zone: string): number {
  const wall = wallTime(timeMs, zone);
  return Math.round((asUtc(wall) - Math.floor(timeMs / 1000) * 1000) / 60_000);
}

/** `UTC+7`, `UTC−3:30`, `UTC`. */
export function offsetLabel(timeMs: number, zone: string): string {
  const minutes = offsetMinutes(timeMs, zone);
  if (minutes === 0) return 'UTC';
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes > 0 ? '+' : '−'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

/** The moment at which the clock of `zone` shows `wall`; undefined when no calendar has that date. */
export function timeOfWall(wall: WallTime, zone: string): number | undefined {
  const naive = asUtc(wall);
  const check = new Date(naive);
  if (check.getUTCDate() !== wall.day || check.getUTCMonth() + 1 !== wall.month) return undefined;
  // The offset depends on the moment, which depends on the offset: the second round settles it around a clock change.
  const first = naive - offsetMinutes(naive, zone) * 60_000;
  return naive - offsetMinutes(first, zone) * 60_000;
}

function asUtc(wall: WallTime): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}
