import { hash } from 'node:crypto';
import type { Event, JsonObject, JsonValue } from '../platform/event.ts';
import type { NewDocument } from '../platform/index/port.ts';

/** Sources remembered; the one silent for longest is forgotten first. */
export const SOURCES_MAX = 20_000;

interface SourceState {
  readonly agency: string;
  readonly collector: string;
  readonly input: string;
  readonly path: string | null;
  product: string | null;
  events: number;
  unparsed: number;
  lastEvent: number;
  lastAccepted: number;
}

/** Counts the events of every source: a collector's input and the file, unit or peer behind it. */
export interface Sources {
  count(event: Event): void;
  /** Documents of the sources that changed since the last call. */
  changed(): readonly NewDocument[];
  snapshot(): JsonValue;
}

export function createSources(snapshot?: JsonValue): Sources {
  const states = new Map<string, SourceState>();
  for (const entry of Array.isArray(snapshot) ? (snapshot as readonly JsonValue[]) : []) {
    const state = entry as unknown as SourceState;
    states.set(keyOf(state), { ...state });
  }
  const touched = new Set<string>();

  return {
    count: (event) => {
      const { collector, input, path = null } = event.record;
      const key = keyOf({ agency: event.agency, collector, input, path });
      const state = states.get(key) ?? {
        agency: event.agency,
        collector,
        input,
        path,
        product: null,
        events: 0,
        unparsed: 0,
        lastEvent: event.time,
        lastAccepted: event.accepted,
      };
      // Set again, so that the map's order is that of the last event.
      states.delete(key);
      states.set(key, state);
      state.events += 1;
      state.product =
        event.logsource.find((source) => source.product !== undefined)?.product ?? state.product;
      if (isUnparsed(event)) state.unparsed += 1;
      state.lastEvent = Math.max(state.lastEvent, event.time);
      state.lastAccepted = Math.max(state.lastAccepted, event.accepted);
      touched.add(key);
      const [oldest] = states.keys();
      if (states.size > SOURCES_MAX && oldest !== undefined) states.delete(oldest);
    },
    changed: () => {
      const documents = [...touched].flatMap((key) => {
        const state = states.get(key);
        return state === undefined ? [] : [toDocument(key, state)];
      });
      touched.clear();
      return documents;
    },
    snapshot: () => [...states.values()].map((state) => ({ ...state }) as unknown as JsonObject),
  };
}

function keyOf(source: Pick<SourceState, 'agency' | 'collector' | 'input' | 'path'>): string {
  return JSON.stringify([source.agency, source.collector, source.input, source.path]);
}

function toDocument(key: string, state: SourceState): NewDocument {
  return {
    id: hash('sha256', key),
    agency: state.agency,
    time: state.lastAccepted,
    body: {
      agency: state.agency,
      collector: state.collector,
      input: state.input,
      path: state.path,
      product: state.product,
      events: state.events,
      unparsed: state.unparsed,
      last_event: new Date(state.lastEvent).toISOString(),
      last_accepted: new Date(state.lastAccepted).toISOString(),
    },
  };
}

export function isUnparsed(event: Event): boolean {
  const tags = event.ecs['tags'];
  return typeof tags === 'object' && tags.includes('unparsed');
}
