import {
  codePoints,
  complement,
  codePointMax,
  foldAscii,
  hasCodePoint,
  type CodePoints,
} from './code-points.ts';
import { unicodeClass } from './unicode-class.ts';

/** Thrown where a text is not certain to mean here what it means to RE2, which is then asked. */
export class NotTaken extends Error {}

/** A place in the text of an expression. */
export interface Cursor {
  readonly source: string;
  at: number;
}

/** No letter behind this one has another case. */
const lastWithCase = 0x1e943;

const digit = [0x30, 0x39];
const upper = [0x41, 0x5a];
const lower = [0x61, 0x7a];
const alnum = [...digit, ...upper, ...lower];
const word = [...digit, ...upper, 0x5f, 0x5f, ...lower];

/** Classes by the letter behind the backslash; capitals are their complements. All are of ASCII. */
const escaped: ReadonlyMap<string, readonly number[]> = new Map([
  ['d', digit],
  ['s', [9, 10, 12, 13, 32, 32]],
  ['w', word],
]);

const posix: ReadonlyMap<string, readonly number[]> = new Map([
  ['alnum', alnum],
  ['alpha', [...upper, ...lower]],
  ['ascii', [0, 127]],
  ['blank', [9, 9, 32, 32]],
  ['cntrl', [0, 31, 127, 127]],
  ['digit', digit],
  ['graph', [33, 126]],
  ['lower', lower],
  ['print', [32, 126]],
  ['punct', [33, 47, 58, 64, 91, 96, 123, 126]],
  ['space', [9, 13, 32, 32]],
  ['upper', upper],
  ['word', word],
  ['xdigit', [...digit, 0x41, 0x46, 0x61, 0x66]],
]);

/** The set of one code point, with its other cases where case does not count. */
export function literalSet(code: number, fold: boolean): CodePoints {
  if (!fold) return [code, code];
  if (code < 0x80) return codePoints(foldAscii([code, code]));
  return asked(`\\x{${code.toString(16)}}`, true);
}

/** Reads `\d`, `\W`, `\p{…}`, `\PL` and the like; undefined, with the cursor unmoved, where something else stands. */
export function readEscapedClass(cursor: Cursor, fold: boolean): CodePoints | undefined {
  const { source, at } = cursor;
  const letter = source[at + 1] ?? '';
  const ranges = source[at] === '\\' ? escaped.get(letter.toLowerCase()) : undefined;
  if (ranges !== undefined) {
    cursor.at += 2;
    const set = codePoints(fold ? foldAscii(ranges) : ranges);
    return letter === letter.toLowerCase() ? set : complement(set);
  }
  const name = unicodeName(cursor);
  if (name === undefined) return undefined;
  cursor.at += name.length;
  return asked(name, fold);
}

/** Reads `[…]`, with the cursor on the bracket. */
export function readClass(cursor: Cursor, fold: boolean): CodePoints {
  const { source } = cursor;
  cursor.at++;
  const negated = source[cursor.at] === '^';
  if (negated) cursor.at++;
  const start = cursor.at;
  const ranges: number[] = [];
  let askRe2 = false;
  while (source[cursor.at] !== ']' || cursor.at === start) {
    if (cursor.at >= source.length) throw new NotTaken('missing ]');
    const group = readPosixClass(cursor, fold);
    if (group !== undefined) {
      ranges.push(...group);
      continue;
    }
    const name = unicodeName(cursor);
    if (name !== undefined) {
      cursor.at += name.length;
      askRe2 = true;
      continue;
    }
    const inner = readEscapedClass(cursor, fold);
    if (inner !== undefined) {
      ranges.push(...inner);
      continue;
    }
    const [first, last] = readRange(cursor);
    const allLetters = first <= 0x41 && last >= lastWithCase;
    ranges.push(...(fold && !allLetters ? foldAscii([first, last]) : [first, last]));
    if (fold && !allLetters && last >= 0x80) askRe2 = true;
  }
  const set = askRe2 ? asked(source.slice(start, cursor.at), fold) : codePoints(ranges);
  cursor.at++;
  return negated ? complement(set) : set;
}

/** Reads a backslash and what it makes one code point of. */
export function readEscape(cursor: Cursor): number {
  const rest = cursor.source.slice(cursor.at, cursor.at + 16);
  const numeric =
    /^\\(?:x\{([0-9a-fA-F]{1,8})\}|x([0-9a-fA-F]{2})|(0[0-7]{0,2}|[1-7][0-7]{1,2}))/.exec(rest) ?? undefined;
  if (numeric !== undefined) {
    const [whole, braced, hex, octal] = numeric;
    const code = octal === undefined ? Number.parseInt(braced ?? hex ?? '', 16) : Number.parseInt(octal, 8);
    if (code > codePointMax) throw new NotTaken('beyond Unicode');
    cursor.at += whole.length;
    return code;
  }
  const code = rest.charCodeAt(1);
  const control = 'afnrtv'.indexOf(rest[1] ?? ' ');
  if (control < 0 && !(code < 0x80 && !hasCodePoint(alnum, code))) throw new NotTaken('escape');
  cursor.at += 2;
  return control < 0 ? code : ([7, 12, 10, 13, 9, 11][control] ?? 0);
}

function readRange(cursor: Cursor): readonly [number, number] {
  const first = readMember(cursor);
  const { source, at } = cursor;
  if (source[at] !== '-' || source[at + 1] === ']') return [first, first];
  cursor.at++;
  const last = readMember(cursor);
  if (last < first) throw new NotTaken('range the wrong way round');
  return [first, last];
}

function readMember(cursor: Cursor): number {
  const code = cursor.source.codePointAt(cursor.at);
  if (code === undefined) throw new NotTaken('missing ]');
  if (code === 0x5c) return readEscape(cursor);
  cursor.at += code > 0xffff ? 2 : 1;
  return code;
}

function readPosixClass(cursor: Cursor, fold: boolean): CodePoints | undefined {
  const { source, at } = cursor;
  if (!source.startsWith('[:', at) || !source.includes(':]', at)) return undefined;
  const [whole, negation, name] = /^\[:(\^?)([a-z]{1,8}):\]/.exec(source.slice(at, at + 16)) ?? [];
  const ranges = posix.get(name ?? '');
  if (whole === undefined || ranges === undefined) throw new NotTaken('name of a class');
  cursor.at += whole.length;
  const set = codePoints(fold ? foldAscii(ranges) : ranges);
  return negation === '^' ? complement(set) : set;
}

function unicodeName({ source, at }: Cursor): string | undefined {
  return /^\\[pP](?:\{\^?[A-Za-z_]{1,64}\}|[A-Za-z])/.exec(source.slice(at, at + 72))?.[0];
}

function asked(body: string, fold: boolean): CodePoints {
  const set = unicodeClass(body, fold);
  if (set === undefined) throw new NotTaken(`class ${body}`);
  return set;
}
