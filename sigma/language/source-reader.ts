import { EVENT_ID, getScalarValue, SCALAR_STYLE, type Event, type ScalarEvent } from 'js-yaml';
import { plainValue, taggedValue } from './core-schema.ts';
import type { Problems } from './problems.ts';
import {
  clip,
  type Part,
  type SourceEntry,
  type SourceList,
  type SourceMap,
  type SourceNode,
  type SourceScalar,
} from './source.ts';

/**
 * Most values in one document, counting what an alias stands for each time; and most that aliases stand for in the
 * documents of one text together.
 */
export const nodesMax = 100_000;
/** Deepest nesting of one document. */
export const depthMax = 32;

/** The value that the events of one document stand for; undefined where there is none or it cannot be read. */
export function readNode(events: readonly Event[], part: Part, problems: Problems): SourceNode | undefined {
  try {
    const root = new Reader(events, part, problems).read(0, 0);
    if (problems.refused || (root.kind === 'scalar' && root.text === '')) return undefined;
    return root;
  } catch (error) {
    if (!(error instanceof GivenUp)) throw error;
    return undefined;
  }
}

/** The document is not worth reading on; why is in its problems. */
class GivenUp extends Error {}

/** Walks the events of a document once, counting values so that aliases of aliases cannot multiply without end. */
class Reader {
  #at = 0;
  #nodes = 0;
  /** The latest value of each anchor so far, or where it begins while it is being read. */
  readonly #anchors = new Map<string, SourceNode | number>();
  readonly #events: readonly Event[];
  readonly #text: string;
  readonly #base: number;
  readonly #aliased: Part['aliased'];
  readonly #problems: Problems;

  constructor(events: readonly Event[], { text, base, aliased }: Part, problems: Problems) {
    this.#aliased = aliased;
    this.#events = events;
    this.#text = text;
    this.#base = base;
    this.#problems = problems;
  }

  /** The next value; `near` is a place for one that has none of its own. */
  read(depth: number, near: number): SourceNode {
    const event = this.#events[this.#at];
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT)
      return nothing(near);
    this.#at += 1;
    if (event.type === EVENT_ID.ALIAS)
      return this.#alias(this.#text.slice(event.anchorStart, event.anchorEnd), depth, event.anchorStart - 1);
    const start = event.type === EVENT_ID.SCALAR ? scalarStart(event) : event.start;
    const offset = start < 0 ? near : start + this.#base;
    this.#count(depth, offset);
    const anchor = event.anchorStart < 0 ? undefined : this.#text.slice(event.anchorStart, event.anchorEnd);
    if (anchor !== undefined) this.#anchors.set(anchor, offset);
    const node = this.#value(event, depth, offset);
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return node;
  }

  #value(event: Event, depth: number, offset: number): SourceNode {
    if (event.type === EVENT_ID.MAPPING) return this.#map(depth, offset);
    if (event.type === EVENT_ID.SEQUENCE) return this.#list(depth, offset);
    return event.type === EVENT_ID.SCALAR ? this.#scalar(event, offset) : nothing(offset);
  }

  #list(depth: number, offset: number): SourceList {
    const items: SourceNode[] = [];
    while (this.#more()) items.push(this.read(depth + 1, offset));
    return { kind: 'list', items, offset };
  }

  #map(depth: number, offset: number): SourceMap {
    const seen = new Set<string>();
    const entries: SourceEntry[] = [];
    while (this.#more()) {
      const event = this.#events[this.#at];
      const key = this.read(depth + 1, offset);
      const value = this.read(depth + 1, this.#behind(event, key.offset));
      if (key.kind !== 'scalar') {
        this.#problems.add('yaml_key', key.offset);
        continue;
      }
      if (seen.has(key.text))
        this.#problems.add('yaml_duplicate_key', key.offset, { detail: clip(key.text) });
      seen.add(key.text);
      entries.push({ key: key.text, offset: key.offset, value });
    }
    return { kind: 'map', entries, offset: entries[0]?.offset ?? offset };
  }

  /** Whether the collection goes on; steps over its end. */
  #more(): boolean {
    const event = this.#events[this.#at];
    if (event !== undefined && event.type !== EVENT_ID.POP) return true;
    this.#at += 1;
    return false;
  }

  /** Behind the colon of a key: the place of a value that is not there. */
  #behind(key: Event | undefined, near: number): number {
    if (key?.type !== EVENT_ID.SCALAR || key.valueEnd < 0) return near;
    const colon = this.#text.indexOf(':', key.valueEnd);
    return colon < 0 ? near : colon + 1 + this.#base;
  }

  #scalar(event: ScalarEvent, offset: number): SourceScalar {
    const text = getScalarValue(this.#text, event);
    const value =
      event.tagStart >= 0
        ? taggedValue(text, this.#text.slice(event.tagStart, event.tagEnd))
        : event.style === SCALAR_STYLE.PLAIN
          ? plainValue(text)
          : text;
    if (event.valueStart < 0) return { kind: 'scalar', value, text, offset, verbatim: false };
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    const start = offset + (quoted ? 1 : 0);
    // A block scalar ends in a line end of its own.
    const verbatim = event.fast || this.#text.startsWith(text.replace(/\n$/, ''), start - this.#base);
    return { kind: 'scalar', value, text, offset: verbatim ? start : offset, verbatim };
  }

  /** What an alias stands for: the very same value, counted once more. */
  #alias(name: string, depth: number, start: number): SourceNode {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      this.#problems.add('yaml_syntax', start + this.#base, { detail: `no anchor ${clip(name)} before` });
      throw new GivenUp();
    }
    if (typeof target === 'number') return this.#tooLarge(target);
    this.#count(depth, start + this.#base);
    this.#countAll(target, depth + 1);
    return target;
  }

  #countAll(node: SourceNode, depth: number): void {
    this.#count(depth, node.offset);
    this.#aliased.values += 1;
    if (this.#aliased.values > nodesMax) this.#tooLarge(node.offset);
    if (node.kind === 'list') for (const item of node.items) this.#countAll(item, depth + 1);
    if (node.kind !== 'map') return;
    for (const { offset, value } of node.entries) {
      this.#count(depth + 1, offset);
      this.#countAll(value, depth + 1);
    }
  }

  #count(depth: number, offset: number): void {
    this.#nodes += 1;
    if (this.#nodes > nodesMax || depth > depthMax) this.#tooLarge(offset);
  }

  #tooLarge(offset: number): never {
    this.#problems.add('source_too_large', offset, {
      detail: `at most ${nodesMax} values, ${depthMax} levels deep`,
    });
    throw new GivenUp();
  }
}

/** Where a scalar begins: its quote, or its first character; negative where there is nothing. */
function scalarStart({ style, valueStart, indent }: ScalarEvent): number {
  if (valueStart < 0) return valueStart;
  switch (style) {
    case SCALAR_STYLE.PLAIN:
      return valueStart;
    case SCALAR_STYLE.SINGLE_QUOTED:
    case SCALAR_STYLE.DOUBLE_QUOTED:
      return valueStart - 1;
    case SCALAR_STYLE.LITERAL_BLOCK:
    case SCALAR_STYLE.FOLDED_BLOCK:
      return valueStart + Math.max(0, indent);
  }
}

function nothing(offset: number): SourceScalar {
  return { kind: 'scalar', value: null, text: '', offset, verbatim: false };
}
