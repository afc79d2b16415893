import type { Problem } from './problems.ts';
import type { Condition, Correlation, CorrelationCondition, Detection, LogSource, Rule } from './rule.ts';

/** Lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A text of a document and where it stands. */
export interface Written extends Place {
  readonly text: string;
}

/**
 * One document of a file, read on its own: references to others are still texts. Plain data that can be cloned, sent to
 * a worker and kept on disk.
 */
export type SigmaDocument = RuleDocument | CorrelationDocument | FilterDocument | RefusedDocument;

interface Found {
  readonly file: string;
  /** Where the document says its id and its name, for who has them too. */
  readonly id?: Written;
  readonly name?: Written;
  /** Everything wrong with it as far as it can be told without other documents. */
  readonly problems: readonly Problem[];
}

export interface RuleDocument extends Found {
  readonly kind: 'rule';
  readonly rule: Rule;
}

export interface CorrelationDocument extends Found {
  readonly kind: 'correlation';
  readonly correlation: CorrelationDraft;
}

export interface FilterDocument extends Found {
  readonly kind: 'filter';
  readonly filter: FilterDraft;
}

/** A document that gives nothing, because of its problems; who refers to it must not be told that it does not exist. */
export interface RefusedDocument extends Found {
  readonly kind: 'refused';
}

/** A correlation before its references are resolved. */
export interface CorrelationDraft extends Omit<Correlation, 'refers' | 'aliases' | 'condition'> {
  /** Rules and correlations that it refers to, as written. */
  readonly rules: readonly Written[];
  readonly aliases: readonly AliasDraft[];
  readonly condition: ConditionDraft;
}

export interface AliasDraft {
  readonly alias: Written;
  readonly fields: readonly { readonly reference: Written; readonly field: string }[];
}

export type ConditionDraft =
  | Extract<CorrelationCondition, { readonly kind: 'predicates' }>
  /** A match of every rule. */
  | { readonly kind: 'every' }
  | {
      readonly kind: 'expression';
      readonly text: string;
      readonly expression: Condition;
      /** Each identifier of the expression once. */
      readonly identifiers: readonly Written[];
    };

/** A filter: further conditions for the rules that it names. */
export interface FilterDraft extends Place {
  readonly title: string;
  readonly name?: string;
  readonly logsource: LogSource;
  /** None: every rule of the logsource. */
  readonly references: readonly Written[];
  readonly detection: Detection;
}
