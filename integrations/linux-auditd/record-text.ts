import { decodeHexText } from './encoding.ts';
import { typeName } from './types.ts';

/** Fields of one record that are read. */
const FIELDS_MAX = 2048;
/** Longest record that is read; the kernel's own limit is 8,970 bytes. */
const RECORD_CHARS_MAX = 64 * 1024;

const NAME_CHARS_MAX = 64;

/** Where a record belongs: the same for every record of one event. */
export interface RecordHead {
  readonly type: string;
  /** Seconds with their fraction as written, and the serial; undefined where the record has neither. */
  readonly stamp?: { readonly time: number; readonly serial: string };
  readonly node?: string;
  /** Where the fields begin. */
  readonly end: number;
}

export interface AuditRecord extends RecordHead {
  readonly fields: ReadonlyMap<string, string>;
}

const HEAD =
  /^(?:\[ {0,8}\d{1,10}\.\d{1,9}\] )?(?:node=(\S{1,255}) )?(?:audit: )?type=(\w{1,40}) (?:msg=)?audit\((\d{1,12})\.(\d{1,3}):(\d{1,20})\): ?/;
/** What journald passes on to syslog: `audit[812]: EXECVE argc=2 a0="ls" …`. */
const BARE = /^([A-Z][A-Z_]{2,39}) (?=[a-z]\w{0,31}=|avc: )/;

/** Reads what stands before the fields. `program` is the syslog tag, where there was one. */
export function readHead(message: string, program: string | undefined): RecordHead | undefined {
  const match = HEAD.exec(message.slice(0, 512));
  if (match !== null) {
    const [{ length }, node, type = '', seconds, fraction = '', serial = ''] = match;
    const time = Number(seconds) * 1000 + Number(fraction.padEnd(3, '0'));
    return {
      type: typeName(type),
      stamp: { time, serial },
      ...(node === undefined ? {} : { node }),
      end: length,
    };
  }
  const bare = program === 'audit' ? BARE.exec(message.slice(0, 64)) : null;
  return bare === null ? undefined : { type: bare[1] ?? '', end: bare[0].length };
}

/** Reads a whole record; undefined where it is none. */
export function readRecord(message: string, program: string | undefined): AuditRecord | undefined {
  const head = readHead(message, program);
  if (head === undefined || message.length > RECORD_CHARS_MAX) return undefined;
  const fields = new Map<string, string>();
  readFields(message.slice(head.end), head.type, fields);
  return { ...head, fields };
}

/**
 * `name=value` pairs: a value is `"quoted"`, `'nested pairs'`, `{ braced pairs }` or a word. Untrusted strings that hold
 * a space, a quote or a control character are hex digits without quotes (`audit_log_untrustedstring` in the kernel).
 */
function readFields(text: string, type: string, fields: Map<string, string>): void {
  let at = 0;
  while (at < text.length && fields.size < FIELDS_MAX) {
    at = skipSeparators(text, at);
    const nameEnd = endOfName(text, at);
    if (text.charAt(nameEnd) !== '=') {
      if (text.startsWith('{ ', at)) at = readPermissions(text, at, fields);
      else at = wordEnd(text, Math.max(nameEnd, at + 1));
      if (type === 'AVC' || type === 'USER_AVC') readDecision(text.slice(0, at), fields);
      continue;
    }
    const name = text.slice(at, nameEnd);
    const value = readValue(text, nameEnd + 1);
    at = value.end;
    if (value.nested !== undefined) readFields(value.nested, type, fields);
    else if (name !== '__proto__') {
      const plain = value.quoted ? value.text : decodeValue(name, value.text, type);
      if (!fields.has(name)) fields.set(name, plain);
    }
  }
}

interface Value {
  readonly text: string;
  readonly quoted: boolean;
  readonly nested?: string;
  readonly end: number;
}

function readValue(text: string, start: number): Value {
  const open = text.charAt(start);
  const close = open === '"' || open === "'" ? text.indexOf(open, start + 1) : -1;
  if (close >= 0) {
    const inner = text.slice(start + 1, close);
    return {
      text: inner,
      quoted: true,
      end: close + 1,
      ...(open === "'" && inner.includes('=') ? { nested: inner } : {}),
    };
  }
  if (open === '{') {
    const end = text.indexOf('}', start);
    if (end >= 0) return { text: '', quoted: false, nested: text.slice(start + 1, end), end: end + 1 };
  }
  const end = wordEnd(text, start);
  return { text: text.slice(start, end), quoted: false, end };
}

/** SELinux writes `avc:  denied  { read write } for …` before its pairs. */
function readPermissions(text: string, start: number, fields: Map<string, string>): number {
  const end = text.indexOf('}', start);
  if (end < 0) return text.length;
  if (!fields.has('seperms')) fields.set('seperms', text.slice(start + 1, end).trim());
  return end + 1;
}

function readDecision(head: string, fields: Map<string, string>): void {
  if (fields.has('seresult') || head.length > 64) return;
  const decision = /\b(denied|granted)\b/.exec(head)?.[1];
  if (decision !== undefined) fields.set('seresult', decision);
}

/** Names of values that the kernel or the tools write in hex when they have to. */
const encoded =
  /^(?:name|comm|ocomm|exe|cwd|proctitle|key|acct|cmd|data|path|dir|watch|new-disk|old-disk|op|grp|vm|device|file)$/;

function decodeValue(name: string, value: string, type: string): string {
  const argument = type === 'EXECVE' && /^a\d{1,6}(?:\[\d{1,6}\])?$/.test(name);
  return argument || encoded.test(name) ? (decodeHexText(value) ?? value) : value;
}

function skipSeparators(text: string, start: number): number {
  let at = start;
  while (at < text.length && isSeparator(text, at)) at += 1;
  // rsyslog writes the group separator before the enriched fields as `#035`.
  return text.startsWith('#035', at) ? at + 4 : at;
}

function isSeparator(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x1d || code === 0x0a || code === 0x2c;
}

function endOfName(text: string, start: number): number {
  let at = start;
  while (at < text.length && at - start < NAME_CHARS_MAX && isNameChar(text.charCodeAt(at))) at += 1;
  return at;
}

/** Letters, digits, `_`, `-` and the brackets of `a1[0]`. */
function isNameChar(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5d && code !== 0x5c) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d
  );
}

function wordEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x20 || code === 0x1d || code === 0x0a) return at;
    if (code === 0x23 && text.startsWith('#035', at)) return at;
  }
  return text.length;
}
