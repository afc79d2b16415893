import type { Lines } from './lines.ts';
import type { Place } from './document.ts';
import { Suggestions } from './suggest.ts';

/** Everything that can be wrong with a rule, once; the sentence says what to do. */
export const problemCatalogue = {
  yaml_syntax: 'The text is not valid YAML.',
  yaml_duplicate_key: 'The same key stands twice in one map; remove or rename one.',
  yaml_key: 'A key must be a plain text.',
  source_too_large: 'The rule text is larger or more deeply nested than is allowed; split it.',
  document_not_map: 'A Sigma document must be a map with title, logsource and detection.',
  document_kind: 'A document must be one thing: a rule (detection), a correlation or a filter.',
  aggregation_invalid:
    'The aggregation of this condition cannot be read as a correlation; write a correlation instead.',
  timeframe_missing: 'An aggregation needs a timeframe: without one, nothing says how long to count.',
  timeframe_alone: 'A timeframe means nothing without an aggregation; write a correlation instead.',
  action_invalid: 'The action of a collection is global, reset or repeat.',
  title_missing: 'A rule needs a title.',
  level_invalid: 'The level must be informational, low, medium, high or critical.',
  taxonomy_foreign: 'Only rules of the taxonomy sigma can be run; map the field names first.',
  logsource_missing: 'A rule needs a logsource.',
  logsource_invalid: 'The logsource must be a map of texts.',
  logsource_key: 'The logsource has a key other than product, category, service and definition.',
  logsource_empty: 'The logsource must name at least one of product, category and service.',
  logsource_unknown: 'No integration yields this logsource, so the rule would never run.',
  detection_missing: 'A rule needs a detection.',
  detection_invalid: 'The detection must be a map of search identifiers and a condition.',
  search_empty: 'A search identifier must hold at least one item.',
  search_invalid: 'A search identifier must hold a map, a list of maps, or a list of keywords.',
  condition_missing: 'The detection needs a condition.',
  condition_invalid: 'The condition must be a text or a list of texts.',
  condition_syntax: 'The condition cannot be read.',
  condition_too_large: 'The condition is longer or more deeply nested than is allowed.',
  identifier_unknown: 'The condition names a search identifier that does not exist.',
  pattern_unmatched: 'No search identifier fits this pattern, so the rule would never run as meant.',
  condition_impossible: 'No event can satisfy the condition, so the rule would never match.',
  modifier_unknown: 'There is no such modifier.',
  modifier_combination: 'These modifiers cannot be combined in this way.',
  value_invalid: 'A value does not fit its field and modifiers.',
  value_wildcard: 'A value with this modifier must not hold wildcards; escape them with a backslash.',
  value_too_large: 'A value expands to more alternatives, or is longer, than is allowed.',
  regex_invalid:
    'The regular expression cannot be compiled; look-around and back-references do not exist in RE2.',
  cidr_invalid: 'The value is not an IP network in CIDR notation without host bits.',
  placeholder_unresolved:
    'A placeholder has no values, so the rule would never run as meant; configure them.',
  correlation_invalid: 'A correlation must be a map with type, rules, timespan and condition.',
  correlation_key: 'The correlation has a key that Sigma does not define.',
  correlation_type: 'The correlation needs a type that Sigma defines.',
  correlation_rules: 'The correlation must name the rules that it correlates.',
  correlation_group_by: 'group-by must be a field or a list of fields.',
  correlation_timespan: 'The timespan must be a whole number and a unit, 1s to 366d: s, m, h, d, w, M or y.',
  correlation_condition:
    'The condition must be a map of comparisons (gt, gte, lt, lte, eq, neq) with numbers; of a temporal correlation, or an expression over its rules.',
  correlation_field: 'Values are counted or calculated of the field in the condition: it must fit the type.',
  correlation_percentile: 'value_percentile, and only it, needs a percentile from 0 to 100 in its condition.',
  correlation_alias: 'aliases must be a map of names, each a map of rules and fields.',
  correlation_scope: 'The scope of a correlation is agency or city.',
  threshold_impossible: 'No window can satisfy these comparisons, so the correlation would never fire.',
  filter_invalid: 'A filter must be a map with rules, search identifiers and a condition.',
  filter_rules: 'A filter must name its rules by id or name, or say "rules: any".',
  reference_unknown: 'No rule or correlation has this id or name.',
  reference_ambiguous: 'Several documents have this name; refer to one by its id.',
  reference_refused: 'What is referred to was refused, so this cannot run either.',
  reference_unlisted: 'This is not one of the rules of the correlation.',
  reference_fields:
    'What is referred to is a correlation, which has only the fields of its own group-by; without this field nothing would be correlated.',
  correlation_cycle: 'The correlation refers to itself, by way of others or directly.',
  pipeline_invalid: 'A pipeline must be one map with a list of transformations.',
  pipeline_key: 'The pipeline has a key that is not known here.',
  pipeline_parameter: 'A parameter of a transformation or condition is missing or is not what it must be.',
  pipeline_transformation_unknown: 'There is no such transformation.',
  pipeline_transformation_not_run:
    'This transformation makes queries, runs code or reaches outside, so it is not run here.',
  pipeline_condition_unknown: 'There is no such condition.',
  pipeline_condition: 'The conditions of a transformation cannot be read.',
  pipeline_refuses: 'A pipeline refuses the rule.',
  pipeline_value: 'A pipeline cannot make of the rule what it should.',
  pipeline_empty: 'A pipeline leaves nothing of the condition of the rule.',
  pipeline_several_fields: 'A pipeline makes several fields of one that a correlation needs to be one.',
  level_missing: 'The rule has no level; medium is taken.',
  level_case: 'The level is written in capitals; lower case is meant.',
  id_invalid: 'The id is not a UUID.',
  key_misspelt: 'This key is not one of Sigma, but close to one.',
  metadata_invalid: 'An attribute has a type that Sigma does not allow; it is left out.',
  null_in_list: 'null in a list of values is not allowed by the specification; it is read as one more value.',
  list_empty: 'The list of values is empty; it is read as null.',
  search_unused: 'The condition does not use this search identifier.',
  pipeline_query_part: 'This part of the pipeline is for queries; it is left out.',
  condition_single:
    'No event with one value in each field can satisfy the condition; only one with an array could.',
  condition_open:
    'The condition asks for nothing: every event of the logsource matches that is not excluded.',
  filter_blinds: 'With this filter no event can satisfy the condition of the rule any more.',
  them_single: 'There is only one search identifier; name it.',
  field_spaces: 'The name of the field begins or ends with a space.',
  all_single: '"all" means nothing with one value.',
  value_duplicate: 'The value stands twice in the list.',
  value_control: 'The value holds a control character; in double quotes a backslash makes one.',
  wildcard_double: 'Two wildcards in a row mean the same as one.',
  wildcard_redundant: 'The modifier already adds the wildcard.',
  wildcard_relation: 'A modifier says the same without a wildcard.',
  escape_doubtful:
    'A backslash takes the meaning from the wildcard behind it; two are a backslash and a wildcard.',
  network_text: 'The value looks like a network; as a text it also fits what is none.',
  title_long: 'The title is longer than the 256 characters that Sigma allows.',
  title_duplicate: 'Another document has this title.',
  date_invalid: 'The date is not of the form YYYY-MM-DD.',
  status_unknown: 'The status is stable, test, experimental, deprecated or unsupported.',
  tag_invalid: 'A tag is a namespace, a dot and a name, in lower case.',
  tag_attack: 'The tag is no tactic, technique, group, software or mitigation of ATT&CK.',
  tag_duplicate: 'The tag stands twice.',
  related_invalid:
    'related is a list of maps with an id and a type: derived, obsolete, merged, renamed or similar.',
  aggregation_converted: 'The aggregation is run as a correlation; write it as one.',
  id_duplicate: 'Another document has this id; references mean the first.',
  reference_duplicate: 'The rule is named twice; once is enough.',
  reference_unused: 'The condition does not use this rule.',
  threshold_always: 'Every window with a match satisfies this comparison.',
  alias_unused: 'No group-by uses this alias.',
  filter_positive: 'The filter excludes nothing: its rules match only what it describes. Exclusion is "not".',
  filter_reference: 'No rule has this id or name; the filter does nothing for it.',
  filter_logsource:
    'The logsource of the filter does not contain that of this rule; the filter does nothing for it.',
  filter_unmatched: 'The filter applies to no rule.',
  alias_incomplete: 'The alias names no field for this rule.',
} as const satisfies Record<string, string>;

export type ProblemCode = keyof typeof problemCatalogue;

/** Problems that do not keep a rule from running. */
const warnings: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'level_missing',
  'level_case',
  'id_invalid',
  'key_misspelt',
  'metadata_invalid',
  'null_in_list',
  'list_empty',
  'search_unused',
  'pipeline_query_part',
  'condition_single',
  'condition_open',
  'filter_blinds',
  'them_single',
  'field_spaces',
  'all_single',
  'value_duplicate',
  'value_control',
  'wildcard_double',
  'wildcard_redundant',
  'wildcard_relation',
  'escape_doubtful',
  'network_text',
  'title_long',
  'title_duplicate',
  'date_invalid',
  'status_unknown',
  'tag_invalid',
  'tag_attack',
  'tag_duplicate',
  'related_invalid',
  'aggregation_converted',
  'id_duplicate',
  'reference_duplicate',
  'reference_unused',
  'threshold_always',
  'alias_unused',
  'alias_incomplete',
  'filter_positive',
  'filter_reference',
  'filter_logsource',
  'filter_unmatched',
]);

/** One thing wrong with one rule, with its place. Lines and columns count from 1. */
export interface Problem {
  readonly code: ProblemCode;
  /** A rule with an error is refused; one with warnings runs. */
  readonly severity: 'error' | 'warning';
  /** The sentence of the catalogue, with what is special about this case. */
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The nearest right word, where something looks misspelt. */
  readonly suggestion?: string;
  /** Id of the rule, or its title where it has none. */
  readonly rule?: string;
}

export interface ProblemDetail {
  /** What is special about this case. */
  readonly detail?: string;
  readonly suggestion?: string | undefined;
}

/** One problem at a place. */
export function problemOf(
  code: ProblemCode,
  { file, line, column }: Place & { readonly file: string },
  { detail, suggestion }: ProblemDetail = {},
): Problem {
  const sentence = problemCatalogue[code];
  return {
    code,
    severity: warnings.has(code) ? 'warning' : 'error',
    message:
      (detail === undefined ? sentence : `${sentence} (${detail})`) +
      (suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`),
    file,
    line,
    column,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** Most problems that are kept of one document; who has more begins with these. */
export const problemsMax = 100;

/** Adds a problem while there is room; the first error takes the place of a warning, so that a refusal has its reason. */
export function keep(found: Problem[], problem: Problem): void {
  if (found.length >= problemsMax) {
    if (problem.severity === 'warning' || hasError(found)) return;
    found.pop();
  }
  found.push(problem);
}

export function hasError(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** Collects the problems of one document; places are offsets into the text. */
export class Problems {
  readonly #found: Problem[] = [];
  readonly #file: string;
  readonly #lines: Lines;
  readonly #suggestions = new Suggestions();

  constructor(file: string, lines: Lines) {
    this.#file = file;
    this.#lines = lines;
  }

  add(code: ProblemCode, offset: number, detail: ProblemDetail = {}): void {
    keep(this.#found, problemOf(code, { file: this.#file, ...this.placeOf(offset) }, detail));
  }

  /** The candidate that a misspelt word means; a document is told only so many. */
  nearest(word: string, candidates: readonly string[]): string | undefined {
    return this.#suggestions.nearest(word, candidates);
  }

  lineOf(offset: number): number {
    return Math.max(1, this.#lines.linePos(offset).line);
  }

  get refused(): boolean {
    return hasError(this.#found);
  }

  placeOf(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** All problems, told which rule they belong to. */
  of(rule: string | undefined): readonly Problem[] {
    return rule === undefined ? this.#found : this.#found.map((problem) => ({ ...problem, rule }));
  }
}
