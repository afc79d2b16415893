import { expect } from 'chai';
import {
  applyPipelines,
  createPipelineRun,
  keepPlaceholders,
  linkDocuments,
  parseDocuments,
  parsePipeline,
  placeholderFiles,
  semanticHash,
  type ApplyOptions,
  type LinkedRules,
  type Pipeline,
  type Rule,
} from '../../sigma/index.ts';
import { conditionCases, conditionRule } from './pipeline-condition-cases.ts';
import { pipelineCases, type PipelineCase } from './pipeline-cases.ts';
import { valueCases } from './pipeline-value-cases.ts';
import { formOf } from './rule-form.ts';
import { ruleOf, ruleText } from './rule-text.ts';

export function pipelineOf(steps: string, { vars = '{}', head = '' } = {}): Pipeline {
  const indented = steps.replaceAll(/^/gm, '  ');
  const { pipeline, problems } = parsePipeline(`${head}vars: ${vars}\ntransformations:\n${indented}\n`, {
    file: 'p.yml',
  });
  if (pipeline === undefined) throw new Error(JSON.stringify(problems, null, 1));
  return pipeline;
}

/** The texts' rules and correlations, taken through the pipelines. */
function through(pipelines: readonly Pipeline[], text: string, options: ApplyOptions = {}): LinkedRules {
  const linked = linkDocuments(
    parseDocuments(text, { file: 'r.yml', placeholders: keepPlaceholders(text, options.placeholders) }),
  );
  expect(linked.problems.filter(({ severity }) => severity === 'error')).to.eql([]);
  return applyPipelines(pipelines, linked, options);
}

function only(linked: LinkedRules): Rule {
  const [rule] = linked.rules;
  if (rule === undefined) throw new Error(JSON.stringify(linked.problems));
  return rule;
}

describe('applyPipelines', () => {
  for (const [about, cases] of Object.entries({ ...pipelineCases, ...valueCases }))
    describe(about, () => {
      for (const one of cases) it(one.does, () => check(one));
    });

  function check({ steps, rule, vars, head, gives }: PipelineCase): void {
    const result = through([pipelineOf(steps, vars === undefined ? {} : { vars })], ruleText(rule, head));
    if (typeof gives === 'string') expect(formOf(only(result))).to.eql(formOf(ruleOf(gives)));
    else expect(result.problems.map(({ code }) => code)).to.eql([gives.refused]);
  }

  describe('applies a transformation only on its conditions:', () => {
    for (const { when, keys, applies, before } of conditionCases)
      it(when, () => {
        const last = `- {type: field_name_prefix, prefix: x., ${keys}}`;
        const steps = before === undefined ? last : `${before}\n${last}`;
        const rule = only(
          through([pipelineOf(steps)], ruleText(conditionRule.detection, conditionRule.head)),
        );
        const search = rule.detection.searches.get('s');
        expect(search?.kind === 'item' ? search.field : undefined).to.equal(applies ? 'x.Image' : 'Image');
      });
  });

  it('refuses a rule whose attribute cannot be compared as asked', () => {
    for (const condition of [
      'attribute: title, value: x, op: gt',
      'attribute: title, value: x, op: in',
      'attribute: level, value: dreadful, op: gt',
      'attribute: date, value: soon, op: gt',
    ]) {
      const steps = `- {type: field_name_prefix, prefix: x, rule_conditions: [{type: rule_attribute, ${condition}}]}`;
      const { rules, problems } = through(
        [pipelineOf(steps)],
        ruleText('s: {A: 1}\ncondition: s', 'date: 2026-01-01\n'),
      );
      expect([rules.length, problems.map(({ code }) => code)], condition).to.eql([0, ['pipeline_value']]);
    }
  });

  it('says where the item stands that a pipeline refuses', () => {
    const steps = '- {type: convert_type, target_type: num}';
    const { problems } = through([pipelineOf(steps)], ruleText('s:\n  A: 1\n  B: x\ncondition: s'));
    expect(problems).to.have.length(1);
    expect(problems[0]).to.include({ file: 'r.yml', line: 8, column: 1, severity: 'error', rule: 'Test' });
  });

  it('applies pipelines by priority, then by name, and the later variable wins', () => {
    const suffix = (text: string, options: Parameters<typeof pipelineOf>[1]): Pipeline => ({
      ...pipelineOf(`- {type: field_name_suffix, suffix: ${text}}\n- {type: value_placeholders}`, options),
      file: text,
    });
    const late = suffix('.z', { head: 'priority: 20\n', vars: '{v: late}' });
    const pipelines = [late, suffix('.b', { vars: '{v: b}' }), suffix('.a', { vars: '{v: a}' })];
    const rule = only(through(pipelines, ruleText("s: {F|expand: '%v%'}\ncondition: s")));
    expect(formOf(rule)).to.eql(formOf(ruleOf('s: {F.a.b.z: late}\ncondition: s')));
  });

  it('changes logsources, and refuses those that no event has', () => {
    const pipeline = pipelineOf('- {type: change_logsource, product: Azure, service: signinlogs}');
    const text = ruleText('s: {A: 1}\ncondition: s');
    expect(only(through([pipeline], text)).logsource).to.eql({ product: 'azure', service: 'signinlogs' });
    const logsources = [{ product: 'azure', service: 'signinlogs' }];
    expect(through([pipeline], text, { logsources }).rules).to.have.length(1);
    const { rules, problems } = through([], text, { logsources });
    expect([rules.length, problems.map(({ code }) => code)]).to.eql([0, ['logsource_unknown']]);
  });

  it('changes fields listed, and attributes of its own', () => {
    const steps = `- {type: field_name_mapping, mapping: {A: [B, C]}}
- {type: add_field, field: D}
- {type: remove_field, field: [E, F]}
- {type: set_custom_attribute, attribute: canh_note, value: {a: [1]}}
- {type: set_custom_attribute, attribute: __proto__, value: {polluted: true}}`;
    const rule = only(
      through([pipelineOf(steps)], ruleText('s: {A: 1}\ncondition: s', 'fields: [A, E, G]\n')),
    );
    expect(rule.fields).to.eql(['B', 'C', 'G', 'D']);
    expect(JSON.stringify(rule.custom)).to.equal('{"canh_note":{"a":[1]},"__proto__":{"polluted":true}}');
    expect(rule.custom).to.not.have.property('polluted');
    expect(
      only(through([pipelineOf('- {type: set_field, fields: [X]}')], ruleText('s: {A: 1}\ncondition: s')))
        .fields,
    ).to.eql(['X']);
  });

  it('takes values of files that are handed in', () => {
    const text = ruleText("s: {A|expand: '%hosts%'}\ncondition: s");
    const table: readonly (readonly [string, string, string])[] = [
      ['path: f', ' a \r\n\nb*\n', '[a, b*]'],
      ["path: f, filter: '^b'", 'a\nb', 'b'],
      ['path: f, format: csv, csv_column: host', 'id,host\n1,"a,""x"""\n2,b\n', '[\'a,"x"\', b]'],
      ['path: f, format: csv, csv_column: 1', 'id,host\n1,a\n', 'a'],
      ['path: f, format: csv, csv_column: 0, csv_has_header: false', 'a,1\nb,2', '[a, b]'],
    ];
    for (const [keys, file, values] of table) {
      const pipeline = pipelineOf(`- {type: file_placeholders, ${keys}}`);
      const rule = only(through([pipeline], text, { files: { f: file } }));
      expect(formOf(rule), keys).to.eql(formOf(ruleOf(`s: {A: ${values}}\ncondition: s`)));
    }
    expect(
      placeholderFiles(
        pipelineOf(
          '- {type: nest, items: [{type: file_placeholders, path: f}]}\n- {type: file_placeholders, path: g}',
        ),
      ),
    ).to.eql(['f', 'g']);
    const codes = (files: Readonly<Record<string, string>>, keys = 'path: f'): readonly string[] =>
      through([pipelineOf(`- {type: file_placeholders, ${keys}}`)], text, { files }).problems.map(
        ({ code }) => code,
      );
    expect(codes({})).to.eql(['pipeline_value']);
    expect(codes({ f: '' })).to.eql(['placeholder_unresolved']);
    expect(codes({ f: 'a\n'.repeat(4097) })).to.eql(['value_too_large']);
    expect(codes({ f: 'a,b\n1,2' }, 'path: f, format: csv, csv_column: c')).to.eql(['pipeline_value']);
  });

  it('leaves placeholders to the parser that were given to it', () => {
    const text = ruleText("s: {A|expand: '%a%%b%', B|expand|base64: '%a%'}\ncondition: s");
    const pipeline = pipelineOf('- {type: value_placeholders}', { vars: '{a: pipeline, b: y}' });
    const rule = only(through([pipeline], text, { placeholders: { a: ['given'] } }));
    expect(formOf(rule)).to.eql(formOf(ruleOf('s: {A: giveny, B: Z2l2ZW4=}\ncondition: s')));
  });

  it('gives a rule that is changed another semantic hash, and one that is not the same', () => {
    const text = ruleText('s: {A|contains: x}\ncondition: s');
    const hash = (steps: string): string => semanticHash(only(through([pipelineOf(steps)], text)));
    const before = semanticHash(ruleOf('s: {A|contains: x}\ncondition: s'));
    expect(hash('- {type: field_name_mapping, mapping: {B: C}}')).to.equal(before);
    expect(hash('- {type: field_name_mapping, mapping: {A: C}}')).to.equal(
      semanticHash(ruleOf('s: {C|contains: x}\ncondition: s')),
    );
    const hashes = [
      before,
      hash('- {type: field_name_mapping, mapping: {A: C}}'),
      hash('- {type: case, method: upper}'),
      hash('- {type: change_logsource, product: linux}'),
      hash('- {type: add_condition, conditions: {B: 1}}'),
    ];
    expect(new Set(hashes).size).to.equal(hashes.length);
  });

  it('gives a rule that nothing applies to as it is, and the same object for the same rule', () => {
    const text = ruleText('s: [{A: 1}, {B: 2}]\ncondition: s', 'fields: [A]\n');
    const linked = linkDocuments(parseDocuments(text, { file: 'r.yml' }));
    expect(
      applyPipelines([pipelineOf('- {type: field_name_mapping, mapping: {C: D}}')], linked).rules[0],
    ).to.equal(linked.rules[0]);
    const run = createPipelineRun([pipelineOf('- {type: field_name_mapping, mapping: {B: D}}')]);
    const [first] = run(linked).rules;
    expect(first).to.not.equal(linked.rules[0]);
    expect(run(linked).rules[0]).to.equal(first);
  });

  it('shows the condition that it added', () => {
    const rule = only(
      through(
        [pipelineOf('- {type: add_condition, name: s, conditions: {B: 1}}')],
        ruleText('s: {A: 1}\ncondition: s'),
      ),
    );
    expect(rule.detection.conditions).to.eql(['s_2 and (s)']);
  });
});

describe('applyPipelines on correlations', () => {
  const text = (correlation: string): string => `${ruleText('s: {A: 1}\ncondition: s', 'name: base\n')}---
title: Many
level: high
correlation:
  rules: [base]
  timespan: 1m
${correlation.replaceAll(/^/gm, '  ')}
`;
  const valueCount = text(`type: value_count
group-by: [Src, who, Host]
aliases: {who: {base: User}}
condition: {gte: 3, field: Dst}`);

  it('renames what they group by, alias and count', () => {
    const steps =
      '- {type: field_name_mapping, mapping: {Src: source.ip, User: user.name, Dst: destination.ip, Host: [h1, h2], who: no}}';
    const [correlation] = through([pipelineOf(steps)], valueCount).correlations;
    expect(correlation?.groupBy).to.eql(['source.ip', 'who', 'h1', 'h2']);
    expect([...(correlation?.aliases.get('who') ?? [])]).to.eql([['base', 'user.name']]);
    expect(correlation?.condition).to.deep.include({ fields: ['destination.ip'] });
  });

  it('renames on conditions', () => {
    const named = (keys: string): readonly string[] | undefined =>
      through([pipelineOf(`- {type: field_name_prefix, prefix: x., ${keys}}`)], valueCount).correlations[0]
        ?.groupBy;
    const [changed, plain] = [
      ['x.Src', 'who', 'x.Host'],
      ['Src', 'who', 'Host'],
    ];
    expect(named('rule_conditions: [{type: is_sigma_correlation_rule}]')).to.eql(changed);
    expect(named('rule_conditions: [{type: is_sigma_rule}]')).to.eql(plain);
    expect(named('rule_conditions: [{type: logsource, product: windows}]')).to.eql(changed);
    expect(named('rule_conditions: [{type: logsource, product: linux}]')).to.eql(plain);
    expect(named('rule_conditions: [{type: contains_field, field: A}]')).to.eql(plain);
    expect(named('rule_conditions: [{type: tag, tag: a.b}]')).to.eql(plain);
    expect(named('field_name_conditions: [{type: include_fields, fields: [Src]}]')).to.eql([
      'x.Src',
      'who',
      'Host',
    ]);
  });

  it('renames what another transformation has renamed, by its id', () => {
    const steps = `- {id: one, type: field_name_mapping, mapping: {Src: s}}
- {type: field_name_prefix, prefix: x., field_name_conditions: [{type: processing_item_applied, processing_item_id: one}]}`;
    expect(through([pipelineOf(steps)], valueCount).correlations[0]?.groupBy).to.eql(['x.s', 'who', 'Host']);
  });

  it('refuses several fields where one is needed', () => {
    for (const name of ['User', 'Dst']) {
      const result = through(
        [pipelineOf(`- {type: field_name_mapping, mapping: {${name}: [a, b]}}`)],
        valueCount,
      );
      expect(result.correlations).to.eql([]);
      expect(result.problems.map(({ code }) => code)).to.eql(['pipeline_several_fields']);
    }
  });

  it('refuses what refers to a rule that is refused', () => {
    const steps = '- {type: rule_failure, message: no, rule_conditions: [{type: is_sigma_rule}]}';
    const result = through([pipelineOf(steps)], valueCount);
    expect([result.rules, result.correlations]).to.eql([[], []]);
    expect(result.problems.map(({ code }) => code)).to.eql(['pipeline_refuses', 'reference_refused']);
  });

  it('lets rules speak for themselves again whose correlation is refused', () => {
    const steps = '- {type: rule_failure, message: no, rule_conditions: [{type: is_sigma_correlation_rule}]}';
    expect([...through([], valueCount).quiet]).to.have.length(1);
    const result = through([pipelineOf(steps)], valueCount);
    expect([result.rules.length, result.correlations.length, result.quiet.size]).to.eql([1, 0, 0]);
  });
});
