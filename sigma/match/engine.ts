import { createCorrelator } from '../correlate/correlator.ts';
import type {
  Correlator,
  CorrelatorOptions,
  CorrelatorStats,
  Signal,
  StatePart,
  TimedEvent,
} from '../correlate/contract.ts';
import type { Rule, RuleSet } from '../language/rule.ts';
import type { SigmaEvent } from './event.ts';
import { createMatcher, type Match, type MatcherOptions, type RuleStats } from './matcher.ts';

export type { Match, RuleStats } from './matcher.ts';

/** Rules and correlations over one stream of events. */
export interface Engine {
  readonly rules: readonly Rule[];
  /** The rules that match an event, in the order they were given. Never throws by a rule's fault. */
  match(event: SigmaEvent): readonly Match[];
  /** What the correlations make of an event and its matches; of events without matches too, for they move time on. */
  correlate(event: TimedEvent, matches: readonly Match[]): readonly Signal[];
  /** Moves the trusted clock where no event came. */
  tick(accepted: number): readonly Signal[];
  /** Closes every window: the end of all input. */
  end(): readonly Signal[];
  /** Goes on with other rules. Correlations that mean the same as before keep their state; `stats` begins anew. */
  reload(ruleSet: RuleSet): void;
  /** The parts of the correlations' state that changed since the last call; with `all`, every part. */
  snapshot(options?: { readonly all?: boolean }): readonly StatePart[];
  /** Of every rule what it cost and found. */
  stats(): readonly RuleStats[];
  correlationStats(): CorrelatorStats;
}

export interface EngineOptions extends MatcherOptions {
  readonly correlation?: CorrelatorOptions;
}

/** An engine over a rule set as `loadRules` gives it, or over rules alone. */
export function createEngine(ruleSet: RuleSet | readonly Rule[], options: EngineOptions = {}): Engine {
  let current = 'rules' in ruleSet ? ruleSet : { rules: ruleSet, correlations: [], quiet: new Set<string>() };
  let matcher = createMatcher(current.rules, options);
  // Many an engine only matches.
  let made: Correlator | undefined;
  const correlator = (): Correlator => (made ??= createCorrelator(current, options.correlation));
  return {
    get rules() {
      return current.rules;
    },
    match: (event) => matcher.match(event),
    correlate: (event, matches) => correlator().correlate(event, matches),
    tick: (accepted) => correlator().tick(accepted),
    end: () => correlator().end(),
    reload: (next) => {
      current = next;
      matcher = createMatcher(next.rules, options);
      made?.reload(next);
    },
    snapshot: (which) => correlator().snapshot(which),
    stats: () => matcher.stats(),
    correlationStats: () => correlator().stats(),
  };
}
