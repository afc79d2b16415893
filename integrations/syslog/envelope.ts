import type { SyslogEnvelope } from '../contract.ts';
import type { EcsFields, EcsValue } from '../../platform/event.ts';
import { parseJournal } from './journal.ts';
import { parseRfc3164 } from './rfc3164.ts';
import { parseRfc5424, type Enveloped } from './rfc5424.ts';

export type { Enveloped } from './rfc5424.ts';

/** Highest facility (23) times eight plus highest severity (RFC 5424 §6.2.1). */
const PRI_MAX = 191;

export interface EnvelopeContext {
  readonly accepted: number;
  readonly zone?: string | undefined;
  /** Shape that the input claims; `json` and `xml` are never taken for syslog. */
  readonly format?: string | undefined;
}

/** Takes the syslog or journal header off a line; undefined where there is none. */
export function parseEnvelope(text: string, context: EnvelopeContext): Enveloped | undefined {
  if (context.format === 'json' || context.format === 'xml') return undefined;
  if (context.format === 'journal' && text.startsWith('{')) return parseJournal(text);
  const pri = readPri(text);
  if (pri === undefined) return mayBeginHeader(text) ? parseRfc3164(text, 0, context) : undefined;
  const found = parseRfc5424(text, pri.end) ?? parseRfc3164(text, pri.end, context);
  const source = { facility: pri.value >> 3, severity: pri.value & 7 };
  if (found === undefined) return { envelope: source, message: text.slice(pri.end) };
  return { envelope: { ...found.envelope, ...source }, message: found.message };
}

/** Headers without `<PRI>` begin with a month's capital, a year, or Cisco's `*` and `.`. */
function mayBeginHeader(text: string): boolean {
  const code = text.charCodeAt(0);
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x2a || code === 0x2e;
}

function readPri(text: string): { readonly value: number; readonly end: number } | undefined {
  if (text.charAt(0) !== '<') return undefined;
  const close = text.indexOf('>', 1);
  if (close < 2 || close > 4) return undefined;
  const digits = text.slice(1, close);
  if (!/^\d{1,3}$/.test(digits)) return undefined;
  const value = Number(digits);
  return value <= PRI_MAX ? { value, end: close + 1 } : undefined;
}

/** The header's fields in ECS. */
export function envelopeEcs(envelope: SyslogEnvelope): EcsFields {
  const ecs: Record<string, EcsValue> = {};
  if (envelope.host !== undefined) {
    ecs['host.name'] = envelope.host;
    ecs['host.hostname'] = envelope.host;
  }
  if (envelope.app !== undefined) ecs['process.name'] = envelope.app;
  if (envelope.pid !== undefined && /^\d{1,10}$/.test(envelope.pid))
    ecs['process.pid'] = Number(envelope.pid);
  if (envelope.facility !== undefined) ecs['log.syslog.facility.code'] = envelope.facility;
  if (envelope.severity !== undefined) ecs['log.syslog.severity.code'] = envelope.severity;
  if (envelope.msgid !== undefined) ecs['log.syslog.msgid'] = envelope.msgid;
  return ecs;
}
