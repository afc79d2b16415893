import type { SyslogEnvelope } from '../contract.ts';
import type { Enveloped } from './rfc5424.ts';
import { closestYear, fractionToMs, localToUtc, monthNumber, parseIsoTime } from './time.ts';

const TAG_CHARS_MAX = 128;
const HOST_CHARS_MAX = 255;
/** What may stand before the header's time: Cisco's sequence number, and its mark of an unsynchronised clock. */
const CISCO_PREFIX = /^(?:\d{1,12}: )?[*.]?(?=[A-Z])/;
const TRADITIONAL =
  /^(?:(\d{4}) )?([A-Z][a-z]{2}) {1,2}(\d{1,2})(?: (\d{4}))? (\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,9}))?:? /;
const HOST = /^[\w.:%-]+$/;
/** GDM writes `gdm-password]` (its own bracket is missing), so one may end the name. */
const TAG = /^[\w./@()+\\-]+\]?$/;

/** What completes a header that lacks year or zone. */
export interface HeaderContext {
  readonly accepted: number;
  readonly zone?: string | undefined;
}

/**
 * Reads a header as BSD syslog writes it (RFC 3164 §4.1, which describes usage rather than prescribes): a time without
 * a year or an ISO time, host, `tag[pid]:`. Files begin without `<PRI>`; then an ISO time counts only before a proper
 * `tag:`, because many products begin their own lines with one.
 */
export function parseRfc3164(text: string, start: number, context: HeaderContext): Enveloped | undefined {
  const head = text.slice(start, start + 64);
  const traditional = readTraditional(head, context);
  if (traditional !== undefined) {
    return readHostAndTag(text, start + traditional.length, traditional.time, false);
  }
  const space = head.indexOf(' ');
  if (space < 19) return undefined;
  const time = parseIsoTime(head.slice(0, space), context.zone);
  if (time === undefined) return undefined;
  return readHostAndTag(text, start + space + 1, time, start === 0);
}

function readTraditional(
  head: string,
  { accepted, zone }: HeaderContext,
): { readonly time: number | undefined; readonly length: number } | undefined {
  const prefix = CISCO_PREFIX.exec(head)?.[0].length ?? 0;
  const match = TRADITIONAL.exec(head.slice(prefix));
  if (match === null) return undefined;
  const month = monthNumber(match[2] ?? '');
  if (month === 0) return undefined;
  const local = {
    month,
    day: Number(match[3]),
    hour: Number(match[5]),
    minute: Number(match[6]),
    second: Number(match[7]),
    ms: fractionToMs(match[8]),
  };
  const year = match[1] ?? match[4];
  const time =
    year === undefined
      ? closestYear(local, accepted, zone)
      : localToUtc({ ...local, year: Number(year) }, zone);
  return { time, length: prefix + match[0].length };
}

function readHostAndTag(
  text: string,
  start: number,
  time: number | undefined,
  tagRequired: boolean,
): Enveloped | undefined {
  const timed: SyslogEnvelope = time === undefined ? {} : { time };
  const space = text.indexOf(' ', start);
  const host = text.slice(start, space < 0 ? text.length : space);
  if (host.startsWith('%') || tagEnd(text, start, space) !== undefined) {
    // A relay or a small device left the host out.
    if (tagRequired) return undefined;
    return withTag(text, start, timed) ?? { envelope: timed, message: text.slice(start) };
  }
  if (host.length > HOST_CHARS_MAX || !HOST.test(host))
    return tagRequired ? undefined : { envelope: timed, message: text.slice(start) };
  const envelope = { ...timed, host };
  const rest = space < 0 ? text.length : space + 1;
  return withTag(text, rest, envelope) ?? (tagRequired ? undefined : { envelope, message: text.slice(rest) });
}

/** Position of the `:` that ends a tag lying wholly between `start` and `limit`. */
function tagEnd(text: string, start: number, limit: number): number | undefined {
  if (limit <= start || text.charAt(limit - 1) !== ':') return undefined;
  return readTag(text, start)?.end === limit - 1 ? limit - 1 : undefined;
}

/** `tag: message`, `tag[pid]: message`; a tag that begins with `%` is a Cisco mnemonic and stays in the message. */
function withTag(text: string, start: number, envelope: SyslogEnvelope): Enveloped | undefined {
  if (text.charAt(start) === '%') return { envelope, message: text.slice(start) };
  const tag = readTag(text, start);
  if (tag === undefined) return undefined;
  let from = tag.end + 1;
  if (text.charAt(from) === ' ') from += 1;
  return {
    envelope: { ...envelope, app: tag.app, ...(tag.pid === undefined ? {} : { pid: tag.pid }) },
    message: text.slice(from),
  };
}

function readTag(
  text: string,
  start: number,
): { readonly app: string; readonly pid?: string; readonly end: number } | undefined {
  const head = text.slice(start, start + TAG_CHARS_MAX);
  const colon = head.indexOf(':');
  const bracket = head.indexOf('[');
  if (bracket > 0 && (colon < 0 || bracket < colon)) {
    const close = head.indexOf(']', bracket);
    const app = head.slice(0, bracket);
    const pid = head.slice(bracket + 1, close);
    if (close < 0 || head.charAt(close + 1) !== ':' || !TAG.test(app) || pid.includes(' ')) return undefined;
    return { app: plainName(app), ...(pid === '' ? {} : { pid }), end: start + close + 1 };
  }
  const app = head.slice(0, colon);
  return colon > 0 && TAG.test(app) ? { app: plainName(app), end: start + colon } : undefined;
}

function plainName(app: string): string {
  return app.endsWith(']') ? app.slice(0, -1) : app;
}
