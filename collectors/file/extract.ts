import { RE2JS } from 're2js';
import { CanhError } from '../../platform/errors/index.ts';
import type { FileInputConfig } from '../../platform/config/schema.ts';
import type { Line } from '../input.ts';
import {
  cutPosition,
  LINE_TOTAL_BYTES_MAX,
  splitBytes,
  splitLines,
  toLine,
  withoutLineEnd,
} from '../lines.ts';

/** The start pattern of multi-line records sees so much of a line. */
const START_BYTES_MAX = 4096;

const LF = 0x0a;

/**
 * What of an unfinished end is taken along: nothing; the lines that are whole, although more could join them; or
 * everything, because nothing will follow.
 */
export type Flush = 'nothing' | 'lines' | 'everything';

/** Records at the beginning of some bytes, and the number of bytes they took. */
interface Extracted {
  readonly lines: readonly Line[];
  readonly consumed: number;
  /** Whether a line too long for one was cut. */
  readonly cut: boolean;
}

/** Takes the records that are complete from bytes that begin at a record. */
export type Extract = (bytes: Buffer, flush: Flush) => Extracted;

/** How an input's files are divided into records. Throws `config_invalid` for a pattern that RE2 does not take. */
export function createExtract(multiline: FileInputConfig['multiline']): Extract {
  if (multiline === undefined) return extractLines;
  const start = compileStart(multiline.start);
  const starts = (line: Buffer): boolean =>
    start.matcher(line.subarray(0, START_BYTES_MAX).toString('utf8')).find();
  return (bytes, flush) => extractGroups(bytes, flush, { starts, linesMax: multiline.lines_max });
}

function compileStart(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    throw new CanhError('config_invalid', `multiline.start is not an RE2 pattern: ${pattern}`, { cause });
  }
}

function extractLines(bytes: Buffer, flush: Flush): Extracted {
  const end = flush === 'everything' ? bytes.length : bytes.lastIndexOf(LF) + 1;
  if (end > 0) return { lines: splitLines(bytes.subarray(0, end)), consumed: end, cut: false };
  return cutIfTooLong(bytes);
}

function cutIfTooLong(bytes: Buffer): Extracted {
  if (bytes.length < LINE_TOTAL_BYTES_MAX) return { lines: [], consumed: 0, cut: false };
  const end = cutPosition(bytes, LINE_TOTAL_BYTES_MAX - 1);
  return { lines: [toLine(bytes.subarray(0, end))], consumed: end, cut: true };
}

interface Grouping {
  readonly starts: (line: Buffer) => boolean;
  readonly linesMax: number;
}

function extractGroups(bytes: Buffer, flush: Flush, { starts, linesMax }: Grouping): Extracted {
  const whole = flush === 'everything' ? bytes.length : bytes.lastIndexOf(LF) + 1;
  const lines: Line[] = [];
  let consumed = 0;
  let group: Buffer[] = [];
  let groupBytes = 0;
  const close = (): void => {
    if (group.length === 0) return;
    lines.push(toLine(withoutLineEnd(joinLines(group))));
    consumed += groupBytes;
    group = [];
    groupBytes = 0;
  };
  for (const line of splitBytes(bytes.subarray(0, whole))) {
    const full = group.length >= linesMax || groupBytes + line.length >= LINE_TOTAL_BYTES_MAX;
    if (full || starts(line)) close();
    group.push(line);
    groupBytes += line.length;
  }
  if (flush !== 'nothing' || group.length >= linesMax || bytes.length >= LINE_TOTAL_BYTES_MAX) close();
  return consumed === 0 && whole === 0 ? cutIfTooLong(bytes) : { lines, consumed, cut: false };
}

/** The lines of a record joined by LF, whatever their own line ends were. */
function joinLines(lines: readonly Buffer[]): Buffer {
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return only;
  const lf = Buffer.of(LF);
  return Buffer.concat(lines.flatMap((line) => [withoutLineEnd(line), lf]));
}
