import type { Line, ParsedEvent } from '../contract.ts';
import { accessEvent } from '../web-access/access-event.ts';
import { type AccessLine, addressesOf, present } from '../web-access/access-line.ts';
import { parseAccessTime } from '../web-access/access-time.ts';
import { unescape } from '../web-access/quoted.ts';
import { accessLogsource } from './logsources.ts';

/** Names under which people write nginx's variables in `log_format … json`; the first that is there counts. */
const NAMES = {
  client: ['remote_addr', 'remote_ip', 'client_ip', 'clientip', 'client'],
  user: ['remote_user', 'user'],
  request: ['request'],
  method: ['request_method', 'method'],
  target: ['request_uri', 'uri', 'url', 'path'],
  query: ['args', 'query_string'],
  protocol: ['server_protocol', 'protocol', 'http_version'],
  status: ['status', 'status_code', 'response_code'],
  bytes: ['body_bytes_sent', 'bytes_sent', 'bytes', 'size'],
  referrer: ['http_referer', 'http_referrer', 'referer', 'referrer'],
  userAgent: ['http_user_agent', 'user_agent', 'agent'],
  forwarded: ['http_x_forwarded_for', 'x_forwarded_for', 'proxy_add_x_forwarded_for'],
  host: ['http_host', 'host', 'server_name', 'vhost'],
  duration: ['request_time', 'duration'],
  time: ['time_iso8601', 'time_local', 'msec', '@timestamp', 'timestamp', 'time'],
} as const;

const KEYS_MAX = 128;

/**
 * Parses an access line that nginx wrote as JSON; undefined where it is none. Where nothing else says nginx, the name of
 * its variable `remote_addr` must: other products have clients and requests too.
 */
export function parseJsonLine(text: string, line: Line, isNginx: boolean): ParsedEvent | undefined {
  const fields = parseFields(text);
  if (fields === undefined || !(isNginx || fields.has('remote_addr'))) return undefined;
  const client = pick(fields, NAMES.client);
  const request = pick(fields, NAMES.request) ?? composeRequest(fields);
  const time = pick(fields, NAMES.time);
  if (client === undefined || request === undefined) return undefined;
  const timeMs = (time === undefined ? undefined : parseTime(time)) ?? line.envelope?.time;
  const access: Omit<AccessLine, 'timeMs'> = {
    client,
    forwarded: addressesOf(pick(fields, NAMES.forwarded) ?? ''),
    extra: [],
    ...present('host', pick(fields, NAMES.host) ?? ''),
    ...present('user', pick(fields, NAMES.user) ?? ''),
    ...present('request', request),
    ...present('referrer', pick(fields, NAMES.referrer) ?? ''),
    ...present('userAgent', pick(fields, NAMES.userAgent) ?? ''),
    ...numeric('status', pick(fields, NAMES.status)),
    ...numeric('bytes', pick(fields, NAMES.bytes)),
    ...numeric('durationS', pick(fields, NAMES.duration)),
  };
  const { time: _, ...event } = accessEvent(
    { ...access, timeMs: timeMs ?? 0 },
    { dataset: 'nginx.access', logsource: accessLogsource },
    Object.fromEntries(fields),
  );
  return timeMs === undefined ? event : { time: timeMs, ...event };
}

/** The members that are text or numbers. nginx's default escape is no JSON: it writes `\x22`. */
function parseFields(text: string): Map<string, string> | undefined {
  if (!text.startsWith('{')) return undefined;
  const plain = parseObject(text);
  const escaped = plain === undefined && text.includes('\\x');
  const object = escaped ? parseObject(text.replaceAll('\\x', '\\\\x')) : plain;
  if (object === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(object).slice(0, KEYS_MAX)) {
    if (name === '__proto__') continue;
    if (typeof value === 'string') fields.set(name, escaped ? unescape(value) : value);
    else if (typeof value === 'number' || typeof value === 'boolean') fields.set(name, String(value));
  }
  return fields;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function pick(fields: ReadonlyMap<string, string>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields.get(name);
    if (value !== undefined && value !== '' && value !== '-') return value;
  }
  return undefined;
}

/** A request line from its parts, where the log has them apart. */
function composeRequest(fields: ReadonlyMap<string, string>): string | undefined {
  const method = pick(fields, NAMES.method);
  const target = pick(fields, NAMES.target);
  if (method === undefined || target === undefined) return undefined;
  const query = pick(fields, NAMES.query);
  const whole = query === undefined || target.includes('?') ? target : `${target}?${query}`;
  const protocol = pick(fields, NAMES.protocol);
  if (protocol === undefined) return `${method} ${whole}`;
  return `${method} ${whole} ${protocol.includes('/') ? protocol : `HTTP/${protocol}`}`;
}

function numeric<Name extends string>(name: Name, value: string | undefined): { [key in Name]?: number } {
  const number = Number(value ?? Number.NaN);
  if (!Number.isFinite(number) || number < 0) return {};
  const field: { [key in Name]?: number } = {};
  field[name] = number;
  return field;
}

/** `$time_iso8601`, `$time_local` or `$msec` (seconds with a fraction). */
function parseTime(text: string): number | undefined {
  if (/^\d{10}(?:\.\d{1,6})?$/.test(text)) return Math.round(Number(text) * 1000);
  return parseAccessTime(text);
}
