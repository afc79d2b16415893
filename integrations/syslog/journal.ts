import type { SyslogEnvelope } from '../contract.ts';
import type { Enveloped } from './rfc5424.ts';

/**
 * Reads one entry of `journalctl -o json`. Values are strings; a value that is no UTF-8 is an array of bytes, and a
 * field that occurs several times an array of strings.
 */
export function parseJournal(text: string): Enveloped | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  const fields = new Map(Object.entries(entry));
  if (!fields.has('MESSAGE') && !fields.has('__REALTIME_TIMESTAMP')) return undefined;
  const read = (name: string): string | undefined => fieldText(fields.get(name));
  const time = microseconds(read('_SOURCE_REALTIME_TIMESTAMP') ?? read('__REALTIME_TIMESTAMP'));
  const host = read('_HOSTNAME');
  const app = read('SYSLOG_IDENTIFIER') ?? read('_COMM');
  const pid = read('SYSLOG_PID') ?? read('_PID');
  const facility = small(read('SYSLOG_FACILITY'), 23);
  const severity = small(read('PRIORITY'), 7);
  const envelope: SyslogEnvelope = {
    ...(time === undefined ? {} : { time }),
    ...(host === undefined ? {} : { host }),
    ...(app === undefined ? {} : { app }),
    ...(pid === undefined ? {} : { pid }),
    ...(facility === undefined ? {} : { facility }),
    ...(severity === undefined ? {} : { severity }),
  };
  return { envelope, message: auditMessage(read) ?? read('MESSAGE') ?? '' };
}

/** The journal takes the kernel's audit records apart; put together again they read as auditd's own lines. */
function auditMessage(read: (name: string) => string | undefined): string | undefined {
  if (read('_TRANSPORT') !== 'audit') return undefined;
  const type = read('_AUDIT_TYPE_NAME');
  const serial = read('_AUDIT_ID');
  const time = microseconds(read('_SOURCE_REALTIME_TIMESTAMP'));
  const message = read('MESSAGE');
  if (type === undefined || serial === undefined || time === undefined || message === undefined)
    return undefined;
  const body = message.startsWith(`${type} `) ? message.slice(type.length + 1) : message;
  return `type=${type} msg=audit(${(time / 1000).toFixed(3)}:${serial}): ${body}`;
}

function fieldText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const items: readonly unknown[] = value;
  if (items.every((item) => typeof item === 'number')) return Buffer.from(items).toString('utf8');
  const texts = items.filter((item) => typeof item === 'string');
  return texts.at(-1);
}

function microseconds(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,17}$/.test(text)) return undefined;
  return Math.floor(Number(text) / 1000);
}

function small(text: string | undefined, max: number): number | undefined {
  if (text === undefined || !/^\d{1,3}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}
