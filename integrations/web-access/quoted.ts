/** A quoted field of a log line. */
export interface Quoted {
  /** What the client sent: the server's escapes undone. */
  readonly value: string;
  /** Where the line goes on behind the closing quote. */
  readonly end: number;
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', "'": "'", '/': '/' };
const SPACE = 0x20;
const DELETE = 0x7f;
/** Smallest code point of a sequence of that many bytes: a longer spelling than needed is no UTF-8. */
const SHORTEST = [0, 0, 0x80, 0x800, 0x1_0000];

/**
 * Reads the quoted field that starts at `start`. It ends at the first quote that is not escaped and stands before a
 * blank or the end, so that a server which does not escape quotes still keeps its fields apart. A line cut short (syslog
 * has its limits) ends the field with the line.
 */
export function readQuoted(text: string, start: number): Quoted | undefined {
  if (text.charAt(start) !== '"') return undefined;
  let i = start + 1;
  while (i < text.length) {
    const char = text.charAt(i);
    if (char === '\\') {
      i += 2;
      continue;
    }
    if (char === '"' && (i + 1 === text.length || text.charAt(i + 1) === ' ')) break;
    i += 1;
  }
  return { value: unescape(text.slice(start + 1, i)), end: Math.min(i + 1, text.length) };
}

/**
 * Undoes what nginx (`\x22`) and Apache (`\"`, `\\`, `\xhh`) do to a client's text. Control characters stay as they were
 * written, so that a value never carries one; bytes over 0x7f become text where they are valid UTF-8.
 */
export function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  let out = '';
  let i = 0;
  while (i < text.length) {
    const char = text.charAt(i);
    if (char !== '\\') {
      const next = text.indexOf('\\', i);
      const end = next < 0 ? text.length : next;
      out += text.slice(i, end);
      i = end;
      continue;
    }
    const simple = SIMPLE_ESCAPES[text.charAt(i + 1)];
    if (simple !== undefined) {
      out += simple;
      i += 2;
      continue;
    }
    const run = readHexRun(text, i);
    out += run.value;
    i = run.end;
  }
  return out;
}

/** Reads consecutive `\xhh`; anything else behind a backslash is kept as it is. */
function readHexRun(text: string, start: number): Quoted {
  const bytes: number[] = [];
  let end = start;
  for (let byte = hexAt(text, end); byte !== undefined; byte = hexAt(text, end)) {
    bytes.push(byte);
    end += 4;
  }
  if (bytes.length === 0) return { value: '\\', end: start + 1 };
  let value = '';
  for (let i = 0; i < bytes.length;) {
    const length = sequenceLength(bytes[i] ?? 0);
    const char = decodeSequence(bytes.slice(i, i + length));
    value += char ?? printable(bytes[i] ?? 0, true);
    i += char === undefined ? 1 : length;
  }
  return { value, end };
}

/** Bytes of the UTF-8 sequence that a lead byte announces (RFC 3629 §3). */
function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

/** The character of one whole sequence. Counted by hand: a decoder that throws would make hostile lines dear. */
function decodeSequence(bytes: readonly number[]): string | undefined {
  const lead = bytes[0] ?? 0;
  const length = sequenceLength(lead);
  if (length === 1) return lead < 0x80 ? printable(lead) : undefined;
  if (bytes.length < length) return undefined;
  let code = lead & (0xff >> (length + 1));
  for (const byte of bytes.slice(1)) {
    if ((byte & 0xc0) !== 0x80) return undefined;
    code = (code << 6) | (byte & 0x3f);
  }
  const isShortest = code >= (SHORTEST[length] ?? 0);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return isShortest && !isSurrogate && lead < 0xf8 && code <= 0x10_ffff ? printable(code) : undefined;
}

function hexAt(text: string, start: number): number | undefined {
  if (text.charAt(start) !== '\\' || text.charAt(start + 1) !== 'x') return undefined;
  const digits = text.slice(start + 2, start + 4);
  return /^[0-9a-fA-F]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

/** A character as itself, or its escape where it is a control character (C0, delete or C1) or no character at all. */
function printable(code: number, isByte = false): string {
  if (!isByte && code >= SPACE && (code < DELETE || code > 0x9f)) return String.fromCodePoint(code);
  return `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
}
