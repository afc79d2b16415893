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

/** One Sigma rule that can run. Everything is plain data: it can be cloned, sent to a worker and compared. */
export interface Rule {
  /** UUID, lower case. */
  readonly id?: string;
  /** The name by which correlations refer to the rule. */
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
  readonly logsource: LogSource;
  readonly detection: Detection;
  /** Attributes that Sigma does not define, `canh` among them, as written. */
  readonly custom: PlainObject;
  readonly file: string;
  /** Line of the document's first key, from 1. */
  readonly line: number;
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
