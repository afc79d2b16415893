import type { LogSource } from '../language/rule.ts';

/** What the engine asks of an event. */
export interface SigmaEvent {
  /** Every logsource the event belongs to: a Sysmon 1 event is `windows/process_creation` and `windows//sysmon`. */
  readonly logsource: readonly LogSource[];
  /** The value of a field: undefined where it is absent; null stays null; of an array any element counts. */
  field(name: string): unknown;
  /** Every value for keyword searches, the raw message among them. Asked for once by each keyword rule: worth keeping. */
  values(): Iterable<unknown>;
  /** Of an event over a plain object: the same once more, for whoever can go over all fields at once. */
  readonly plain?: PlainFields | undefined;
}

/**
 * What an event over a plain object consists of. `field` gives an enumerable key's value under that name; a name that is
 * no key is absent unless it is a path with dots. `values` are the message and everything in the fields.
 */
export interface PlainFields {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message?: string | undefined;
  /** Where there is more to the event than that. */
  readonly more?: FurtherFields | undefined;
}

/** What else `field` finds and `values` yields. */
export interface FurtherFields {
  /** Whether `field` may find a name that is no key. Events with the same keys, here and in `named`, answer alike. */
  mayFind(name: string): boolean;
  readonly named: readonly object[];
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
export function plainEvent(event: PlainEvent): SigmaEvent {
  return new ObjectEvent(event);
}

class ObjectEvent implements SigmaEvent {
  readonly logsource: readonly LogSource[];
  readonly #event: PlainEvent;
  #values: readonly unknown[] | undefined;

  constructor(event: PlainEvent) {
    this.logsource = event.logsource;
    this.#event = event;
  }

  /** Only of what has no names but its own, as everything has that was read from JSON. */
  get plain(): PlainFields | undefined {
    const prototype: unknown = Object.getPrototypeOf(this.#event.fields);
    return prototype === Object.prototype || prototype === null ? this.#event : undefined;
  }

  field(name: string): unknown {
    const { fields } = this.#event;
    if (Object.hasOwn(fields, name)) return fields[name];
    return name.includes('.') ? atPath(fields, name.split('.'), 0) : undefined;
  }

  values(): Iterable<unknown> {
    const { fields, message } = this.#event;
    return (this.#values ??= [...(message === undefined ? [] : [message]), ...leaves(fields, 0)]);
  }
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
