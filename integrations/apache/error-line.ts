import { isIP } from 'node:net';
import type { Line, ParsedEvent } from '../contract.ts';
import { fractionToMs, localToUtc, monthNumber } from '../syslog/time.ts';
import { defined, dropAbsent, sourceFields } from '../web-access/access-event.ts';
import { FIELD_CHARS_MAX } from '../web-access/access-line.ts';
import { failedLogin } from '../web-access/failed-login.ts';
import { modSecurityFields, parseModSecurity } from '../web-access/modsecurity.ts';
import { errorLogsource } from './logsources.ts';

/** `Mon Nov 23 10:00:00.123456 2026`; version 2.2 has no fraction. */
const DATE =
  /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? (\d{4})\] /;
const LEVEL = /^(?:([a-z0-9_]{0,40}):)?(emerg|alert|crit|error|warn|notice|info|debug|trace[1-8])$/;
const PROCESS = /^pid (\d{1,10})(?::tid (\d{1,20}))?$/;
const STATUS = /^\(\d{1,10}\)/;
const CODE = /^(AH\d{5}): /;
const GROUP_CHARS_MAX = 300;
const STATUS_CHARS_MAX = 200;

interface Head {
  module?: string;
  level?: string;
  pid?: string;
  tid?: string;
  client?: string;
  remote?: string;
  /** What the operating system said, e.g. `(13)Permission denied`. */
  osError?: string;
}

/**
 * Parses a line of Apache's error log, version 2.4 or 2.2; undefined where it is none. Through syslog it has no date:
 * then only a known level in front makes it one (`isApache` says who sent it).
 */
export function parseErrorLine(text: string, line: Line, isApache: boolean): ParsedEvent | undefined {
  const date = DATE.exec(text);
  if (date === null && !isApache) return undefined;
  const { head, end } = readHead(text, date?.[0].length ?? 0);
  if (head.level === undefined) return undefined;
  const time = date === null ? line.envelope?.time : localTime(date, line.hints.zone);
  const full = text.slice(end);
  const code = CODE.exec(full)?.[1];
  const { message, referrer } = splitReferrer(code === undefined ? full : full.slice(code.length + 2));
  const audit = parseModSecurity(message);
  const login = failedLogin(message);
  const client = head.client ?? head.remote;
  const { address, port } = client === undefined ? {} : splitClient(client, head.pid !== undefined);
  const ecs = defined({
    'event.kind': 'event',
    'event.category': login === undefined ? ['web'] : ['web', 'authentication'],
    'event.type': [head.level === 'notice' || head.level === 'info' ? 'info' : 'error'],
    'event.dataset': 'apache.error',
    'event.code': code,
    'event.outcome': login === undefined ? undefined : 'failure',
    'log.level': head.level,
    message: message.slice(0, FIELD_CHARS_MAX),
    'process.pid': head.pid === undefined ? undefined : Number(head.pid),
    'process.thread.id': head.tid === undefined ? undefined : Number(head.tid),
    'error.message': head.osError,
    ...(address === undefined ? {} : sourceFields(address, [], login)),
    'source.port': port,
    'http.request.referrer': referrer,
    'user.name': login,
    ...modSecurityFields(audit),
  });
  const native = dropAbsent({ ...audit?.fields, ...head, code, message, referer: referrer });
  return { ...(time === undefined ? {} : { time }), ecs, native, logsource: errorLogsource };
}

/** The groups in square brackets before the message, and what the operating system said among them. */
function readHead(text: string, start: number): { head: Head; end: number } {
  const head: Head = {};
  let i = start;
  for (;;) {
    const skipped = head.client === undefined ? readStatus(text, i) : undefined;
    if (skipped !== undefined) {
      head.osError = text.slice(i, skipped - 2);
      i = skipped;
    }
    if (text.charAt(i) !== '[') return { head, end: i };
    const close = text.slice(i, i + GROUP_CHARS_MAX).indexOf('] ');
    if (close < 0 || !readGroup(head, text.slice(i + 1, i + close))) return { head, end: i };
    i += close + 2;
  }
}

/** Takes one group into the head; false for one that belongs to the message. */
function readGroup(head: Head, group: string): boolean {
  const level = LEVEL.exec(group);
  if (level !== null && head.level === undefined) {
    if (level[1] !== undefined && level[1] !== '') head.module = level[1];
    head.level = level[2] ?? '';
    return true;
  }
  const process = PROCESS.exec(group);
  if (process !== null) {
    head.pid = process[1] ?? '';
    if (process[2] !== undefined) head.tid = process[2];
    return true;
  }
  for (const name of ['client', 'remote'] as const) {
    if (!group.startsWith(`${name} `)) continue;
    // ModSecurity names the client a second time, without its port.
    head[name] ??= group.slice(name.length + 1);
    return true;
  }
  return false;
}

/** Where a `(13)Permission denied: ` in front of the client ends; undefined where there is none. */
function readStatus(text: string, start: number): number | undefined {
  const window = text.slice(start, start + STATUS_CHARS_MAX);
  if (!STATUS.test(window)) return undefined;
  const end = window.indexOf(': ');
  return end < 0 ? undefined : start + end + 2;
}

function splitReferrer(text: string): { message: string; referrer?: string } {
  const mark = ', referer: ';
  const at = text.lastIndexOf(mark);
  if (at < 0) return { message: text };
  return {
    message: text.slice(0, at),
    referrer: text.slice(at + mark.length, at + mark.length + FIELD_CHARS_MAX),
  };
}

/** Version 2.4 appends the port, to IPv6 addresses as well and without brackets; 2.2 does not. */
function splitClient(client: string, hasPort: boolean): { address: string; port?: number } {
  const colon = client.lastIndexOf(':');
  const address = client.slice(0, colon);
  const port = client.slice(colon + 1);
  const isV6 = address.includes(':');
  if (colon < 0 || !/^\d{1,5}$/.test(port) || (isV6 && !hasPort) || isIP(address) === 0) {
    return { address: client };
  }
  return { address, port: Number(port) };
}

function localTime(date: RegExpExecArray, zone: string | undefined): number | undefined {
  return localToUtc(
    {
      year: Number(date[7]),
      month: monthNumber(date[1] ?? ''),
      day: Number(date[2]),
      hour: Number(date[3]),
      minute: Number(date[4]),
      second: Number(date[5]),
      ms: fractionToMs(date[6]),
    },
    zone,
  );
}
