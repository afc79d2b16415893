import type { LogSource } from '../language/rule.ts';

/** What the engine asks of an event. */
export interface SigmaEvent {
  /** Every logsource the event belongs to: a Sysmon 1 event is `windows/process_creation` and `windows//sysmon`. */
  readonly logsource: readonly LogSource[];
  /** The value of a field: undefined where it is absent; null stays null; of an array any element counts. */
  field(name: string): unknown;
  /** Every value for keyword searches, the raw message among them. Asked for once by each keyword rule: worth keeping. */
  values(): Iterable<unknown>;
}

export interface PlainEvent {
  readonly logsource: readonly LogSource[];
  readonly fields: Readonly<Record<string, unknown>>;
  /** The raw text, for keyword searches. */
  readonly message?: string;
}

/** Values inside values deeper than this are not looked at. */
const depthMax = 32;

/**
 * An event over a plain object. A key with dots wins over the nested path of the same name; a path goes through
 * arrays and yields every element it finds.
 */
export function plainEvent({ logsource, fields, message }: PlainEvent): SigmaEvent {
  let all: readonly unknown[] | undefined;
  return {
    logsource,
    field: (name) => (Object.hasOwn(fields, name) ? fields[name] : atPath(fields, name.split('.'), 0)),
    values: () => (all ??= [...(message === undefined ? [] : [message]), ...leaves(fields, 0)]),
  };
}

function atPath(value: unknown, path: readonly string[], depth: number): unknown {
  const name = path[depth];
  if (name === undefined) return value;
  if (depth > depthMax || typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const found = value.map((item) => atPath(item, path, depth)).filter((item) => item !== undefined);
    return found.length === 0 ? undefined : found;
  }
  return Object.hasOwn(value, name)
    ? atPath((value as Record<string, unknown>)[name], path, depth + 1)
    : undefined;
}

function* leaves(value: unknown, depth: number): Generator<unknown> {
  if (typeof value !== 'object' || value === null) yield value;
  else if (depth < depthMax) for (const inner of Object.values(value)) yield* leaves(inner, depth + 1);
}
