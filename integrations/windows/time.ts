import type { Native } from './native.ts';

/** Zones whose calendar is kept at hand; a further one replaces them all. */
const ZONES_MAX = 64;

/** 100 ns intervals from 1601, the epoch of FILETIME, to 1970. */
const FILETIME_EPOCH_MS = 11_644_473_600_000;

const HOUR_MS = 3_600_000;

interface Stamp {
  /** Milliseconds, as if the time were UTC where it names no zone. */
  readonly time: number;
  readonly zoned: boolean;
}

/**
 * Milliseconds of an event by its own account: the System time with its zone, then local times with the input's zone,
 * Sysmon's own `UtcTime`, the shipper's `@timestamp`, and at last local times taken as UTC. Undefined where there is none.
 */
export function eventTime(native: Native, zone: string | undefined): number | undefined {
  const created = parseStamp(native['TimeCreated_SystemTime'] ?? native['TimeCreated']);
  if (created?.zoned === true) return created.time;
  const local = parseStamp(native['EventTime']) ?? created;
  if (local?.zoned === true) return local.time;
  if (local !== undefined && zone !== undefined) {
    const placed = placeInZone(local.time, zone);
    if (placed !== undefined) return placed;
  }
  return (parseStamp(native['UtcTime']) ?? parseStamp(native['@timestamp']) ?? local)?.time;
}

/** Reads ISO 8601 (a space for `T`, any number of fraction digits), numbers since an epoch, and `/Date(ms)/`. */
export function parseStamp(value: unknown): Stamp | undefined {
  if (typeof value === 'number') return parseEpoch(value);
  if (typeof value !== 'string' || value.length < 10 || value.length > 40) return undefined;
  if (value.startsWith('/Date(') && value.endsWith(')/')) return parseEpoch(Number(value.slice(6, -2)));
  if (value.charCodeAt(4) !== 45) return parseEpoch(Number(value));
  return parseIso(value);
}

/** Seconds, milliseconds, microseconds, nanoseconds or FILETIME: told apart by size, unambiguous from 2002 to 2286. */
function parseEpoch(value: number): Stamp | undefined {
  if (!Number.isFinite(value) || value < 1e9) return undefined;
  if (value < 1e10) return { time: Math.floor(value * 1000), zoned: true };
  if (value < 1e13) return { time: Math.floor(value), zoned: true };
  if (value < 1e16) return { time: Math.floor(value / 1e3), zoned: true };
  if (value < 1e18) return { time: Math.floor(value / 1e4) - FILETIME_EPOCH_MS, zoned: true };
  if (value < 1e19) return { time: Math.floor(value / 1e6), zoned: true };
  return undefined;
}

function parseIso(text: string): Stamp | undefined {
  if (text.charCodeAt(7) !== 45 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined;
  const separator = text.charCodeAt(10);
  if (separator !== 84 && separator !== 32) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  if (!(year >= 1601 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return undefined;
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return undefined;
  let at = 19;
  let millis = 0;
  if (text.charCodeAt(at) === 46 || text.charCodeAt(at) === 44) {
    const start = at + 1;
    at = start;
    while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
    millis = Number(text.slice(start, Math.min(start + 3, at)).padEnd(3, '0'));
  }
  const time = Date.UTC(year, month - 1, day, hour, minute, second, millis);
  const offset = parseOffset(text.slice(at).trim());
  if (offset === undefined) return undefined;
  return offset === 'none' ? { time, zoned: false } : { time: time - offset, zoned: true };
}

/** Milliseconds east of UTC; `none` where the time names no zone; undefined where the rest is not understood. */
function parseOffset(rest: string): number | 'none' | undefined {
  if (rest === '') return 'none';
  if (rest === 'Z' || rest === 'z') return 0;
  const sign = rest.startsWith('+') ? 1 : rest.startsWith('-') ? -1 : 0;
  if (sign === 0) return undefined;
  const figures = rest.slice(1).replace(':', '');
  const hours = digits(figures, 0, 2);
  const minutes = figures.length === 2 ? 0 : digits(figures, 2, 4);
  if (!(hours <= 15 && minutes <= 59) || figures.length > 4) return undefined;
  return sign * (hours * 60 + minutes) * 60_000;
}

/** The number in `text` from `start` to `end`; NaN, which fails every comparison, where a character is no digit. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i += 1) {
    const code = text.charCodeAt(i);
    if (!(code >= 48 && code <= 57)) return Number.NaN;
    value = value * 10 + code - 48;
  }
  return value;
}

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** Offset of the hour asked for last: consecutive events ask for the same one. */
  hour: number;
  offset: number;
}

const zones = new Map<string, Zone | undefined>();

/** The UTC time of a wall-clock time in an IANA zone; undefined where the zone is unknown. */
function placeInZone(local: number, name: string): number | undefined {
  const zone = findZone(name);
  if (zone === undefined) return undefined;
  const guess = local - offsetAt(zone, local);
  return local - offsetAt(zone, guess);
}

function findZone(name: string): Zone | undefined {
  if (zones.has(name)) return zones.get(name);
  if (zones.size >= ZONES_MAX) zones.clear();
  let zone: Zone | undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    zone = { format, hour: Number.NaN, offset: 0 };
  } catch {
    zone = undefined;
  }
  zones.set(name, zone);
  return zone;
}

function offsetAt(zone: Zone, time: number): number {
  const hour = Math.floor(time / HOUR_MS);
  if (hour === zone.hour) return zone.offset;
  const label = zone.format.formatToParts(time).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const offset = parseOffset(label.slice('GMT'.length));
  zone.hour = hour;
  zone.offset = typeof offset === 'number' ? offset : 0;
  return zone.offset;
}
