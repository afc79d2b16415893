import type { SyslogEnvelope } from '../contract.ts';
import { parseIsoTime } from './time.ts';

const ELEMENTS_MAX = 64;
const PARAMS_MAX = 256;

type StructuredData = NonNullable<SyslogEnvelope['structuredData']>;

/** A header as read, with the message that followed it. */
export interface Enveloped {
  readonly envelope: SyslogEnvelope;
  readonly message: string;
}

/** Reads what follows `<PRI>` where it is RFC 5424 (§6): `1 TIMESTAMP HOST APP PROCID MSGID SD [MSG]`. */
export function parseRfc5424(text: string, start: number): Enveloped | undefined {
  if (text.charAt(start) !== '1' || text.charAt(start + 1) !== ' ') return undefined;
  const fields: string[] = [];
  let at = start + 2;
  while (fields.length < 5) {
    const end = text.indexOf(' ', at);
    if (end <= at) return undefined;
    fields.push(text.slice(at, end));
    at = end + 1;
  }
  const [timestamp = '-', host = '-', app = '-', pid = '-', msgid = '-'] = fields;
  const time = timestamp === '-' ? undefined : parseIsoTime(timestamp, undefined);
  if (timestamp !== '-' && time === undefined) return undefined;
  const data = readStructuredData(text, at);
  const envelope: SyslogEnvelope = {
    ...(time === undefined ? {} : { time }),
    ...(host === '-' ? {} : { host }),
    ...(app === '-' ? {} : { app }),
    ...(pid === '-' ? {} : { pid }),
    ...(msgid === '-' ? {} : { msgid }),
    ...(data.elements === undefined ? {} : { structuredData: data.elements }),
  };
  return { envelope, message: messageFrom(text, data.end) };
}

/**
 * The message after its separating space, without the byte order mark of §6.4. What rsyslog received in the old format
 * it forwards with one space more, because it counts the space after the tag to the message.
 */
function messageFrom(text: string, end: number): string {
  let start = text.charAt(end) === ' ' ? end + 1 : end;
  if (text.charCodeAt(start) === 0xfeff) start += 1;
  if (text.charAt(start) === ' ') start += 1;
  return text.slice(start);
}

interface ReadData {
  readonly elements?: StructuredData;
  readonly end: number;
}

/** Structured data of §6.3; where it is broken, everything from there on is message. */
function readStructuredData(text: string, start: number): ReadData {
  if (text.charAt(start) === '-') return { end: start + 1 };
  const elements = new Map<string, StructuredData[string]>();
  let at = start;
  while (text.charAt(at) === '[' && elements.size < ELEMENTS_MAX) {
    const element = readElement(text, at);
    if (element === undefined) break;
    elements.set(element.id, element.params);
    at = element.end;
  }
  return elements.size === 0 ? { end: start } : { elements: Object.fromEntries(elements), end: at };
}

interface Element {
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
  readonly end: number;
}

function readElement(text: string, start: number): Element | undefined {
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== ' ' && text.charAt(at) !== ']') at += 1;
  const id = text.slice(start + 1, at);
  if (id === '') return undefined;
  const params = new Map<string, string>();
  while (text.charAt(at) === ' ' && params.size < PARAMS_MAX) {
    const equals = text.indexOf('="', at);
    if (equals < 0) return undefined;
    const name = text.slice(at + 1, equals);
    const value = readQuoted(text, equals + 2);
    if (value === undefined) return undefined;
    params.set(name, value.text);
    at = value.end;
  }
  return text.charAt(at) === ']' ? { id, params: Object.fromEntries(params), end: at + 1 } : undefined;
}

/** A value up to its closing quote; only `\"`, `\\` and `\]` are escapes, any other backslash stands for itself. */
function readQuoted(
  text: string,
  start: number,
): { readonly text: string; readonly end: number } | undefined {
  let value = '';
  let from = start;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { text: value + text.slice(from, at), end: at + 1 };
    if (char !== '\\') continue;
    const next = text.charAt(at + 1);
    if (next === '"' || next === '\\' || next === ']') {
      value += text.slice(from, at) + next;
      at += 1;
      from = at + 1;
    }
  }
  return undefined;
}
