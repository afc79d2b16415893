import { CanhError } from './errors/index.ts';

/** A line over this many bytes travels in parts. */
export const LINE_BYTES_MAX = 512 * 1024;

/** What an input knows about the lines it reads; the SOC chooses the integration by it. */
export interface Hints {
  /** Sigma product, as configured for the input: `linux`, `windows`, `nginx`, … */
  readonly product?: string;
  /** Shape of the line where the input knows it: `syslog`, `journal`, `json`, `xml`. */
  readonly format?: string;
  /** IANA time zone of local times without one, e.g. `Asia/Ho_Chi_Minh`. */
  readonly zone?: string;
}

/** One part of a line too long for one record; the parts of a line have consecutive numbers. */
export interface Part {
  readonly index: number;
  readonly last: boolean;
}

/** What the collector spools: one record, numbered without a gap within its epoch. */
export interface SpooledRecord {
  readonly collector: string;
  readonly epoch: string;
  /** From 1, by one. */
  readonly seq: number;
  /** On the first record of an epoch: the epoch before and its last number; null when there was none. */
  readonly previous?: { readonly epoch: string; readonly seq: number } | null;
  /** The edge's clock, in milliseconds; may be wrong. */
  readonly received: number;
  /** Id of the input that read it. */
  readonly input: string;
  /** File, unit or peer it came from. */
  readonly path?: string;
  readonly part?: Part;
  /** Without its line end. Bytes only where they are no valid UTF-8. */
  readonly line: string | Uint8Array;
  readonly hints: Hints;
}

/** A record on the bus: stamped by the SOC, which alone says when it came and whose it is. */
export interface LogRecord extends SpooledRecord {
  readonly agency: string;
  /** The SOC's clock, in milliseconds. */
  readonly accepted: number;
}

/** A sign of time on a partition, written every few seconds, so that time-outs replay alike. */
export interface Tick {
  readonly tick: number;
}

export type BusEntry = LogRecord | Tick;

export function isTick(entry: BusEntry): entry is Tick {
  return 'tick' in entry;
}

/** Wire form: JSON in snake_case, the line as text or, where it is no UTF-8, as base64 under `bytes`. */
export function encodeEntry(entry: BusEntry): string {
  if (isTick(entry)) return JSON.stringify(entry);
  return JSON.stringify({ ...spooledToWire(entry), agency: entry.agency, accepted: entry.accepted });
}

/** Wire form of a record before the SOC stamped it, as spool and gateway carry it. */
export function encodeSpooled(record: SpooledRecord): string {
  return JSON.stringify(spooledToWire(record));
}

/** Back from `encodeEntry`. Throws `record_undecodable`. */
export function decodeEntry(wire: string): BusEntry {
  const value = parseObject(wire);
  if (typeof value['tick'] === 'number') return { tick: value['tick'] };
  const { agency, accepted } = value;
  if (typeof agency !== 'string' || typeof accepted !== 'number') {
    throw new CanhError('record_undecodable', 'The record has no agency or no time of acceptance.');
  }
  return { ...wireToSpooled(value), agency, accepted };
}

/** Back from `encodeSpooled`. Throws `record_undecodable`. */
export function decodeSpooled(wire: string): SpooledRecord {
  return wireToSpooled(parseObject(wire));
}

function spooledToWire(record: SpooledRecord): Record<string, unknown> {
  const { collector, epoch, seq, previous, received, input, path, part, line, hints } = record;
  return {
    collector,
    epoch,
    seq,
    ...(previous === undefined ? {} : { previous }),
    received,
    input,
    ...(path === undefined ? {} : { path }),
    ...(part === undefined ? {} : { part }),
    ...(typeof line === 'string' ? { line } : { bytes: Buffer.from(line).toString('base64') }),
    hints,
  };
}

function parseObject(wire: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(wire);
  } catch (cause) {
    throw new CanhError('record_undecodable', 'The message is not JSON.', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CanhError('record_undecodable', 'The message is not a JSON object.');
  }
  return value as Record<string, unknown>;
}

function wireToSpooled(value: Record<string, unknown>): SpooledRecord {
  const { collector, epoch, seq, received, input, path, line, bytes } = value;
  if (
    typeof collector !== 'string' ||
    typeof epoch !== 'string' ||
    typeof seq !== 'number' ||
    !Number.isSafeInteger(seq) ||
    typeof received !== 'number' ||
    typeof input !== 'string' ||
    !(typeof line === 'string' || typeof bytes === 'string')
  ) {
    throw new CanhError(
      'record_undecodable',
      'The record lacks one of collector, epoch, seq, received, input, line.',
    );
  }
  const part = wirePart(value['part']);
  const previous = wirePrevious(value['previous']);
  return {
    collector,
    epoch,
    seq,
    ...(previous === undefined ? {} : { previous }),
    received,
    input,
    ...(typeof path === 'string' ? { path } : {}),
    ...(part === undefined ? {} : { part }),
    line: typeof line === 'string' ? line : new Uint8Array(Buffer.from(String(bytes), 'base64')),
    hints: wireHints(value['hints']),
  };
}

function wirePart(value: unknown): Part | undefined {
  if (typeof value !== 'object' || value === null || !('index' in value) || !('last' in value))
    return undefined;
  const { index, last } = value;
  return typeof index === 'number' && typeof last === 'boolean' ? { index, last } : undefined;
}

function wirePrevious(value: unknown): SpooledRecord['previous'] {
  if (value === null) return null;
  if (typeof value !== 'object' || !('epoch' in value) || !('seq' in value)) return undefined;
  const { epoch, seq } = value;
  return typeof epoch === 'string' && typeof seq === 'number' ? { epoch, seq } : undefined;
}

function wireHints(value: unknown): Hints {
  if (typeof value !== 'object' || value === null) return {};
  const wire = value as Record<string, unknown>;
  const hints: { product?: string; format?: string; zone?: string } = {};
  if (typeof wire['product'] === 'string') hints.product = wire['product'];
  if (typeof wire['format'] === 'string') hints.format = wire['format'];
  if (typeof wire['zone'] === 'string') hints.zone = wire['zone'];
  return hints;
}
