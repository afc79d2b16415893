import { refused, s, same, step, type PipelineCase } from './pipeline-cases.ts';

const values: readonly PipelineCase[] = [
  {
    does: 'replace_string replaces by a regular expression with groups',
    steps: step(
      String.raw`{type: replace_string, regex: '^(\w+)-(?P<second>\w+)$', replacement: '\2_\g<1>_\g<second>'}`,
    ),
    rule: s('A: one-two\nB: other'),
    gives: s('A: two_one_two\nB: other'),
  },
  {
    does: 'replace_string sees the wildcards of contains',
    steps: step(String.raw`{type: replace_string, regex: '^\*(.*)\*$', replacement: '\1'}`),
    rule: s('A|contains: x'),
    gives: s('A: x'),
  },
  {
    does: 'replace_string makes wildcards',
    steps: step("{type: replace_string, regex: x+, replacement: '*'}"),
    rule: s('A: axxb'),
    gives: s('A: a*b'),
  },
  {
    does: 'replace_string keeps escaped wildcards and backslashes',
    steps: step('{type: replace_string, regex: Temp, replacement: Tmp}'),
    rule: s(String.raw`A: 'C:\Temp\a\*b\?c\\d'`),
    gives: s(String.raw`A: 'C:\Tmp\a\*b\?c\\d'`),
  },
  {
    does: 'replace_string keeps a backslash before a wildcard',
    steps: step('{type: replace_string, regex: Temp, replacement: Tmp}'),
    rule: s(String.raw`A|startswith: 'C:\Temp\'`),
    gives: s(String.raw`A|startswith: 'C:\Tmp\'`),
    pysigma: 'takes the wildcard for an escaped one',
  },
  {
    does: 'replace_string writes backslashes',
    steps: step(String.raw`{type: replace_string, regex: /, replacement: '\\'}`),
    rule: s('A: a/b'),
    gives: s(String.raw`A: 'a\b'`),
  },
  {
    does: 'replace_string with skip_special leaves wildcards and makes none',
    steps: step("{type: replace_string, regex: '[.*]', replacement: '*', skip_special: true}"),
    rule: s('A: a.b*'),
    gives: s(String.raw`A: 'a\*b*'`),
  },
  {
    does: 'replace_string with interpret_special makes wildcards of the texts only',
    steps: step(
      "{type: replace_string, regex: '[.*]', replacement: '*', skip_special: true, interpret_special: true}",
    ),
    rule: s('A: a.b?'),
    gives: s('A: a*b?'),
  },
  {
    does: 'replace_string reads numbers as texts',
    steps: step("{type: replace_string, regex: '^46', replacement: '47'}"),
    rule: s('A: 4688'),
    gives: s("A: '4788'"),
  },
  {
    does: 'replace_string leaves regular expressions and alternatives',
    steps: step('{type: replace_string, regex: foo, replacement: bar}'),
    ...same('A|re: foo\nB|windash|contains: "-foo"'),
  },
  {
    does: 'map_string maps whole values, to several if need be',
    steps: step("{type: map_string, mapping: {x: y, z: [u, 'v*'], '*w*': W}}"),
    rule: s('A: [x, z, other]\nB|contains: w'),
    gives: s("A: [y, u, 'v*', other]\nB: W"),
  },
  {
    does: 'map_string leaves what it does not name',
    steps: step('{type: map_string, mapping: {x: y}}'),
    ...same('A: [xx, 1]'),
  },
  {
    does: 'set_value sets a text with wildcards',
    steps: step(
      "{type: set_value, value: 'a*', field_name_conditions: [{type: include_fields, fields: [A]}]}",
    ),
    rule: s('A|re: x\nB: 1'),
    gives: s("A: 'a*'\nB: 1"),
  },
  {
    does: 'set_value sets a number',
    steps: step('{type: set_value, value: 7}'),
    rule: s('A: x'),
    gives: s('A: 7'),
  },
  {
    does: 'set_value sets null',
    steps: step('{type: set_value, value: null}'),
    rule: s('A: x'),
    gives: s('A: null'),
  },
  {
    does: 'set_value sets a truth value',
    steps: step('{type: set_value, value: true}'),
    rule: s('A: x'),
    gives: s('A: true'),
  },
  {
    does: 'set_value forces a text',
    steps: step('{type: set_value, value: 7, force_type: str}'),
    rule: s('A: x'),
    gives: s("A: '7'"),
  },
  {
    does: 'set_value forces a number',
    steps: step("{type: set_value, value: '7', force_type: num}"),
    rule: s('A: x'),
    gives: s('A: 7'),
  },
  {
    does: 'convert_type makes texts of numbers',
    steps: step('{type: convert_type, target_type: str}'),
    rule: s('A: [1, 2.5, x]'),
    gives: s("A: ['1', '2.5', x]"),
  },
  {
    does: 'convert_type makes numbers of texts',
    steps: step('{type: convert_type, target_type: num}'),
    rule: s("A: ['1', '-2.5', 3]"),
    gives: s('A: [1, -2.5, 3]'),
    pysigma: 'takes whole numbers only',
  },
  {
    does: 'convert_type refuses a text that is no number',
    steps: step('{type: convert_type, target_type: num}'),
    rule: s('A: x'),
    gives: refused('pipeline_value'),
  },
  {
    does: 'case makes lower case',
    steps: step('{type: case, method: lower}'),
    rule: s('A|contains: [AbC, 1]'.replace(', 1', '')),
    gives: s('A|contains: abc'),
  },
  {
    does: 'case makes upper case',
    steps: step('{type: case, method: upper}'),
    rule: s('A: aÄ*'),
    gives: s('A: AÄ*'),
  },
  {
    does: 'case makes snake case',
    steps: step('{type: case, method: snake_case}'),
    rule: s('A: SomeEventName'),
    gives: s('A: some_event_name'),
  },
  {
    does: 'case leaves numbers and regular expressions',
    steps: step('{type: case, method: upper}'),
    ...same('A: 1\nB|re: x'),
  },
];

const keywords: readonly PipelineCase[] = [
  {
    does: 'keywords are changed as they are written, and stay keywords',
    steps: `${step("{type: map_string, mapping: {x: 'y z'}}")}\n${step("{type: replace_string, regex: '^C', replacement: D}")}`,
    rule: "k: [x, 'C:']\ncondition: k",
    gives: "k: [y z, 'D:']\ncondition: k",
  },
  {
    does: 'keywords are set to another',
    steps: step('{type: set_value, value: x}'),
    rule: 'k: [a]\ncondition: k',
    gives: 'k: [x]\ncondition: k',
  },
  {
    does: 'a keyword cannot be set to nothing',
    steps: step('{type: set_value, value: null}'),
    rule: 'k: [a]\ncondition: k',
    gives: refused('pipeline_value'),
    pysigma: 'looks for nothing',
  },
  {
    does: 'match_string sees keywords as they are written',
    steps: step(
      "{type: case, method: upper, detection_item_conditions: [{type: match_string, cond: any, pattern: '^x$'}]}",
    ),
    rule: 'k: [x]\ncondition: k',
    gives: 'k: [X]\ncondition: k',
  },
];

const placeholders: readonly PipelineCase[] = [
  {
    does: 'value_placeholders fills in every combination',
    steps: step('{type: value_placeholders}'),
    vars: "{admins: [root, 'adm*'], n: 5}",
    rule: s("A|expand: 'x-%admins%-%n%'"),
    gives: s("A: [x-root-5, 'x-adm*-5']"),
  },
  {
    does: 'value_placeholders fills in before contains adds its wildcards',
    steps: step('{type: value_placeholders}'),
    vars: '{a: [b, c]}',
    rule: s("A|contains|expand: '%a%'\nB|expand|endswith: 'x%a%'"),
    gives: s('A|contains: [b, c]\nB|endswith: [xb, xc]'),
  },
  {
    does: 'value_placeholders leaves percent signs without expand, and escaped ones',
    steps: step('{type: value_placeholders}'),
    vars: '{a: b}',
    rule: s(String.raw`A: '%a%'` + '\n' + String.raw`B|expand: '\%a\%'`),
    gives: s("A: '%a%'\nB: '%a%'"),
  },
  {
    does: 'value_placeholders refuses a placeholder without values',
    steps: step('{type: value_placeholders}'),
    vars: '{a: b}',
    rule: s("A|expand: '%other%'"),
    gives: refused('placeholder_unresolved'),
  },
  {
    does: 'value_placeholders fills in those it includes, wildcard_placeholders the rest',
    steps: `${step('{type: value_placeholders, include: [a]}')}\n${step('{type: wildcard_placeholders}')}`,
    vars: '{a: b, c: d}',
    rule: s("A|expand: '%a%-%c%-%e%'"),
    gives: s("A: 'b-*-*'"),
  },
  {
    does: 'wildcard_placeholders leaves those it excludes',
    steps: `${step('{type: wildcard_placeholders, exclude: [a]}')}\n${step('{type: value_placeholders}')}`,
    vars: '{a: b}',
    rule: s("A|expand: '%a%%c%'"),
    gives: s("A: 'b*'"),
  },
  {
    does: 'a placeholder that no pipeline fills in refuses the rule',
    steps: step('{type: field_name_prefix, prefix: x}'),
    rule: s("A|expand: '%a%'"),
    gives: refused('placeholder_unresolved'),
  },
  {
    does: 'replace_string keeps placeholders',
    steps: `${step('{type: replace_string, regex: x, replacement: y}')}\n${step('{type: value_placeholders}')}`,
    vars: '{a: b}',
    rule: s("A|expand: 'x%a%x'"),
    gives: s('A: yby'),
  },
  {
    does: 'placeholders are filled in where dashes have alternatives',
    steps: step('{type: value_placeholders}'),
    vars: '{a: b}',
    rule: s("A|expand|windash|contains: ' -x %a%'"),
    gives: s("A|contains: [' -x b', ' /x b', ' –x b', ' —x b', ' ―x b']"),
    pysigma: 'leaves placeholders in alternatives',
  },
  {
    does: 'a placeholder that would be encoded refuses the rule',
    steps: step('{type: value_placeholders}'),
    vars: '{a: b}',
    rule: s("A|expand|base64: '%a%'"),
    gives: refused('placeholder_unresolved'),
    pysigma: 'encodes the name of the placeholder',
  },
];

export const valueCases = { values, keywords, placeholders };
