/** A document longer than this is handed on cut; it will not parse, and is counted as such. */
const DOCUMENT_CHARS_MAX = 64 * 1024 * 1024;

/** One JSON document or text line of a file. */
export interface FileDocument {
  readonly text: string;
  /** Line on which it begins, from 1. */
  readonly line: number;
}

export interface Splitter {
  push(text: string): readonly FileDocument[];
  end(): readonly FileDocument[];
  /** Line ends before what is still held. */
  readonly lines: number;
}

/** What a file holds: objects one after another or in one array, however they are spread over lines; or log lines. */
export type Mode = 'array' | 'json' | 'lines';

/** What a file holds, by its beginning; undefined where more of it must be seen. */
export function modeOf(beginning: string, final: boolean): Mode | undefined {
  const start = beginning
    .replace(/^\uFEFF/, '')
    .trimStart()
    .slice(0, BEGINNING_CHARS);
  // `[` begins an array of documents, or a log line such as `[Mon Nov 23 …`: what follows tells.
  if (start === '' || (/^\[\s*$/.test(start) && !final)) return undefined;
  if (start.startsWith('{')) return 'json';
  return /^\[\s*[{\]]/.test(start) ? 'array' : 'lines';
}

/** Splits text, however it is chunked, at the ends of top-level objects, or at line ends. */
export function createSplitter(known?: Mode): Splitter {
  let held = '';
  let line = 1;
  let mode = known;

  const take = (final: boolean): readonly FileDocument[] => {
    mode ??= modeOf(held, final);
    if (mode === undefined) return [];
    const { documents, rest, lines } =
      mode === 'lines' ? splitLines(held, line, final) : splitJson(held, line, final);
    held = rest;
    line += lines;
    return documents;
  };

  return {
    push: (text) => {
      held += text;
      return take(false);
    },
    end: () => take(true),
    get lines() {
      return line - 1;
    },
  };
}

interface Split {
  readonly documents: readonly FileDocument[];
  readonly rest: string;
  /** Line ends before `rest`. */
  readonly lines: number;
}

function splitLines(text: string, firstLine: number, final: boolean): Split {
  const parts = text.split('\n');
  const isOpen = !final && (parts.at(-1)?.length ?? 0) <= DOCUMENT_CHARS_MAX;
  const rest = isOpen ? (parts.pop() ?? '') : '';
  const documents = parts.flatMap((part, i) => {
    const clean = part.endsWith('\r') ? part.slice(0, -1) : part;
    return clean === '' ? [] : [{ text: clean, line: firstLine + i }];
  });
  return { documents, rest, lines: isOpen ? parts.length : parts.length - 1 };
}

/** Enough to see what a file holds. */
const BEGINNING_CHARS = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const CARRIAGE_RETURN = 0x0d;

/**
 * Finds the objects at the top level, or in a top-level array. A line from `{` to `}` before another that begins
 * with `{` is taken at once; anything else is scanned for balanced braces outside strings.
 */
function splitJson(text: string, firstLine: number, final: boolean): Split {
  const documents: FileDocument[] = [];
  let line = firstLine;
  let at = 0;
  for (;;) {
    const start = text.indexOf('{', at);
    if (start < 0) break;
    line += countLines(text, at, start);
    const lineEnd = text.indexOf('\n', start);
    const end = wholeLine(text, start, lineEnd) ?? brokenLine(text, start, lineEnd) ?? objectEnd(text, start);
    if (end === undefined) {
      const tooLong = text.length - start > DOCUMENT_CHARS_MAX;
      if (!final && !tooLong) return { documents, rest: text.slice(start), lines: line - firstLine };
      documents.push({ text: text.slice(start), line });
      return { documents, rest: '', lines: line - firstLine + countLines(text, start, text.length) };
    }
    documents.push({ text: text.slice(start, end), line });
    line += countLines(text, start, end);
    at = end;
  }
  return { documents, rest: '', lines: line - firstLine + countLines(text, at, text.length) };
}

/** End of the object that begins at `start` if it is the rest of its line, as the next line's beginning shows. */
function wholeLine(text: string, start: number, lineEnd: number): number | undefined {
  if (lineEnd < 0 || text.charCodeAt(lineEnd + 1) !== OPEN || text.charCodeAt(start + 1) !== QUOTE)
    return undefined;
  const end = text.charCodeAt(lineEnd - 1) === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
  if (text.charCodeAt(end - 1) !== CLOSE) return undefined;
  // Two objects on one line would have to meet as `}{` or `} {`; only then it is scanned.
  return /\}\s*\{/.test(text.slice(start, end)) ? undefined : end;
}

/**
 * End of a line that was cut off: the next line begins an object, which within this one could only follow `[`, `,` or
 * `:`. One bad line must not take the rest with it.
 */
function brokenLine(text: string, start: number, lineEnd: number): number | undefined {
  if (lineEnd < 0 || text.slice(lineEnd + 1, lineEnd + 3) !== '{"') return undefined;
  return /[[,:}]$/.test(text.slice(Math.max(start, lineEnd - BEGINNING_CHARS), lineEnd).trimEnd())
    ? undefined
    : lineEnd;
}

/** Index after the brace that closes the object at `start`; undefined when it is not there yet. */
function objectEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let i = start; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = stringEnd(text, i);
      if (i < 0) return undefined;
    } else if (code === OPEN) depth += 1;
    else if (code === CLOSE) {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return undefined;
}

/** Index of the quote that ends the string at `start`; -1 when it is not there yet. */
function stringEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i += 1;
    else if (code === QUOTE) return i;
  }
  return -1;
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) count += 1;
  return count;
}
