import type { LineCounter } from 'yaml';

/** Everything that can be wrong with a rule, once; the sentence says what to do. */
export const problemCatalogue = {
  yaml_syntax: 'The text is not valid YAML.',
  yaml_duplicate_key: 'The same key stands twice in one map; remove or rename one.',
  yaml_key: 'A key must be a plain text.',
  source_too_large: 'The rule text is larger or more deeply nested than is allowed; split it.',
  document_not_map: 'A Sigma document must be a map with title, logsource and detection.',
  correlation_not_run: 'Correlation documents are not run yet; the document is left out.',
  filter_not_run: 'Filter documents are not run yet; the document is left out.',
  aggregation_not_run:
    'Aggregations in a condition (| count() …) and timeframe are not run; write a correlation instead.',
  action_not_run: 'Collections with action: global, reset or repeat are not run; write every rule in full.',
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
  level_missing: 'The rule has no level; medium is taken.',
  level_case: 'The level is written in capitals; lower case is meant.',
  id_invalid: 'The id is not a UUID.',
  key_misspelt: 'This key is not one of Sigma, but close to one.',
  metadata_invalid: 'An attribute has a type that Sigma does not allow; it is left out.',
  null_in_list: 'null in a list of values is not allowed by the specification; it is read as one more value.',
  list_empty: 'The list of values is empty; it is read as null.',
  search_unused: 'The condition does not use this search identifier.',
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

/** Most problems that are kept of one document; who has more begins with these. */
export const problemsMax = 100;

/** Collects the problems of one document; places are offsets into the text. */
export class Problems {
  readonly #found: Problem[] = [];
  readonly #file: string;
  readonly #lines: LineCounter;

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  add(code: ProblemCode, offset: number, { detail, suggestion }: ProblemDetail = {}): void {
    if (this.#found.length >= problemsMax) return;
    const { line, col } = this.#lines.linePos(offset);
    const sentence = problemCatalogue[code];
    this.#found.push({
      code,
      severity: warnings.has(code) ? 'warning' : 'error',
      message:
        (detail === undefined ? sentence : `${sentence} (${detail})`) +
        (suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`),
      file: this.#file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }

  lineOf(offset: number): number {
    return Math.max(1, this.#lines.linePos(offset).line);
  }

  get refused(): boolean {
    // Where the list is full an error may be among what was dropped.
    return this.#found.length >= problemsMax || this.#found.some(({ severity }) => severity === 'error');
  }

  /** All problems, told which rule they belong to. */
  of(rule: string | undefined): readonly Problem[] {
    return rule === undefined ? this.#found : this.#found.map((problem) => ({ ...problem, rule }));
  }
}
