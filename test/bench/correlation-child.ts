import { createCorrelator } from '../../sigma/correlate/correlator.ts';
import { correlationOf, ruleSetOf } from '../sigma/oracle/build.ts';
import { drawing } from '../sigma/oracle/drawing.ts';
import { plainRules } from '../sigma/oracle/correlation-arbitrary.ts';
import type { TimedEvent } from '../../sigma/correlate/contract.ts';
import type { Correlation } from '../../sigma/language/rule.ts';

export interface Measurement {
  readonly updates_per_second: number;
  readonly updates_per_cpu_second: number;
  readonly map_updates_per_second: number;
  readonly signals: number;
  readonly groups: number;
  readonly bytes_per_group: number;
}

/** What a stream looks like: an event a millisecond, groups and values drawn evenly. */
interface Shape {
  readonly groups: number;
  readonly values: number;
  /** About how many matches of a group a window holds; the threshold is above, so that all of it is kept. */
  readonly timespanMs: number;
  readonly threshold: number;
  readonly type: 'event_count' | 'value_count';
  /** Events come up to so much later than they happened. */
  readonly jitterMs?: number;
  /** Groups whose names collide in simple hashes. */
  readonly hostile?: boolean;
}

const BATCH = 2000;
const WARM_UP = 1_000_000;
const MEASURED = 2_000_000;
/** A slow case ends with what it has measured by then. */
const SECONDS_MAX = 10;
const IDLE_GROUPS = 1_000_000;
const start = Date.UTC(2026, 0, 15);

const shapes: Readonly<Record<string, Shape>> = {
  'event_count, 1,000 hot groups': hot('event_count'),
  'value_count, 1,000 hot groups': hot('value_count'),
  'event_count, 100,000 groups': wide('event_count'),
  'value_count, 100,000 groups of 10 values': wide('value_count'),
  'event_count, one group': single('event_count'),
  'value_count, one group of 2,000 values': single('value_count'),
  'event_count, 8,192 groups made to collide': { ...hot('event_count'), groups: 8192, hostile: true },
  'event_count, one flooded group': { ...single('event_count'), threshold: 100 },
  'event_count, one flooded group, 1 s out of order': {
    ...single('event_count'),
    threshold: 100,
    jitterMs: 1000,
  },
};

function hot(type: Shape['type']): Shape {
  return { type, groups: 1000, values: 50, timespanMs: 100_000, threshold: 500 };
}

function wide(type: Shape['type']): Shape {
  return { type, groups: 100_000, values: 10, timespanMs: 1_000_000, threshold: 100 };
}

function single(type: Shape['type']): Shape {
  return { type, groups: 1, values: 2000, timespanMs: 10_000, threshold: 20_000 };
}

function correlation({ type, timespanMs, threshold }: Omit<Shape, 'groups' | 'values'>): Correlation {
  return correlationOf({
    type,
    groupBy: ['user'],
    timespanMs,
    condition: {
      kind: 'predicates',
      predicates: [{ operator: 'gte', value: threshold }],
      fields: type === 'value_count' ? ['v'] : [],
    },
  });
}

/** An event as a stage would hand it over: fields are looked up in an object that was parsed. */
class BenchEvent implements TimedEvent {
  readonly id: string;
  readonly time: number;
  readonly accepted: number;
  readonly agency = 'agency';
  readonly collector = 'collector';
  readonly order: number;
  readonly #fields: Readonly<Record<string, unknown>>;
  constructor(
    index: number,
    { time, accepted = time }: { readonly time: number; readonly accepted?: number },
    fields: Readonly<Record<string, unknown>>,
  ) {
    this.id = String(fields['id']);
    this.time = time;
    this.accepted = accepted;
    this.order = index;
    this.#fields = fields;
  }
  field(name: string): unknown {
    return this.#fields[name];
  }
}

/** In the form of the product's own ids: 26 digits of base32hex. */
function idOf(index: number): string {
  return index.toString(32).padStart(26, '0');
}

function plainName(group: number): string {
  return `user-${group}@example.org`;
}

/**
 * Blocks in the order of the Thue–Morse sequence: exchanging the two characters in one changes no polynomial hash modulo
 * 2³² at an odd number, whichever that is.
 */
function collidingName(group: number): string {
  return Array.from({ length: 13 }, (_, bit) => blocks[(group >> bit) & 1]).join('');
}

const blocks = ['0p', 'p0'].map((pair) =>
  Array.from({ length: 64 }, (_, at) => pair.charAt(at.toString(2).replaceAll('0', '').length % 2)).join(''),
);

/** Fields come out of `JSON.parse`, as they do in a stage: new texts for every event, not hashed yet. */
function batch(from: number, draw: (below: number) => number, shape: Shape): readonly BenchEvent[] {
  const { groups, values, jitterMs, hostile } = shape;
  const nameOf = hostile === true ? collidingName : plainName;
  const fields = Array.from({ length: BATCH }, (_, index) => ({
    id: idOf(from + index),
    user: nameOf(draw(groups)),
    v: `value number ${draw(values)}`,
  }));
  const parsed = JSON.parse(JSON.stringify(fields)) as readonly Readonly<Record<string, unknown>>[];
  return parsed.map((each, index) => {
    const accepted = start + from + index;
    const time = jitterMs === undefined ? accepted : accepted - draw(jitterMs);
    return new BenchEvent(from + index, { time, accepted }, each);
  });
}

/** Every run sees the same stream. */
const salt = 20_260_115;

const matched = plainRules.slice(0, 1).map((rule) => ({ rule }));

function rate(shape: Shape): Measurement {
  const correlator = createCorrelator(ruleSetOf(correlation(shape)), {
    latenessMs: 60_000,
    stateBytesMax: Infinity,
  });
  const draw = drawing(salt);
  let signals = 0;
  let seconds = 0;
  let cpuSeconds = 0;
  let measured = 0;
  const began = performance.now();
  for (let from = 0; measured < MEASURED; from += BATCH) {
    const events = batch(from, draw, shape);
    const cpu = process.cpuUsage();
    const started = performance.now();
    for (const event of events) signals += correlator.correlate(event, matched).length;
    const slow = started - began > 2 * SECONDS_MAX * 1000;
    if (from < WARM_UP && !slow) continue;
    measured += BATCH;
    seconds += (performance.now() - started) / 1000;
    const used = process.cpuUsage(cpu);
    cpuSeconds += (used.user + used.system) / 1e6;
    if (seconds > SECONDS_MAX) break;
  }
  return {
    updates_per_second: measured / seconds,
    updates_per_cpu_second: measured / cpuSeconds,
    map_updates_per_second: mapRate(shape),
    signals,
    groups: correlator.stats().groups,
    bytes_per_group: 0,
  };
}

/** The limit: a Map that counts the same keys, and forgets nothing. */
function mapRate(shape: Shape): number {
  const counts = new Map<string, number>();
  const draw = drawing(salt);
  let seconds = 0;
  let measured = 0;
  const began = performance.now();
  for (let from = 0; measured < MEASURED; from += BATCH) {
    const events = batch(from, draw, shape);
    const started = performance.now();
    for (const event of events) {
      const key = event.field('user') as string;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    if (from < WARM_UP && started - began < SECONDS_MAX * 1000) continue;
    measured += BATCH;
    seconds += (performance.now() - started) / 1000;
    if (started - began > 2 * SECONDS_MAX * 1000) break;
  }
  if (counts.size === 0) throw new Error('nothing was counted');
  return measured / seconds;
}

/** Memory that groups of one match each take, everything freed that can be. */
function idle(type: Shape['type']): Measurement {
  const timespanMs = 86_400_000;
  const correlator = createCorrelator(ruleSetOf(correlation({ type, timespanMs, threshold: 10 })), {
    latenessMs: 60_000,
    stateBytesMax: Infinity,
  });
  const feed = (from: number, count: number): void => {
    for (let index = from; index < from + count; index += 1)
      correlator.correlate(
        new BenchEvent(
          index,
          { time: start + index },
          { id: idOf(index), user: `user-${index}@example.org`, v: `value ${index % 10}` },
        ),
        matched,
      );
  };
  feed(0, 1000);
  const before = used();
  feed(1000, IDLE_GROUPS);
  // What is still above the watermark goes through, so that every group is at rest.
  correlator.tick(start + IDLE_GROUPS + 10_000_000);
  correlator.correlate(new BenchEvent(1e9, { time: start + 3_600_000 }, { id: idOf(1e9) }), []);
  const bytes = used() - before;
  const { groups } = correlator.stats();
  return {
    updates_per_second: 0,
    updates_per_cpu_second: 0,
    map_updates_per_second: 0,
    signals: 0,
    groups,
    bytes_per_group: bytes / IDLE_GROUPS,
  };
}

function used(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  // `external` holds what array buffers take.
  return heapUsed + external;
}

const [name = ''] = process.argv.slice(2);
const shape = shapes[name];
const result =
  shape !== undefined ? rate(shape) : idle(name.startsWith('value_count') ? 'value_count' : 'event_count');
process.stdout.write(JSON.stringify(result));
