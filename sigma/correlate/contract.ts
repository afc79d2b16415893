import type { Correlation, RuleSet } from '../language/rule.ts';
import type { Match } from '../match/engine.ts';

/** What correlation asks of an event. Times in milliseconds since 1970. */
export interface TimedEvent {
  /** Unique among all events. */
  readonly id: string;
  /** When it happened, by its own account. */
  readonly time: number;
  /** When it was taken in, by a clock that is trusted. */
  readonly accepted: number;
  /** Tenant; part of every group unless a correlation spans the city. */
  readonly agency: string;
  readonly collector: string;
  /** Grows with the order of reading within one collector: settles which of two events of the same time came first. */
  readonly order: number;
  field(name: string): unknown;
}

export interface EventRef {
  readonly id: string;
  readonly time: number;
  readonly accepted: number;
}

/** One match that a signal rests on. */
export interface Constituent {
  /** `key` of the rule, or of the correlation whose firing it is. */
  readonly rule: string;
  readonly event: EventRef;
}

/**
 * One step in the life of an episode: a run of windows of one group that satisfy a correlation, no further apart than
 * its timespan.
 *
 * - `fired`: it began. `trigger` names it in every later signal.
 * - `updated`: the number of its matches has doubled since the signal before.
 * - `final`: the watermark has passed its end. `final` does not depend on the order of arrival.
 * - `duplicate`: it turned out to be part of the episode whose trigger is `of`; nothing more follows.
 */
export interface Signal {
  readonly kind: 'fired' | 'updated' | 'final' | 'duplicate';
  readonly correlation: Correlation;
  /** `semanticHash` of the correlation. */
  readonly hash: string;
  /** Empty where the correlation spans the city. */
  readonly agency: string;
  readonly group: readonly { readonly field: string; readonly value: string }[];
  /** Tells the group apart within its correlation, agency and all. */
  readonly groupKey: string;
  /** The event that made it fire. */
  readonly trigger: EventRef;
  /** From 1, growing with every signal of the episode. */
  readonly revision: number;
  /** Matches in the episode so far. */
  readonly count: number;
  /** The figure that satisfied the condition last: distinct values, sum, average, percentile; events for `event_count`. */
  readonly value: number;
  /** Times of the first and last match. */
  readonly first: number;
  readonly last: number;
  /** The earliest of its matches, in order, at most `constituentsMax`. */
  readonly constituents: readonly Constituent[];
  /** Made of matches that came behind the group's watermark: told apart by collector. */
  readonly late: boolean;
  /** State had been given up for want of room: there may be more to it. */
  readonly lowerBound: boolean;
  /** Of `final` only: the first event at which the episode was satisfied once everything was in order. */
  readonly final?: EventRef;
  /** Of `duplicate` only. */
  readonly of?: EventRef;
}

export interface CorrelatorOptions {
  /** How much later than others an event may come and still be counted in its place. Infinity: until `end`. */
  readonly latenessMs?: number;
  /** A collector that sent nothing for so long holds no window open. */
  readonly idleMs?: number;
  /** Most bytes of state; beyond it groups with the least progress are given up. */
  readonly stateBytesMax?: number;
  /** State of an earlier run; parts of correlations that exist no more are dropped. */
  readonly state?: readonly StatePart[];
  /** Most constituents told of an episode; all are counted. */
  readonly constituentsMax?: number;
  /**
   * Of several correlators that all see every event: whether this one holds a group (`groupKey` as in its signals, its
   * agency). Correlations of correlations need all groups of an agency in one, those of the city all of it.
   */
  readonly owns?: (groupKey: string, agency: string) => boolean;
  /** Told of a match that came too late to be counted. */
  readonly onLate?: (correlation: Correlation, event: TimedEvent) => void;
}

/** A piece of state under a stable name, of a few hundred. */
export interface StatePart {
  readonly id: string;
  /** Empty: the part is gone. */
  readonly bytes: Uint8Array;
}

export interface CorrelatorStats {
  readonly groups: number;
  /** Estimated bytes of state. */
  readonly bytes: number;
  /** Matches that were counted with their collector added to the group, since the start. */
  readonly lateCorrelated: number;
  /** Matches too late to be counted, since the start. */
  readonly late: number;
  /** Matches without a field that groups or counts, since the start. */
  readonly missingField: number;
  /** Groups given up for want of room, since the start. */
  readonly evicted: number;
}

/**
 * Correlates matches in event time. Deterministic: the same calls give the same signals; another order of events within
 * the lateness gives the same `final`.
 */
export interface Correlator {
  /** Takes every event in order of arrival, with its matches: events without any move the watermark too. */
  correlate(event: TimedEvent, matches: readonly Match[]): readonly Signal[];
  /** Moves the trusted clock where no event came. */
  tick(accepted: number): readonly Signal[];
  /** Closes every window, as if the watermark had passed everything: the end of all input. */
  end(): readonly Signal[];
  /** Goes on with other rules; groups of correlations with the same semantic hash keep their state. */
  reload(ruleSet: RuleSet): void;
  /** The parts of the state that changed since the last call; with `all`, every part. */
  snapshot(options?: { readonly all?: boolean }): readonly StatePart[];
  stats(): CorrelatorStats;
}
