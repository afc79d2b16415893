import type { Pattern } from './pattern.ts';
import type { Network } from './address.ts';
import type { DatePart } from './date-part.ts';

/** Sigma's levels, lowest first. */
export const levels = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof levels)[number];

/** Where a rule looks; as an event's, where it comes from. Values are lower case. */
export interface LogSource {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
}

export type PlainValue = string | number | boolean | null | readonly PlainValue[] | PlainObject;
export interface PlainObject {
  readonly [key: string]: PlainValue;
}

/** What every Sigma document says of itself; nothing here decides what fires. */
export interface Metadata {
  /** UUID, lower case. */
  readonly id?: string;
  /** The name by which correlations and filters refer to the document. */
  readonly name?: string;
  readonly title: string;
  readonly level: Level;
  readonly status?: string;
  readonly description?: string;
  readonly author?: string;
  readonly license?: string;
  readonly references: readonly string[];
  readonly falsepositives: readonly string[];
  readonly tags: readonly string[];
  readonly fields: readonly string[];
  readonly date?: string;
  readonly modified?: string;
  /** Attributes that Sigma does not define, `canh` among them, as written. */
  readonly custom: PlainObject;
  readonly file: string;
  /** Line of the document's first key, from 1. */
  readonly line: number;
}

/** One Sigma rule that can run. Everything is plain data: it can be cloned, sent to a worker and compared. */
export interface Rule extends Metadata {
  /** Tells the rule apart within its set: its id, else its name, else its place. */
  readonly key: string;
  readonly logsource: LogSource;
  /** With the conditions of the filters that apply to it. */
  readonly detection: Detection;
  /** Titles of those filters. */
  readonly filters?: readonly string[];
}

export const correlationTypes = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
] as const;
export type CorrelationType = (typeof correlationTypes)[number];

/** One Sigma correlation whose references are resolved. Plain data, as a rule is. */
export interface Correlation extends Metadata {
  /** As a rule's; unique among rules and correlations of a set. */
  readonly key: string;
  readonly type: CorrelationType;
  /** What it correlates, in the order written; for `temporal_ordered` that order is the order in time. */
  readonly refers: readonly Reference[];
  /** Fields (or aliases) whose values tell groups apart; none: one group. */
  readonly groupBy: readonly string[];
  /** Alias → reference as written → field of that rule's events. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly timespanMs: number;
  readonly condition: CorrelationCondition;
  /** Whether what it refers to gives alerts of its own too. */
  readonly generate: boolean;
  /** `city`: groups span agencies (`canh: {scope: city}`). */
  readonly scope: 'agency' | 'city';
}

export interface Reference {
  /** Id or name, as the correlation writes it. */
  readonly written: string;
  readonly kind: 'rule' | 'correlation';
  /** `key` of the rule or correlation meant. */
  readonly key: string;
}

/** All predicates must hold of the figure that the type makes of a window; or, for `temporal`, an expression. */
export type CorrelationCondition =
  | {
      readonly kind: 'predicates';
      readonly predicates: readonly Predicate[];
      /** Fields whose value (several: whose values together) is counted or calculated with; none for counts of events. */
      readonly fields: readonly string[];
      /** 0 to 100; for `value_percentile` only. */
      readonly percentile?: number;
    }
  /** Identifiers are references as written: true where the window holds a match of it. */
  | { readonly kind: 'expression'; readonly text: string; readonly expression: Condition };

export interface Predicate {
  readonly operator: Comparison | 'eq' | 'neq';
  readonly value: number;
}

/** Everything that was loaded, with references resolved and filters applied. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** Each behind those that it refers to. */
  readonly correlations: readonly Correlation[];
  /** Keys of rules and correlations that give no alert of their own, because a correlation speaks for them. */
  readonly quiet: ReadonlySet<string>;
}

export interface Detection {
  /** As written. */
  readonly raw: PlainObject;
  /** Condition texts as written; a list of them means any. */
  readonly conditions: readonly string[];
  readonly condition: Condition;
  /** Search identifiers and what they stand for. */
  readonly searches: ReadonlyMap<string, Search>;
}

/** A condition with its quantifiers already resolved to the identifiers they stand for. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly children: readonly Condition[] }
  | { readonly kind: 'not'; readonly child: Condition }
  | { readonly kind: 'identifier'; readonly name: string };

/** What stands under a search identifier: maps are `and`, lists of maps are `or`. */
export type Search = { readonly kind: 'and' | 'or'; readonly children: readonly Search[] } | Item;

/** One detection item: a field (null: a keyword search) and the values it is compared with. */
export interface Item {
  readonly kind: 'item';
  readonly field: string | null;
  /** As written, in order. */
  readonly modifiers: readonly string[];
  readonly values: readonly Value[];
  /** Every value must match instead of any (`all`). */
  readonly all: boolean;
  /** The outcome of the whole item is turned round (`neq`). */
  readonly negated: boolean;
  readonly line: number;
}

export interface Value {
  /** As the rule writes it. */
  readonly text: string;
  readonly test: Test;
}

export type Comparison = 'lt' | 'lte' | 'gt' | 'gte';
export type Relation = 'equals' | 'startswith' | 'endswith' | 'contains';

/** How one value of a rule is compared; the outcome of all modifiers. */
export type Test =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'text'; readonly patterns: readonly Pattern[]; readonly cased: boolean }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  | { readonly kind: 'cidr'; readonly network: Network }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly value: number }
  | {
      readonly kind: 'date';
      readonly part: DatePart;
      readonly operator: Comparison | 'eq';
      readonly value: number;
    }
  | { readonly kind: 'exists'; readonly expected: boolean }
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly relation: Relation;
      readonly cased: boolean;
    };
