import type { Rule } from '../language/rule.ts';
import type { Formula } from './predicate.ts';

/** A rule with what the index made of it. */
export interface IndexedRule {
  readonly match: { readonly rule: Rule };
  readonly formula: Formula;
  readonly counts: RuleCounts;
}

/** What a rule has cost and found since the start. */
export interface RuleCounts {
  /** Events for which the index could not exclude it. */
  evaluations: number;
  matches: number;
  /** Estimated from samples; 0 without a clock. */
  ms: number;
}
