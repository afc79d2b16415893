import type { ProblemCode } from '../../sigma/index.ts';

/** What one pipeline makes of one rule; the same cases are judged by pySigma in test/conformance. */
export interface PipelineCase {
  readonly does: string;
  /** YAML of the list of transformations. */
  readonly steps: string;
  /** YAML of the detection, with its condition. */
  readonly rule: string;
  /** Further attributes of the rule. */
  readonly head?: string;
  readonly vars?: string;
  /** The detection that the rule should have had, or why it is refused. */
  readonly gives: string | { readonly refused: ProblemCode };
  /** Why pySigma gives something else. */
  readonly pysigma?: string;
}

export const s = (search: string): string => `s:\n${search.replaceAll(/^/gm, '  ')}\ncondition: s`;
export const step = (text: string): string => `- ${text}`;
export const same = (search: string): Pick<PipelineCase, 'rule' | 'gives'> => ({
  rule: s(search),
  gives: s(search),
});
export const refused = (code: ProblemCode): { readonly refused: ProblemCode } => ({ refused: code });

const fields: readonly PipelineCase[] = [
  {
    does: 'field_name_mapping renames a field and leaves others',
    steps: step('{type: field_name_mapping, mapping: {A: B}}'),
    rule: s('A|contains: x\nC: y'),
    gives: s('B|contains: x\nC: y'),
  },
  {
    does: 'field_name_mapping to several fields gives any of them',
    steps: step('{type: field_name_mapping, mapping: {A: [B, C]}}'),
    rule: 's: {A|startswith: x, D: 1}\ncondition: not s',
    gives: 'b: {B|startswith: x}\nc: {C|startswith: x}\nd: {D: 1}\ncondition: not ((b or c) and d)',
  },
  {
    does: 'field_name_mapping keeps all and neq',
    steps: step('{type: field_name_mapping, mapping: {A: B}}'),
    rule: s('A|contains|all: [x, y]\nC|neq: 1'),
    gives: s('B|contains|all: [x, y]\nC|neq: 1'),
  },
  {
    does: 'a negated item on several fields means none of them',
    steps: step('{type: field_name_mapping, mapping: {A: [B, C]}}'),
    rule: s('A|neq: x'),
    gives: s('B|neq: x\nC|neq: x'),
    pysigma: 'joins the negated items by or',
  },
  {
    does: 'field_name_mapping follows a mapping that came before',
    steps: `${step('{type: field_name_mapping, mapping: {A: B}}')}\n${step('{type: field_name_mapping, mapping: {B: C}}')}`,
    rule: s('A: x'),
    gives: s('C: x'),
  },
  {
    does: 'field_name_mapping renames the field that a value refers to',
    steps: step('{type: field_name_mapping, mapping: {A: B, C: D}}'),
    rule: s('A|fieldref: C'),
    gives: s('B|fieldref: D'),
  },
  {
    does: 'field_name_mapping gives keywords a field',
    steps: step('{type: field_name_mapping, mapping: {~: message}}'),
    rule: 's: [x, y]\ncondition: s',
    gives: s('message|contains: [x, y]'),
  },
  {
    does: 'field_name_mapping reaches into lists of maps',
    steps: step('{type: field_name_mapping, mapping: {A: B}}'),
    rule: 's:\n  - {A: 1}\n  - {A: 2, C: 3}\ncondition: s',
    gives: 's:\n  - {B: 1}\n  - {B: 2, C: 3}\ncondition: s',
  },
  {
    does: 'field_name_prefix_mapping exchanges the first prefix that fits',
    steps: step('{type: field_name_prefix_mapping, mapping: {win.: w., win: [x, y]}}'),
    rule: s('win.a: 1\nwinb: 2\nother: 3'),
    gives: 'a: {w.a: 1, other: 3}\nb: {xb: 2}\nc: {yb: 2}\ncondition: a and (b or c)',
  },
  {
    does: 'field_name_prefix adds a prefix to fields and not to keywords',
    steps: step('{type: field_name_prefix, prefix: win.}'),
    rule: 's: {A: 1}\nk: [x]\ncondition: s or k',
    gives: 's: {win.A: 1}\nk: [x]\ncondition: s or k',
  },
  {
    does: 'field_name_suffix adds a suffix',
    steps: step('{type: field_name_suffix, suffix: .keyword}'),
    rule: s('A: 1'),
    gives: s('A.keyword: 1'),
  },
  {
    does: 'hashes_fields makes a field of each algorithm',
    steps: step('{type: hashes_fields, valid_hash_algos: [MD5, SHA1, SHA256], field_prefix: File}'),
    rule: s('Hashes|contains: [MD5=a1, SHA1=b2, MD5=c3]\nB: 1'),
    gives: 'a: {FileMD5: [a1, c3]}\nb: {FileSHA1: b2}\nc: {B: 1}\ncondition: (a or b) and c',
  },
  {
    does: 'hashes_fields tells an algorithm by the length, and can leave its name out',
    steps: step(
      '{type: hashes_fields, valid_hash_algos: [MD5], field_prefix: h, drop_algo_prefix: true, field_to_parse: H}',
    ),
    rule: s('H: 0123456789abcdef0123456789abcdef'),
    gives: s('h: 0123456789abcdef0123456789abcdef'),
  },
  {
    does: 'hashes_fields keeps that all must match',
    steps: step('{type: hashes_fields, valid_hash_algos: [MD5, IMPHASH]}'),
    rule: s('Hashes|contains|all: [MD5=a1, IMPHASH=b2]'),
    gives: s('MD5: a1\nIMPHASH: b2'),
    pysigma: 'gives any of them',
  },
  {
    does: 'hashes_fields keeps that none may match',
    steps: step('{type: hashes_fields, valid_hash_algos: [MD5, IMPHASH]}'),
    rule: s('Hashes|neq: [MD5=a1, IMPHASH=b2]'),
    gives: s('MD5|neq: a1\nIMPHASH|neq: b2'),
    pysigma: 'forgets neq',
  },
  {
    does: 'hashes_fields leaves other fields alone',
    steps: step('{type: hashes_fields, valid_hash_algos: [MD5]}'),
    ...same('Image: MD5=a1'),
  },
  {
    does: 'hashes_fields refuses a rule without a hash that it knows',
    steps: step('{type: hashes_fields, valid_hash_algos: [MD5]}'),
    rule: s('Hashes: SHA1=a1'),
    gives: refused('pipeline_value'),
  },
];

const items: readonly PipelineCase[] = [
  {
    does: 'drop_detection_item drops what its conditions name',
    steps: step('{type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [A]}]}'),
    rule: s('A: 1\nB: 2'),
    gives: s('B: 2'),
  },
  {
    does: 'drop_detection_item takes a whole identifier out of the condition',
    steps: step('{type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: A}]}'),
    rule: 'a: {A: 1}\nb: {B: 2}\nc: {A: 3}\ncondition: b and not (a or c) or a',
    gives: 'b: {B: 2}\ncondition: b',
  },
  {
    does: 'drop_detection_item refuses a rule of which nothing is left',
    steps: step('{type: drop_detection_item}'),
    rule: s('A: 1'),
    gives: refused('pipeline_empty'),
  },
  {
    does: 'add_condition adds what must hold too, modifiers and all',
    steps: step('{type: add_condition, conditions: {Channel: [a, b], N|gte: 3}}'),
    rule: 'a: {A: 1}\nb: {B: 1}\ncondition: a or b',
    gives: 'a: {A: 1}\nb: {B: 1}\nc: {Channel: [a, b], N|gte: 3}\ncondition: c and (a or b)',
  },
  {
    does: 'add_condition can be negated, and is seen by what follows',
    steps: `${step('{type: add_condition, negated: true, name: extra, conditions: {A: x}}')}\n${step('{type: field_name_mapping, mapping: {A: B}}')}`,
    rule: s('A: 1'),
    gives: 's: {B: 1}\nextra: {B: x}\ncondition: not extra and s',
  },
  {
    does: 'add_condition fills in its template',
    steps: step(
      '{type: add_condition, template: true, conditions: {P: "x-$product", D: "${product}$$1", N: 4}}',
    ),
    rule: s('A: 1'),
    gives: 's: {A: 1}\nc: {P: x-windows, D: windows$1, N: 4}\ncondition: c and s',
  },
  {
    does: 'add_condition refuses a rule without what its template names',
    steps: step('{type: add_condition, template: true, conditions: {P: $service}}'),
    rule: s('A: 1'),
    gives: refused('pipeline_value'),
    pysigma: 'writes None',
  },
  {
    does: 'rule_failure refuses a rule',
    steps: step('{type: rule_failure, message: no, rule_conditions: [{type: logsource, product: windows}]}'),
    rule: s('A: 1'),
    gives: refused('pipeline_refuses'),
  },
  {
    does: 'rule_failure lets other rules pass',
    steps: step('{type: rule_failure, message: no, rule_conditions: [{type: logsource, product: linux}]}'),
    ...same('A: 1'),
  },
  {
    does: 'detection_item_failure refuses a rule with such an item',
    steps: step(
      '{type: detection_item_failure, message: no, field_name_conditions: [{type: include_fields, fields: [A]}]}',
    ),
    rule: s('A: 1'),
    gives: refused('pipeline_refuses'),
  },
  {
    does: 'detection_item_failure lets other rules pass',
    steps: step(
      '{type: detection_item_failure, message: no, field_name_conditions: [{type: include_fields, fields: [A]}]}',
    ),
    ...same('B: 1'),
  },
  {
    does: 'strict_field_mapping_failure refuses a field that was not mapped',
    steps: `${step('{type: field_name_mapping, mapping: {A: B}}')}\n${step('{type: strict_field_mapping_failure}')}`,
    rule: s('A: 1\nC: 2'),
    gives: refused('pipeline_refuses'),
  },
  {
    does: 'strict_field_mapping_failure lets mapped fields and keywords pass',
    steps: `${step('{type: field_name_mapping, mapping: {A: [B, D]}}')}\n${step('{type: strict_field_mapping_failure}')}`,
    rule: 's: {A: 1}\nk: [x]\ncondition: s or k',
    gives: 'a: {B: 1}\nb: {D: 1}\nk: [x]\ncondition: a or b or k',
  },
  {
    does: 'nest applies what stands in it on one condition',
    steps: step(
      '{type: nest, rule_conditions: [{type: logsource, product: windows}], items: [{type: field_name_mapping, mapping: {A: B}}, {type: field_name_prefix, prefix: w.}]}',
    ),
    rule: s('A: 1\nC: 1'),
    gives: s('w.B: 1\nw.C: 1'),
  },
  {
    does: 'nest does nothing where its condition does not hold',
    steps: step(
      '{type: nest, rule_conditions: [{type: logsource, product: linux}], items: [{type: field_name_prefix, prefix: w.}]}',
    ),
    ...same('A: 1'),
  },
];

export const pipelineCases = { fields, items };
