import type { Event, LogSource } from '../platform/event.ts';

const DEPTH_MAX = 16;

/** An event as Sigma rules see it. */
export interface SigmaView {
  readonly logsource: readonly LogSource[];
  /** Undefined: the event has no such field. */
  field(this: void, name: string): unknown;
  /** Every value, for keyword searches; the original text last. */
  values(this: void): Iterable<unknown>;
}

/**
 * The native view of an event: a rule's field is sought under its native name, then as a taxonomy
 * alias, then as an ECS path; exactly first, and then in any case.
 */
export function sigmaView(event: Event): SigmaView {
  let folded: ReadonlyMap<string, unknown> | undefined;
  // Every keyword rule asks for them.
  let values: readonly unknown[] | undefined;
  return {
    logsource: event.logsource,
    field(name) {
      const exact = lookUp(event, name);
      if (exact !== undefined) return exact;
      folded ??= foldNames(event);
      return folded.get(name.toLowerCase());
    },
    values() {
      values ??= [...allValues(event)];
      return values;
    },
  };
}

function* allValues(event: Event): Iterable<unknown> {
  for (const value of Object.values(event.native)) yield* leaves(value, 0);
  for (const target of Object.values(event.aliases)) {
    if (!Object.hasOwn(event.native, target)) yield* leaves(own(event.ecs, target), 0);
  }
  yield event.original;
}

function lookUp(event: Event, name: string): unknown {
  if (Object.hasOwn(event.native, name)) return event.native[name];
  const inner = nested(event.native, name);
  if (inner !== undefined) return inner;
  const alias = own(event.aliases, name);
  if (typeof alias === 'string') return own(event.native, alias) ?? own(event.ecs, alias);
  return own(event.ecs, name);
}

/** Names in lower case; a native name wins over an alias, an alias over ECS. */
function foldNames(event: Event): ReadonlyMap<string, unknown> {
  const folded = new Map<string, unknown>();
  for (const [name, value] of Object.entries(event.ecs)) folded.set(name.toLowerCase(), value);
  for (const name of Object.keys(event.aliases)) folded.set(name.toLowerCase(), lookUp(event, name));
  for (const [name, value] of Object.entries(event.native)) folded.set(name.toLowerCase(), value);
  return folded;
}

/** `a.b` of a native object that holds `{a: {b: …}}`; of an array, what every element holds. */
function nested(object: object, name: string): unknown {
  return name.includes('.') ? atPath(object, name.split('.'), 0) : undefined;
}

function atPath(value: unknown, path: readonly string[], depth: number): unknown {
  const name = path[depth];
  if (name === undefined) return value;
  if (depth > DEPTH_MAX || typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return atPath(own(value, name), path, depth + 1);
  const items: readonly unknown[] = value;
  // Arrays within arrays are not entered: their nesting has no bound that a path could give.
  const found = items
    .map((item) => (Array.isArray(item) ? undefined : atPath(item, path, depth)))
    .filter((item) => item !== undefined);
  return found.length === 0 ? undefined : found;
}

function own(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
}

function* leaves(value: unknown, depth: number): Iterable<unknown> {
  if (typeof value !== 'object' || value === null) {
    if (value !== undefined && value !== null) yield value;
    return;
  }
  if (depth >= DEPTH_MAX) return;
  for (const item of Object.values(value) as unknown[]) yield* leaves(item, depth + 1);
}
