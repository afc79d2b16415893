import type { Condition, LogSource, PlainValue } from '../language/rule.ts';
import type { SourceMap } from '../language/source.ts';

/**
 * A processing pipeline: what is to be changed in rules before they run, so that rules written for one naming of fields
 * fit another. Plain data, as rules are.
 */
export interface Pipeline {
  readonly file: string;
  readonly name?: string;
  /** Lower ones are applied first. */
  readonly priority: number;
  /** What placeholders stand for. */
  readonly vars: ReadonlyMap<string, readonly Scalar[]>;
  readonly items: readonly PipelineItem[];
}

type Scalar = string | number;

/** One transformation with the conditions on which it is applied. */
export interface PipelineItem {
  /** As the pipeline names it, else its place: what `processing_item_applied` refers to. */
  readonly id: string;
  readonly transformation: Transformation;
  /** Left out: holds. */
  readonly rule?: Gate<RuleCondition>;
  readonly item?: Gate<ItemCondition>;
  readonly field?: Gate<FieldCondition>;
}

/** Conditions by name, and what must hold of them. Those of a list are named by their number. */
export interface Gate<Kind> {
  readonly conditions: ReadonlyMap<string, Kind>;
  readonly expression: Condition;
}

/** Field name (null: keyword searches) → what it becomes; several: any of them. */
export type FieldMapping = ReadonlyMap<string | null, readonly string[]>;

/** Placeholders that a transformation is for: those listed, or those not listed; neither: all. */
export interface PlaceholderChoice {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** A piece of a replacement: a text, or the number of a group of the regular expression. */
export type ReplacementPart = string | number;

export type Transformation =
  | { readonly type: 'field_name_mapping' | 'field_name_prefix_mapping'; readonly mapping: FieldMapping }
  | { readonly type: 'field_name_prefix'; readonly prefix: string }
  | { readonly type: 'field_name_suffix'; readonly suffix: string }
  | { readonly type: 'add_field' | 'remove_field' | 'set_field'; readonly fields: readonly string[] }
  | { readonly type: 'drop_detection_item' }
  | { readonly type: 'strict_field_mapping_failure' }
  | {
      readonly type: 'hashes_fields';
      readonly algorithms: readonly string[];
      readonly prefix: string;
      readonly dropAlgorithm: boolean;
      readonly fields: readonly string[];
    }
  | {
      readonly type: 'add_condition';
      /** As written: it is read once `$product` and the like are known. */
      readonly conditions: SourceMap;
      readonly name: string;
      readonly template: boolean;
      readonly negated: boolean;
    }
  | { readonly type: 'change_logsource'; readonly logsource: LogSource }
  | ({ readonly type: 'value_placeholders' | 'wildcard_placeholders' } & PlaceholderChoice)
  | ({ readonly type: 'file_placeholders' } & PlaceholderFile & PlaceholderChoice)
  | {
      readonly type: 'replace_string';
      readonly regex: string;
      readonly replacement: readonly ReplacementPart[];
      readonly skipSpecial: boolean;
      readonly interpretSpecial: boolean;
    }
  | { readonly type: 'map_string'; readonly mapping: ReadonlyMap<string, readonly string[]> }
  | { readonly type: 'set_value'; readonly value: string | number | boolean | null }
  | { readonly type: 'convert_type'; readonly target: 'str' | 'num' }
  | { readonly type: 'case'; readonly method: 'lower' | 'upper' | 'snake_case' }
  | { readonly type: 'set_state'; readonly key: string; readonly value: PlainValue }
  | { readonly type: 'rule_failure'; readonly message: string }
  | { readonly type: 'detection_item_failure'; readonly message: string }
  | { readonly type: 'set_custom_attribute'; readonly attribute: string; readonly value: PlainValue }
  | { readonly type: 'nest'; readonly items: readonly PipelineItem[] };

/** A file of values, one a line or in a column of CSV. Its text is handed in: the engine reads no files. */
export interface PlaceholderFile {
  readonly path: string;
  readonly format: 'plaintext' | 'csv';
  /** Only values in which this regular expression is found. */
  readonly filter?: string;
  /** Name of a column, or its number from 0. */
  readonly column?: string | number;
  readonly header: boolean;
}

export type Operator = 'eq' | 'ne' | 'gte' | 'gt' | 'lte' | 'lt';

interface StateCondition {
  readonly type: 'processing_state';
  readonly key: string;
  readonly value: string | number | boolean;
  readonly operator: Operator;
}
interface AppliedCondition {
  readonly type: 'processing_item_applied';
  readonly id: string;
}

export type RuleCondition =
  | { readonly type: 'logsource'; readonly logsource: LogSource }
  | { readonly type: 'contains_field'; readonly field: string }
  | {
      readonly type: 'contains_detection_item';
      readonly field: string;
      readonly value: string | number | boolean;
    }
  | { readonly type: 'is_sigma_rule' | 'is_sigma_correlation_rule' }
  | {
      readonly type: 'rule_attribute';
      readonly attribute: string;
      readonly value: string | number;
      readonly operator: Operator | 'in' | 'not_in';
    }
  | { readonly type: 'tag'; readonly tag: string }
  | AppliedCondition
  | StateCondition;

export type ItemCondition =
  | {
      readonly type: 'match_string';
      readonly every: boolean;
      readonly pattern: string;
      readonly negate: boolean;
    }
  | { readonly type: 'match_value'; readonly every: boolean; readonly value: string | number | boolean }
  | { readonly type: 'is_null' | 'contains_wildcard'; readonly every: boolean }
  | AppliedCondition
  | StateCondition;

export type FieldCondition =
  | {
      readonly type: 'include_fields' | 'exclude_fields';
      readonly fields: readonly string[];
      readonly mode: 'plain' | 're';
    }
  | AppliedCondition
  | StateCondition;
