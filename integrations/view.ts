import type { Event, LogSource } from '../platform/event.ts';
import type { PlainFields } from '../sigma/index.ts';

const DEPTH_MAX = 16;

/** Names in lower case that are kept, of at most so many characters. */
const LOWERED_MAX = 16_384;
const LOWERED_CHARS_MAX = 128;

/** An event as Sigma rules see it. */
export interface SigmaView {
  readonly logsource: readonly LogSource[];
  /** Undefined: the event has no such field. */
  field(this: void, name: string): unknown;
  /** Every value, for keyword searches; the original text last. */
  values(this: void): Iterable<unknown>;
  /** The native fields, which most rules ask for, and what there is besides. */
  readonly plain: PlainFields | undefined;
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
      return folded.get(lower(name));
    },
    values() {
      values ??= allValues(event);
      return values;
    },
    plain: plainOf(event),
  };
}

function plainOf(event: Event): PlainFields | undefined {
  const prototype: unknown = Object.getPrototypeOf(event.native);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  let names: ReadonlySet<string> | undefined;
  return {
    fields: event.native,
    message: event.original,
    more: {
      named: [event.aliases, event.ecs],
      mayFind(name) {
        names ??= namesOf(event);
        const dot = name.indexOf('.');
        return names.has(lower(name)) || (dot >= 0 && Object.hasOwn(event.native, name.slice(0, dot)));
      },
      values: () => aliasedValues(event),
    },
  };
}

/** All names of an event in lower case. */
function namesOf(event: Event): ReadonlySet<string> {
  return new Set(
    [event.native, event.aliases, event.ecs].flatMap((object) => Object.keys(object).map(lower)),
  );
}

function allValues(event: Event): readonly unknown[] {
  const found: unknown[] = [];
  for (const value of Object.values(event.native)) addLeaves(value, 0, found);
  found.push(...aliasedValues(event), event.original);
  return found;
}

/** What only ECS holds of the fields that aliases stand for. */
function aliasedValues(event: Event): readonly unknown[] {
  const found: unknown[] = [];
  for (const name in event.aliases) {
    const target = event.aliases[name];
    if (target !== undefined && !Object.hasOwn(event.native, target))
      addLeaves(own(event.ecs, target), 0, found);
  }
  return found;
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
  for (const [name, value] of Object.entries(event.ecs)) folded.set(lower(name), value);
  for (const name of Object.keys(event.aliases)) folded.set(lower(name), lookUp(event, name));
  for (const [name, value] of Object.entries(event.native)) folded.set(lower(name), value);
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

function addLeaves(value: unknown, depth: number, found: unknown[]): void {
  if (typeof value !== 'object' || value === null) {
    if (value !== undefined && value !== null) found.push(value);
    return;
  }
  if (depth >= DEPTH_MAX) return;
  for (const item of Object.values(value) as unknown[]) addLeaves(item, depth + 1, found);
}

const lowered = new Map<string, string>();

/** Names come again with every event, so their lower case is kept. */
function lower(name: string): string {
  let found = lowered.get(name);
  if (found === undefined) {
    found = name.toLowerCase();
    if (name.length > LOWERED_CHARS_MAX) return found;
    if (lowered.size >= LOWERED_MAX) lowered.clear();
    lowered.set(name, found);
  }
  return found;
}
