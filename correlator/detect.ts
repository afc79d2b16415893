import { sigmaView } from '../integrations/index.ts';
import type { Event, JsonObject } from '../platform/event.ts';
import type { NewDocument } from '../platform/index/port.ts';
import {
  createCorrelator,
  explain,
  type CorrelatorOptions,
  type CorrelatorStats,
  type Signal,
  type SigmaEvent,
  type StatePart,
  type TimedEvent,
} from '../sigma/index.ts';
import { alertDocument } from './alerts.ts';
import { raise, type Raised } from './raised.ts';
import type { Rulebook } from './rulebook.ts';

/** Further events of one record stand behind it by this fraction, so that all of them stand before the next record. */
const ORDINALS_MAX = 2 ** 20;

export interface DetectorOptions {
  readonly rulebook: Rulebook;
  readonly correlation?: CorrelatorOptions;
}

/** What an event or a tick comes to. */
export interface Detected {
  /** Of rules that matched. */
  readonly alerts: readonly NewDocument[];
  /** Of correlations, to be completed when they are written. */
  readonly raised: readonly Raised[];
}

/** Runs rules and correlations over the events of one partition, in their order on the bus. */
export interface Detector {
  /** `document` is the event's indexed form, `clock` the partition's clock in milliseconds. */
  detect(event: Event, document: JsonObject, clock: number): Detected;
  tick(clock: number): readonly Raised[];
  /** Goes on with other rules; correlations that mean the same as before keep their state. */
  reload(rulebook: Rulebook): void;
  /** Parts of the correlations' state that changed since the last call. */
  changedState(): readonly StatePart[];
  stats(): CorrelatorStats;
}

export function createDetector(options: DetectorOptions): Detector {
  let { rulebook } = options;
  const correlator = createCorrelator(rulebook.ruleSet, options.correlation);
  const raiseAll = (signals: readonly Signal[], clock: number): readonly Raised[] =>
    signals.flatMap((signal) => raise(signal, { rulebook, clock }) ?? []);

  return {
    detect: (event, document, clock) => {
      const view = sigmaView(event);
      const matches = rulebook.engine.match(view);
      const alerts = matches
        .filter(({ rule }) => rulebook.alerts(rule.key))
        .map(({ rule }) =>
          alertDocument(event, document, {
            rule,
            hash: rulebook.hashOf(rule),
            explanation: explain(rule, view),
          }),
        );
      return { alerts, raised: raiseAll(correlator.correlate(timed(event, view), matches), clock) };
    },
    tick: (clock) => raiseAll(correlator.tick(clock), clock),
    reload: (next) => {
      rulebook = next;
      correlator.reload(next.ruleSet);
    },
    changedState: () => correlator.snapshot(),
    stats: () => correlator.stats(),
  };
}

function timed(event: Event, view: SigmaEvent): TimedEvent {
  const { collector, seq, ordinal } = event.record;
  return {
    id: event.id,
    time: event.time,
    accepted: event.accepted,
    agency: event.agency,
    collector,
    order: seq + Math.min(ordinal, ORDINALS_MAX - 1) / ORDINALS_MAX,
    field: (name) => view.field(name),
  };
}
