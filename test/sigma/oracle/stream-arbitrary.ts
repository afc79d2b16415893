import fc from 'fast-check';
import { plainRules } from './correlation-arbitrary.ts';
import type { TimedEvent } from '../../../sigma/correlate/contract.ts';
import type { Arrival } from './oracle.ts';

/** One event of a random stream, apart from when it arrives. */
interface Drawn {
  readonly time: number;
  readonly order: number;
  readonly agency: string;
  readonly collector: string;
  readonly rules: readonly number[];
  readonly fields: Readonly<Record<string, unknown>>;
  /** How much later than its own time it arrives, as a part of the lateness. */
  readonly delay: number;
  readonly otherDelay: number;
}

/** How the trusted clock goes along with the events' own time. */
export type Clock = 'follows' | 'behind' | 'stands';

export interface Stream {
  readonly drawn: readonly Drawn[];
  readonly clock: Clock;
  readonly latenessMs: number;
  readonly idleMs: number;
}

const start = Date.UTC(2026, 0, 15, 8);

const text = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom('admin', 'Admin', 'admin', 'bob') },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(undefined, null, '', 5, '5', true) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      [],
      ['bob'],
      ['bob', 'x'],
      { a: 1 },
      'bob","10.0.0.1',
      'bob\u0000',
      '\u0000',
    ),
  },
);
const address = fc.constantFrom<unknown>('10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.2', undefined);
const value = fc.constantFrom<unknown>('x', 'X', 'y', 'z', 1, '1', undefined, ['x'], null);
/** All but what is no number have few binary places, so that sums do not depend on their order. */
const numeric = fc.constantFrom<unknown>(
  0,
  1,
  2,
  3,
  4,
  -2,
  2.5,
  '3',
  ' 4 ',
  '0x10',
  '1e1',
  'much',
  '',
  undefined,
  [1],
);

function events(agencies: number): fc.Arbitrary<Drawn> {
  return fc.record({
    time: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 60 }).map((quarter) => start + quarter * 250) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 200_000 }).map((ms) => start + ms) },
    ),
    order: fc.nat(3),
    agency: fc.oneof(fc.constant(0), fc.nat(agencies - 1)).map((index) => `agency-${index}`),
    collector: fc.constantFrom('a', 'b'),
    rules: fc.oneof(
      { weight: 4, arbitrary: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 1 }) },
      { weight: 3, arbitrary: fc.uniqueArray(fc.nat(3), { maxLength: 4 }) },
    ),
    fields: fc.record({ user: text, ip: address, n: numeric, v: value }),
    delay: fc.nat(1000).map((part) => part / 1000),
    otherDelay: fc.nat(1000).map((part) => part / 1000),
  });
}

export interface StreamWanted {
  readonly agencies?: number;
  readonly eventsMax?: number;
  readonly latenesses?: readonly number[];
  readonly clocks?: readonly Clock[];
}

export function streams({
  agencies = 2,
  eventsMax = 50,
  latenesses = [0, 1000, 5000, 60_000, Infinity],
  clocks = ['follows', 'behind', 'stands'],
}: StreamWanted = {}): fc.Arbitrary<Stream> {
  const stream = fc.record({
    drawn: fc.array(events(agencies), { minLength: eventsMax / 5, maxLength: eventsMax, size: 'max' }),
    clock: fc.constantFrom(...clocks),
    latenessMs: fc.constantFrom(...latenesses),
    // Half seconds: a collector is never idle to the very millisecond where clocks go in whole seconds.
    idleMs: fc.constantFrom(1500, 30_500, Infinity),
  });
  return stream.map((drawn) => ({ ...drawn, [fc.toStringMethod]: () => describeStream(drawn) }));
}

/** In lines, for the report of a counterexample. */
function describeStream({ drawn, clock, latenessMs, idleMs }: Stream): string {
  const lines = drawn.map(({ time, order, agency, collector, rules, fields, delay, otherDelay }, index) => {
    const matched = rules.map((rule) => `r${rule}`).join(' ');
    const values = JSON.stringify(fields, (_, each: unknown) => each ?? null);
    return `${idOf(index)} +${time - start} ms order ${order} ${agency}/${collector} ${matched} ${values} ${delay} ${otherDelay}`;
  });
  return [`lateness ${latenessMs} idle ${idleMs} clock ${clock}`, ...lines].join('\n');
}

export type Arrangement = 'in order' | 'displaced' | 'displaced otherwise';

/** The events of a stream as they arrive: nothing comes later than others by more than the lateness. */
export function arrivalsOf(
  { drawn, clock, latenessMs }: Stream,
  arrangement: Arrangement,
): readonly Arrival[] {
  // Without a limit the order is any.
  const spread = Number.isFinite(latenessMs) ? latenessMs : 1_000_000;
  const arrives = (event: Drawn): number => {
    switch (arrangement) {
      case 'in order':
        return event.time;
      case 'displaced':
        return event.time + event.delay * spread;
      case 'displaced otherwise':
        return event.time + event.otherDelay * spread;
    }
  };
  let latest = -Infinity;
  return drawn
    .map((event, index) => ({ event, id: idOf(index) }))
    .toSorted(
      (a, b) => arrives(a.event) - arrives(b.event) || (arrangement === 'in order' ? compare(a, b) : 0),
    )
    .map(({ event, id }) => {
      latest = Math.max(latest, event.time);
      return arrivalOf(event, id, acceptedBy(clock, latest));
    });
}

function acceptedBy(clock: Clock, latest: number): number {
  switch (clock) {
    case 'follows':
      return latest;
    case 'behind':
      return latest - 400_000;
    case 'stands':
      return start - 86_400_000;
  }
}

/** In order of a correlation's definition, apart from ties of different rules. */
function compare(a: { event: Drawn; id: string }, b: { event: Drawn; id: string }): number {
  return a.event.order - b.event.order || (a.id < b.id ? -1 : 1);
}

/** Ids that are unique and in no order. */
function idOf(index: number): string {
  return `e${String(((index + 1) * 7919) % 9973).padStart(4, '0')}`;
}

export function arrivalOf(drawn: Drawn, id: string, accepted: number): Arrival {
  const { fields } = drawn;
  const event: TimedEvent = {
    id,
    time: drawn.time,
    accepted,
    agency: drawn.agency,
    collector: `${drawn.agency}-${drawn.collector}`,
    order: drawn.order,
    field: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
  };
  return {
    event,
    matches: plainRules.filter((_, index) => drawn.rules.includes(index)).map((rule) => ({ rule })),
  };
}
