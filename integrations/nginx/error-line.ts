import type { Line, ParsedEvent } from '../contract.ts';
import { localToUtc } from '../syslog/time.ts';
import { FIELD_CHARS_MAX, present } from '../web-access/access-line.ts';
import { defined, dropAbsent, sourceFields } from '../web-access/access-event.ts';
import { failedLogin } from '../web-access/failed-login.ts';
import { modSecurityFields, parseModSecurity } from '../web-access/modsecurity.ts';
import { parseRequest, splitAuthority, splitTarget } from '../web-access/request.ts';
import { errorLogsource } from './logsources.ts';

const HEAD =
  /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d) \[([a-z]{1,10})\] (\d{1,10})#(\d{1,20}): (?:\*(\d{1,20}) )?/;

/** What nginx appends to a message, in its order; `quoted` ones stand in quotes. */
const CONTEXT = [
  { key: 'server', quoted: false },
  { key: 'request', quoted: true },
  { key: 'subrequest', quoted: true },
  { key: 'upstream', quoted: true },
  { key: 'host', quoted: true },
  { key: 'referrer', quoted: true },
] as const;

const CLIENT = ', client: ';

type ContextKey = 'client' | (typeof CONTEXT)[number]['key'];
type Context = { [key in ContextKey]?: string };

/** Parses a line of nginx's error log; undefined where it is none. */
export function parseErrorLine(text: string, line: Line): ParsedEvent | undefined {
  const match = HEAD.exec(text);
  if (match === null) return undefined;
  const [head, year, month, day, hour, minute, second, level = '', pid, tid, connection] = match;
  const time = localToUtc(
    {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
      ms: 0,
    },
    line.hints.zone,
  );
  const { message, context } = splitContext(text.slice(head.length));
  const request = parseRequest(context.request ?? '');
  const target = request === undefined ? {} : splitTarget(request.target, request.method);
  const audit = parseModSecurity(message);
  const login = failedLogin(message);
  const ecs = defined({
    'event.kind': 'event',
    'event.category': login === undefined ? ['web'] : ['web', 'authentication'],
    'event.type': ['error'],
    'event.dataset': 'nginx.error',
    'event.outcome': login === undefined ? undefined : 'failure',
    'log.level': level,
    message: message.slice(0, FIELD_CHARS_MAX),
    'process.pid': Number(pid),
    'process.thread.id': Number(tid),
    ...(context.client === undefined ? {} : sourceFields(context.client, [], login)),
    'http.request.method': request?.method,
    'http.request.referrer': context.referrer,
    'url.original': request?.target,
    'url.path': target.path,
    'url.query': target.query,
    'url.extension': target.extension,
    'url.domain': context.host === undefined ? target.domain : splitAuthority(context.host).domain,
    'user.name': login,
    ...modSecurityFields(audit),
  });
  const native = dropAbsent({ ...audit?.fields, level, pid, tid, connection, message, ...context });
  return { ...(time === undefined ? {} : { time }), ecs, native, logsource: errorLogsource };
}

/**
 * Parts the message from the context behind it. Both may hold text of the client (a path, a referrer), unescaped: where
 * the mark of the context stands more than once nobody can tell the true one, and no address is better than a forged one.
 */
function splitContext(text: string): { message: string; context: Context } {
  const at = text.indexOf(CLIENT);
  if (at < 0 || text.includes(CLIENT, at + 1)) return { message: text, context: {} };
  const marks: { key: ContextKey; start: number; valueStart: number }[] = [
    { key: 'client', start: at, valueStart: at + CLIENT.length },
  ];
  let from = at + CLIENT.length;
  for (const { key, quoted } of CONTEXT) {
    const mark = quoted ? `, ${key}: "` : `, ${key}: `;
    const start = text.indexOf(mark, from);
    if (start < 0) continue;
    from = start + mark.length;
    marks.push({ key, start, valueStart: from });
  }
  const context: Context = {};
  for (const [index, mark] of marks.entries()) {
    const value = text.slice(mark.valueStart, marks[index + 1]?.start ?? text.length);
    const inner = present('value', value.endsWith('"') ? value.slice(0, -1) : value).value;
    if (inner !== undefined) context[mark.key] = inner;
  }
  return { message: text.slice(0, at), context };
}
