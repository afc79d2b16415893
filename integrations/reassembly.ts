import { encodeEntry, type LogRecord } from '../platform/record.ts';
import type { JsonValue } from '../platform/event.ts';
import { asArray, asObject, completeLine, recordFromSnapshot, type CompleteLine } from './complete-line.ts';

/** Bytes of open parts; past it the oldest open line is given out as it is. */
export const PARTS_BYTES_MAX = 16 * 1024 * 1024;
/** How long a line waits for its next part, by the partition's clock. */
export const PARTS_TIMEOUT_MS = 60_000;

interface OpenLine {
  readonly parts: LogRecord[];
  bytes: number;
  /** True where the line did not begin with its first part. */
  readonly headless: boolean;
}

/**
 * Puts lines that travelled in parts together again. The parts of a line have consecutive numbers, so a collector's
 * epoch has one open line at most; whatever breaks the row ends it, marked incomplete, and nothing is dropped.
 */
export class Reassembly {
  readonly #open = new Map<string, OpenLine>();
  #bytes = 0;

  /** Lines that this record completes: none, one, or a broken one and this. */
  push(record: LogRecord): readonly CompleteLine[] {
    if (record.part === undefined && this.#open.size === 0) return [completeLine([record], false)];
    const key = `${record.agency}\0${record.collector}\0${record.epoch}`;
    const complete: CompleteLine[] = [];
    const open = this.#open.get(key);
    const continued = open !== undefined && continues(open, record);
    if (open !== undefined && !continued) complete.push(this.#close(key, open, true));
    if (record.part === undefined) {
      complete.push(completeLine([record], false));
      return complete;
    }
    const line = continued ? open : { parts: [], bytes: 0, headless: record.part.index !== 0 };
    this.#append(key, line, record);
    if (record.part.last) complete.push(this.#close(key, line, false));
    while (this.#bytes > PARTS_BYTES_MAX) complete.push(...this.#closeOldest());
    return complete;
  }

  /** Gives out the lines whose next part did not come in time. */
  expire(clock: number): readonly CompleteLine[] {
    const complete: CompleteLine[] = [];
    for (const [key, line] of this.#open) {
      if (clock - (line.parts[0]?.accepted ?? 0) <= PARTS_TIMEOUT_MS) break;
      complete.push(this.#close(key, line, true));
    }
    return complete;
  }

  /** Gives out everything that is open. */
  end(): readonly CompleteLine[] {
    return [...this.#open].map(([key, line]) => this.#close(key, line, true));
  }

  /** Records that wait. */
  get pending(): number {
    let records = 0;
    for (const line of this.#open.values()) records += line.parts.length;
    return records;
  }

  snapshot(): JsonValue {
    return [...this.#open].map(([key, line]) => ({
      key,
      headless: line.headless,
      parts: line.parts.map((part) => encodeEntry(part)),
    }));
  }

  restore(snapshot: JsonValue | undefined): void {
    for (const item of asArray(snapshot)) {
      const { key, headless, parts } = asObject(item);
      const line: OpenLine = { parts: [], bytes: 0, headless: headless === true };
      for (const wire of asArray(parts))
        this.#append(typeof key === 'string' ? key : '', line, recordFromSnapshot(wire));
    }
  }

  #append(key: string, line: OpenLine, record: LogRecord): void {
    const bytes = typeof record.line === 'string' ? Buffer.byteLength(record.line) : record.line.length;
    line.parts.push(record);
    line.bytes += bytes;
    this.#bytes += bytes;
    this.#open.set(key, line);
  }

  #close(key: string, line: OpenLine, broken: boolean): CompleteLine {
    this.#open.delete(key);
    this.#bytes -= line.bytes;
    return completeLine(line.parts, broken || line.headless);
  }

  #closeOldest(): readonly CompleteLine[] {
    for (const [key, line] of this.#open) return [this.#close(key, line, true)];
    return [];
  }
}

function continues(open: OpenLine, record: LogRecord): boolean {
  const last = open.parts.at(-1);
  if (last?.part === undefined || record.part === undefined) return false;
  return record.seq === last.seq + 1 && record.part.index === last.part.index + 1;
}
