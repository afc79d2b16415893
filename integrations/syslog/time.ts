const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const OFFSETS_MAX = 10_000;
const OFFSET_BUCKET_MS = 15 * 60_000;

/** A wall-clock reading before its zone is known; month from 1. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
}

/** Month from 1 of its English abbreviation; 0 for anything else. */
export function monthNumber(name: string): number {
  return MONTHS.indexOf(name) + 1;
}

/** UTC milliseconds of a local time; undefined where the calendar has no such moment. Unknown zones count as UTC. */
export function localToUtc(local: LocalTime, zone: string | undefined): number | undefined {
  const asUtc = Date.UTC(
    local.year,
    local.month - 1,
    local.day,
    local.hour,
    local.minute,
    local.second,
    local.ms,
  );
  const check = new Date(asUtc);
  // Date.UTC rolls 31 February over into March; second 60 is a leap second and may roll.
  if (local.hour > 23 || local.minute > 59 || local.second > 60) return undefined;
  if (Number.isNaN(asUtc) || (local.second < 60 && check.getUTCDate() !== local.day)) return undefined;
  if (local.month < 1 || local.month > 12 || local.day < 1 || local.day > 31) return undefined;
  if (zone === undefined || zone === 'UTC') return asUtc;
  // The offset depends on the moment sought, so it is read twice: around a change of daylight saving they differ.
  const first = asUtc - zoneOffset(zone, asUtc);
  return asUtc - zoneOffset(zone, first);
}

/**
 * Completes a time without a year (RFC 3164 §4.1.2) with the year that brings it closest to the time of acceptance, so
 * that a December line accepted in January stays in December.
 */
export function closestYear(
  local: Omit<LocalTime, 'year'>,
  accepted: number,
  zone: string | undefined,
): number | undefined {
  const year = new Date(accepted).getUTCFullYear();
  let best: number | undefined;
  for (const candidate of [year, year - 1, year + 1]) {
    const time = localToUtc({ ...local, year: candidate }, zone);
    if (time === undefined) continue;
    if (best === undefined || Math.abs(time - accepted) < Math.abs(best - accepted)) best = time;
  }
  return best;
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;

/** Milliseconds of an RFC 3339 time; one without an offset is local to `zone`. */
export function parseIsoTime(text: string, zone: string | undefined): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const local: LocalTime = {
    year: Number(match[1]),
    month: Number(match[2]),
    day: Number(match[3]),
    hour: Number(match[4]),
    minute: Number(match[5]),
    second: Number(match[6]),
    ms: fractionToMs(match[7]),
  };
  const offset = match[8];
  if (offset === undefined) return localToUtc(local, zone);
  const utc = localToUtc(local, undefined);
  if (utc === undefined || offset === 'Z') return utc;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return offset.startsWith('-') ? utc + minutes * 60_000 : utc - minutes * 60_000;
}

/** Whole milliseconds of the digits after a decimal point. */
export function fractionToMs(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits.slice(0, 3).padEnd(3, '0'));
}

const formats = new Map<string, Intl.DateTimeFormat | undefined>();
const offsets = new Map<string, number>();

/** Milliseconds that `zone` is ahead of UTC at a moment. Intl is slow, so a quarter of an hour is asked once. */
function zoneOffset(zone: string, utc: number): number {
  const bucket = Math.floor(utc / OFFSET_BUCKET_MS) * OFFSET_BUCKET_MS;
  const key = `${zone} ${bucket}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const offset = readOffset(zone, bucket);
  if (offsets.size >= OFFSETS_MAX) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

function readOffset(zone: string, utc: number): number {
  const format = zoneFormat(zone);
  if (format === undefined) return 0;
  const parts = new Map(format.formatToParts(utc).map((part) => [part.type, Number(part.value)]));
  const read = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
  );
  return local - Math.floor(utc / 1000) * 1000;
}

function zoneFormat(zone: string): Intl.DateTimeFormat | undefined {
  if (formats.has(zone)) return formats.get(zone);
  if (formats.size >= OFFSETS_MAX) formats.clear();
  let format: Intl.DateTimeFormat | undefined;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    // The zone is a person's spelling in an input's configuration; a wrong one must not stop its lines.
  }
  formats.set(zone, format);
  return format;
}
