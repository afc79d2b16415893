/** Sigma's logsource; an event belongs to a set of them. */
export interface LogSource {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
}

export type EcsValue = string | number | boolean | readonly (string | number)[];

/** ECS fields under their dotted names, e.g. `source.ip`. */
export type EcsFields = Readonly<Record<string, EcsValue>>;

/** The product's own fields, verbatim; Sigma's native view. */
export type NativeFields = Readonly<Record<string, unknown>>;

/** One normalised event. Times in milliseconds since 1970, UTC. */
export interface Event {
  readonly id: string;
  readonly agency: string;
  /** When it happened, by its own account; `accepted` where it gives none. */
  readonly time: number;
  readonly accepted: number;
  readonly logsource: readonly LogSource[];
  readonly ecs: EcsFields;
  readonly native: NativeFields;
  /** Sigma taxonomy name → native name, where they differ (e.g. `Image` → `NewProcessName` in Security 4688). */
  readonly aliases: Readonly<Record<string, string>>;
  /** The text it was parsed from; the lines of a joined event separated by line feeds. */
  readonly original: string;
  readonly parser: { readonly name: string; readonly version: number };
  readonly record: RecordRef;
}

/** Which record an event came from. */
export interface RecordRef {
  readonly collector: string;
  readonly epoch: string;
  readonly seq: number;
  /** Input that read it, and the file, unit or peer it came from: what a source is told by. */
  readonly input: string;
  readonly path?: string;
  /** 0 for the first event of a record, then by one. */
  readonly ordinal: number;
  /** Records that this event stands for: several when joined, 0 for further events of one record. */
  readonly records: number;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * The document that is indexed: ECS at the top level, nested; everything of ours under `canh`; of `native` only what
 * has no place in ECS.
 */
export function eventToDocument(event: Event): JsonObject {
  const document: Record<string, unknown> = { '@timestamp': new Date(event.time).toISOString() };
  for (const [name, value] of Object.entries(event.ecs)) setPath(document, name, value);
  setPath(document, 'event.id', event.id);
  setPath(document, 'event.ingested', new Date(event.accepted).toISOString());
  setPath(document, 'event.original', event.original);
  document['canh'] = {
    agency: event.agency,
    collector: event.record.collector,
    epoch: event.record.epoch,
    seq: event.record.seq,
    ordinal: event.record.ordinal,
    records: event.record.records,
    input: event.record.input,
    ...(event.record.path === undefined ? {} : { path: event.record.path }),
    parser: event.parser.name,
    parser_version: event.parser.version,
    logsource: event.logsource,
    native: nativeRemainder(event),
  };
  return document as JsonObject;
}

/** Native fields whose value ECS does not already hold. */
function nativeRemainder(event: Event): Record<string, unknown> {
  const held = new Set<string>();
  for (const value of Object.values(event.ecs)) {
    if (typeof value === 'object') for (const item of value) held.add(String(item));
    else held.add(String(value));
  }
  // Entries, because a field of a hostile document may be called `__proto__`.
  const remainder = Object.entries(event.native).filter(([, value]) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return !values.every((item) => isHeld(item, held));
  });
  return Object.fromEntries(remainder);
}

function isHeld(item: unknown, held: ReadonlySet<string>): boolean {
  if (item === undefined) return true;
  if (typeof item === 'string') return held.has(item);
  return (typeof item === 'number' || typeof item === 'boolean') && held.has(String(item));
}

/** Sets a dotted path in a nested object; a path that runs into a value already there is kept under its dotted name. */
function setPath(target: Record<string, unknown>, path: string, value: unknown): void {
  const parts = path.split('.');
  const last = parts.pop() ?? path;
  let node = target;
  for (const part of parts) {
    const next = Object.hasOwn(node, part) ? node[part] : undefined;
    if (next === undefined) {
      const made: Record<string, unknown> = {};
      node[part] = made;
      node = made;
    } else if (typeof next === 'object' && next !== null && !Array.isArray(next)) {
      node = next as Record<string, unknown>;
    } else {
      target[path] = value;
      return;
    }
  }
  node[last] = value;
}
