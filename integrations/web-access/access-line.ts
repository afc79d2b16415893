import { isIP } from 'node:net';
import { parseAccessTime } from './access-time.ts';
import { readQuoted } from './quoted.ts';

/** One line of an access log, whatever its variant. Values are as sent; what the server wrote as `-` is absent. */
export interface AccessLine {
  readonly client: string;
  /** Addresses of a forwarding header, the client's own claim first. */
  readonly forwarded: readonly string[];
  readonly host?: string;
  readonly user?: string;
  readonly timeMs: number;
  readonly request?: string;
  readonly status?: number;
  readonly bytes?: number;
  readonly referrer?: string;
  readonly userAgent?: string;
  /** Seconds, where the line says so. */
  readonly durationS?: number;
  /** Fields behind the ones that the formats name, in their order. */
  readonly extra: readonly string[];
}

/** No field of a request is longer in any server's default; what is longer is cut. */
export const FIELD_CHARS_MAX = 32_768;
const PREFIX_CHARS_MAX = 2048;
const TIME_CHARS_MAX = 40;
const EXTRA_MAX = 32;
const ADDRESSES_MAX = 16;
const SECONDS = /^\d{1,7}\.\d{1,9}$/;
const TIME_LABEL = /^(?:rt|request_time)=/;
const CLIENT = /^[\w.:%-]{1,255}$/;
const NUMBER = /^\d{1,15}$/;

interface Head {
  readonly client: string;
  readonly forwarded: readonly string[];
  readonly host?: string;
  readonly user?: string;
}

/**
 * Parses common, combined and vhost_combined lines, with or without further fields; undefined where the line is none of
 * them. Apache writes them by `LogFormat`, nginx by `log_format`.
 */
export function parseAccessLine(line: string): AccessLine | undefined {
  const stamp = findTime(line);
  if (stamp === undefined) return undefined;
  const head = parseHead(line.slice(0, stamp.start).trim());
  if (head === undefined) return undefined;
  const quoted = readQuoted(line, stamp.end);
  if (quoted === undefined) return undefined;
  const tail = parseTail(line, quoted.end);
  const forwarded = [...head.forwarded, ...tail.forwarded];
  return {
    ...head,
    ...tail,
    forwarded,
    timeMs: stamp.timeMs,
    ...present('request', quoted.value),
  };
}

/** The first `[time] ` that is one; user names may hold brackets too. */
function findTime(line: string): { start: number; end: number; timeMs: number } | undefined {
  for (
    let open = line.indexOf('[');
    open > 0 && open < PREFIX_CHARS_MAX;
    open = line.indexOf('[', open + 1)
  ) {
    const close = line.slice(open, open + TIME_CHARS_MAX).indexOf(']');
    if (close < 0) continue;
    const timeMs = parseAccessTime(line.slice(open + 1, open + close));
    if (timeMs !== undefined) return { start: open, end: open + close + 2, timeMs };
  }
  return undefined;
}

/** Client, identity and user, behind a virtual host where there is one. */
function parseHead(text: string): Head | undefined {
  const tokens = text.split(' ').filter((token) => token !== '');
  const addresses: string[] = [];
  while (tokens.length > 1 && tokens[0]?.endsWith(',') === true) {
    addresses.push((tokens.shift() ?? '').slice(0, -1));
  }
  const [first = '', second, third] = tokens;
  const client = addresses[0] ?? first;
  if (!CLIENT.test(client)) return undefined;
  if (addresses.length > 0) {
    return {
      client,
      forwarded: [...addresses.slice(1), first].slice(0, ADDRESSES_MAX),
      ...userOf(tokens.slice(2)),
    };
  }
  const isVirtualHost =
    second !== undefined &&
    (isIP(second) !== 0 || (second !== '-' && third === '-' && tokens.length > 3 && isIP(first) === 0));
  if (isVirtualHost) {
    const user = third === '-' && tokens.length > 3 ? tokens.slice(3) : tokens.slice(2);
    return { client: second, forwarded: [], ...present('host', first), ...userOf(user) };
  }
  return { client, forwarded: [], ...userOf(tokens.length > 2 ? tokens.slice(2) : tokens.slice(1)) };
}

function userOf(tokens: readonly string[]): { user?: string } {
  return present('user', tokens.join(' '));
}

/** Everything behind the request. */
function parseTail(
  line: string,
  start: number,
): Omit<AccessLine, 'client' | 'timeMs' | 'host' | 'user' | 'request'> {
  const quoted: string[] = [];
  const bare: string[] = [];
  const extra: string[] = [];
  let i = start;
  while (i < line.length && extra.length < EXTRA_MAX) {
    if (line.charAt(i) === ' ') {
      i += 1;
      continue;
    }
    const field = readQuoted(line, i);
    if (field !== undefined) {
      if (quoted.length < 2) quoted.push(field.value);
      else extra.push(field.value);
      i = field.end;
      continue;
    }
    const blank = line.indexOf(' ', i);
    const end = blank < 0 ? line.length : blank;
    const token = line.slice(i, end);
    if (quoted.length === 0 && bare.length < 2) bare.push(token);
    else extra.push(token);
    i = end;
  }
  const [status = '', bytes = ''] = bare;
  const duration = extra.map((value) => value.replace(TIME_LABEL, '')).find((value) => SECONDS.test(value));
  return {
    forwarded: extra.map(addressesOf).find((list) => list.length > 0) ?? [],
    ...(NUMBER.test(status) ? { status: Number(status) } : {}),
    ...(NUMBER.test(bytes) ? { bytes: Number(bytes) } : {}),
    ...present('referrer', quoted[0] ?? ''),
    ...present('userAgent', quoted[1] ?? ''),
    ...(duration === undefined ? {} : { durationS: Number(duration) }),
    extra: extra
      .filter((value) => value !== '-' && value !== '')
      .map((value) => value.slice(0, FIELD_CHARS_MAX)),
  };
}

/** The addresses of a value that is nothing but a list of them, as `X-Forwarded-For` is. */
export function addressesOf(value: string): readonly string[] {
  if (value.length > 1024) return [];
  const parts = value.split(',').map((part) => part.trim());
  return parts.length <= ADDRESSES_MAX && parts.every((part) => isIP(part) !== 0) ? parts : [];
}

/** A field of that name, unless the value is empty or the `-` that servers write for nothing. */
export function present<Name extends string>(name: Name, value: string): { [key in Name]?: string } {
  if (value === '' || value === '-') return {};
  const field: { [key in Name]?: string } = {};
  field[name] = value.slice(0, FIELD_CHARS_MAX);
  return field;
}
