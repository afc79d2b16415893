import { expect } from 'chai';
import { parsePipeline, problemCatalogue, type ProblemCode } from '../../sigma/index.ts';

interface Row {
  readonly when: string;
  readonly text: string;
  readonly code: ProblemCode;
  readonly at: readonly [number, number];
  readonly suggestion?: string;
}

const row = (
  when: string,
  text: string,
  code: ProblemCode,
  at: readonly [number, number],
  suggestion?: string,
): Row => ({
  when,
  text,
  code,
  at,
  ...(suggestion === undefined ? {} : { suggestion }),
});
/** One transformation on line 2, whose first key is in column 4. */
const step = (keys: string): string => `transformations:\n- {${keys}}\n`;
const param = (when: string, keys: string, column: number): Row =>
  row(when, step(keys), 'pipeline_parameter', [2, column]);
const prefix = 'type: field_name_prefix, prefix: x';

const rows: readonly Row[] = [
  row('it is no YAML', 'a: [', 'yaml_syntax', [1, 5]),
  row('it is a list', '- a', 'pipeline_invalid', [1, 1]),
  row('it is empty', '', 'pipeline_invalid', [1, 1]),
  row('it has two documents', 'name: a\n---\nname: b', 'pipeline_invalid', [3, 1]),
  row('transformations are a map', 'transformations: {a: b}', 'pipeline_invalid', [1, 19]),
  row('a transformation is a text', 'transformations:\n- field', 'pipeline_invalid', [2, 3]),
  row('it has an unknown key', 'name: a\ntransformation: []', 'pipeline_key', [2, 1], 'transformations'),
  row('priority is a text', 'priority: high', 'pipeline_parameter', [1, 11]),
  row('a variable is a map', 'vars: {a: {b: c}}', 'pipeline_parameter', [1, 12]),
  row('a variable is empty', 'vars: {a: []}', 'pipeline_parameter', [1, 11]),
  row('vars is a list', 'vars: [a]', 'pipeline_parameter', [1, 7]),
  row('postprocessing is for queries', 'postprocessing: [{type: embed}]', 'pipeline_query_part', [1, 17]),
  row('finalizers are for queries', 'finalizers: [{type: concat}]', 'pipeline_query_part', [1, 13]),

  param('a type is missing', 'prefix: x', 4),
  row(
    'a type is unknown',
    step('type: field_name_maping, mapping: {}'),
    'pipeline_transformation_unknown',
    [2, 10],
    'field_name_mapping',
  ),
  row(
    'a type is for queries',
    step('type: query_expression_placeholders, expression: x'),
    'pipeline_transformation_not_run',
    [2, 10],
  ),
  row(
    'a type reaches outside',
    step('type: http_placeholders, url: x'),
    'pipeline_transformation_not_run',
    [2, 10],
  ),
  row('a parameter is unknown', step(`${prefix}, sufix: y`), 'pipeline_key', [2, 40]),
  param('a mapping is missing', 'type: field_name_mapping', 4),
  param('a mapping is a list', 'type: field_name_mapping, mapping: [a]', 39),
  param('a mapping maps to nothing', 'type: field_name_mapping, mapping: {a: []}', 43),
  param('a mapping maps to a map', 'type: map_string, mapping: {a: {b: c}}', 36),
  param('a prefix is mapped from keywords', 'type: field_name_prefix_mapping, mapping: {~: x}', 50),
  param('a prefix is missing', 'type: field_name_prefix', 4),
  param('a prefix is a list', 'type: field_name_prefix, prefix: [a]', 37),
  param('a suffix is missing', 'type: field_name_suffix', 4),
  param('a field to add is missing', 'type: add_field', 4),
  param('algorithms are missing', 'type: hashes_fields', 4),
  param('a flag is no flag', 'type: hashes_fields, valid_hash_algos: [MD5], drop_algo_prefix: maybe', 68),
  param('conditions to add are missing', 'type: add_condition', 4),
  row('conditions to add are empty', step('type: add_condition, conditions: {}'), 'search_empty', [2, 37]),
  row(
    'conditions to add have an unknown modifier',
    step('type: add_condition, conditions: {A|b: 1}'),
    'modifier_unknown',
    [2, 40],
  ),
  param('a name is no word', 'type: add_condition, conditions: {A: 1}, name: a b', 51),
  param('a logsource is empty', 'type: change_logsource', 4),
  param('include and exclude are given', 'type: value_placeholders, include: [a], exclude: [b]', 4),
  param('a path is missing', 'type: file_placeholders', 4),
  param('a format is unknown', 'type: file_placeholders, path: f, format: json', 46),
  param('a column is missing', 'type: file_placeholders, path: f, format: csv', 4),
  param(
    'a column has a name and no header',
    'type: file_placeholders, path: f, format: csv, csv_column: a, csv_has_header: false',
    63,
  ),
  row(
    'a regular expression is invalid',
    step("type: replace_string, regex: '(', replacement: x"),
    'regex_invalid',
    [2, 34],
  ),
  row(
    'a regular expression looks around',
    step("type: replace_string, regex: '(?=a)', replacement: x"),
    'regex_invalid',
    [2, 34],
  ),
  param(
    'a replacement names a group that does not exist',
    String.raw`type: replace_string, regex: a, replacement: \1`,
    49,
  ),
  param(
    'a replacement names a group by a name that does not exist',
    String.raw`type: replace_string, regex: a, replacement: '\g<b>'`,
    50,
  ),
  param(
    'a replacement has an escape that means nothing',
    String.raw`type: replace_string, regex: a, replacement: \q`,
    49,
  ),
  param('a value is missing', 'type: set_value', 4),
  param('a value is a list', 'type: set_value, value: [1]', 28),
  param('a value cannot be forced to a number', 'type: set_value, value: x, force_type: num', 28),
  param('a truth value is forced', 'type: set_value, value: true, force_type: str', 28),
  param('a target type is unknown', 'type: convert_type, target_type: date', 37),
  param('a method is unknown', 'type: case, method: title', 24),
  param('a state has no key', 'type: set_state, val: 1', 4),
  param('a message is missing', 'type: rule_failure', 4),
  param('an attribute is missing', 'type: set_custom_attribute, value: 1', 4),
  param('nested items are missing', 'type: nest', 4),
  row(
    'a nested item is of an unknown type',
    step('type: nest, items: [{type: x}]'),
    'pipeline_transformation_unknown',
    [2, 31],
  ),

  row('conditions are a text', step(`${prefix}, rule_conditions: x`), 'pipeline_condition', [2, 57]),
  row('a condition is a text', step(`${prefix}, rule_conditions: [x]`), 'pipeline_condition', [2, 58]),
  row(
    'a condition is unknown',
    step(`${prefix}, rule_conditions: [{type: log_source}]`),
    'pipeline_condition_unknown',
    [2, 65],
    'logsource',
  ),
  row(
    'a condition is of another kind',
    step(`${prefix}, rule_conditions: [{type: include_fields}]`),
    'pipeline_condition_unknown',
    [2, 65],
  ),
  param('a condition has no type', `${prefix}, rule_conditions: [{product: x}]`, 59),
  param('a logsource names nothing', `${prefix}, rule_conditions: [{type: logsource}]`, 59),
  row(
    'a condition has an unknown parameter',
    step(`${prefix}, rule_conditions: [{type: is_sigma_rule, a: b}]`),
    'pipeline_key',
    [2, 80],
  ),
  param(
    'an operator is unknown',
    `${prefix}, rule_conditions: [{type: processing_state, key: k, val: 1, op: is}]`,
    103,
  ),
  param('a tag has no namespace', `${prefix}, rule_conditions: [{type: tag, tag: t1059}]`, 59),
  param('cond is missing', `${prefix}, detection_item_conditions: [{type: is_null}]`, 69),
  row(
    'the pattern of a condition is invalid',
    step(`${prefix}, detection_item_conditions: [{type: match_string, cond: any, pattern: '['}]`),
    'regex_invalid',
    [2, 110],
  ),
  row(
    'the pattern of a field is invalid',
    step(`${prefix}, field_name_conditions: [{type: include_fields, mode: re, fields: ['[']}]`),
    'regex_invalid',
    [2, 107],
  ),
  param('the linking is unknown', `${prefix}, rule_cond_op: xor`, 54),
  row(
    'an expression has no named conditions',
    step(`${prefix}, rule_conditions: [{type: is_sigma_rule}], rule_cond_expr: '1'`),
    'pipeline_condition',
    [2, 99],
  ),
  row(
    'an expression stands beside a linking',
    step(`${prefix}, rule_conditions: {a: {type: is_sigma_rule}}, rule_cond_op: or, rule_cond_expr: a`),
    'pipeline_condition',
    [2, 119],
  ),
  row(
    'an expression cannot be read',
    step(`${prefix}, rule_conditions: {a: {type: is_sigma_rule}}, rule_cond_expr: a and`),
    'condition_syntax',
    [2, 106],
  ),
  row(
    'an expression names no condition',
    step(`${prefix}, rule_conditions: {a: {type: is_sigma_rule}}, rule_cond_expr: a or b`),
    'identifier_unknown',
    [2, 106],
  ),
  row(
    'an expression leaves a condition out',
    step(
      `${prefix}, rule_conditions: {a: {type: is_sigma_rule}, b: {type: is_sigma_rule}}, rule_cond_expr: a`,
    ),
    'pipeline_condition',
    [2, 127],
  ),
];

/** Told of rules rather than of pipelines; in pipeline.test.ts. */
const ofRules: readonly ProblemCode[] = [
  'pipeline_refuses',
  'pipeline_value',
  'pipeline_empty',
  'pipeline_several_fields',
];

describe('parsePipeline', () => {
  for (const { when, text, code, at, suggestion } of rows)
    it(`names the place where ${when}`, () => {
      const { pipeline, problems } = parsePipeline(text, { file: 'p.yml' });
      const problem = problems.find((found) => found.code === code);
      expect(problem, JSON.stringify(problems)).to.not.equal(undefined);
      expect([problem?.line, problem?.column], problem?.message).to.eql(at);
      expect(problem?.suggestion).to.equal(suggestion);
      expect(problem?.file).to.equal('p.yml');
      expect(pipeline === undefined).to.equal(problem?.severity === 'error');
    });

  it('has a case for every problem of pipelines', () => {
    const tested = new Set<string>([...rows.map(({ code }) => code), ...ofRules]);
    const codes = Object.keys(problemCatalogue).filter((code) => code.startsWith('pipeline_'));
    expect(codes.filter((code) => !tested.has(code))).to.eql([]);
  });

  it('reads what a pipeline says about itself', () => {
    const { pipeline, problems } = parsePipeline(
      `name: Mine\npriority: 20\nallowed_backends: [x]\nvars: {a: [b, 2], c: d}\n${step('id: i, type: drop_detection_item')}`,
      { file: 'p.yml' },
    );
    expect(problems).to.eql([]);
    expect(pipeline).to.deep.include({ file: 'p.yml', name: 'Mine', priority: 20 });
    expect([...(pipeline?.vars ?? [])]).to.eql([
      ['a', ['b', 2]],
      ['c', ['d']],
    ]);
    expect(pipeline?.items).to.eql([{ id: 'i', transformation: { type: 'drop_detection_item' } }]);
  });

  it('gives plain data', () => {
    const { pipeline } = parsePipeline(
      step('type: field_name_mapping, mapping: {A: B}, rule_conditions: [{type: is_sigma_rule}]'),
      { file: 'p' },
    );
    expect(structuredClone(pipeline)).to.eql(pipeline);
  });

  it('takes as many transformations as are allowed and no more', () => {
    const text = (count: number): string =>
      `transformations:\n${'- {type: drop_detection_item}\n'.repeat(count)}`;
    expect(parsePipeline(text(10_000), { file: 'p' }).pipeline?.items).to.have.length(10_000);
    expect(parsePipeline(text(10_001), { file: 'p' }).problems.map(({ code }) => code)).to.eql([
      'source_too_large',
    ]);
  });
});
