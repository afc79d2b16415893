/** A condition on which `field_name_prefix x.` is applied to the rule of the table, or is not. */
export interface ConditionCase {
  readonly when: string;
  /** Keys of the transformation beside its type, in YAML flow style. */
  readonly keys: string;
  readonly applies: boolean;
  /** Transformations before it. */
  readonly before?: string;
}

const rule = (condition: string): string => `rule_conditions: [${condition}]`;
const item = (condition: string): string => `detection_item_conditions: [${condition}]`;
const field = (condition: string): string => `field_name_conditions: [${condition}]`;

function rows(
  entries: Readonly<Record<string, readonly [string, boolean, string?]>>,
): readonly ConditionCase[] {
  return Object.entries(entries).map(([when, [keys, applies, before]]) => ({
    when,
    keys,
    applies,
    ...(before === undefined ? {} : { before }),
  }));
}

const mapped =
  '- {id: first, type: field_name_mapping, mapping: {Other: O}}\n- {type: set_state, key: k, val: 5}';

/** Of the rule in `conditionRule`. */
export const conditionCases = rows({
  'logsource contains the rule': [rule('{type: logsource, product: windows}'), true],
  'logsource has another product': [rule('{type: logsource, product: linux}'), false],
  'logsource asks for more than the rule says': [
    rule('{type: logsource, product: windows, category: file_event}'),
    false,
  ],
  'contains_field finds the field': [rule('{type: contains_field, field: Image}'), true],
  'contains_field does not find the field': [rule('{type: contains_field, field: image}'), false],
  'contains_detection_item finds a text': [
    rule(String.raw`{type: contains_detection_item, field: Image, value: '*\cmd.exe'}`),
    true,
  ],
  'contains_detection_item finds a number': [
    rule('{type: contains_detection_item, field: EventID, value: 1}'),
    true,
  ],
  'contains_detection_item finds another type': [
    rule("{type: contains_detection_item, field: EventID, value: '1'}"),
    false,
  ],
  'contains_detection_item finds another field': [
    rule('{type: contains_detection_item, field: Image, value: 1}'),
    false,
  ],
  is_sigma_rule: [rule('{type: is_sigma_rule}'), true],
  is_sigma_correlation_rule: [rule('{type: is_sigma_correlation_rule}'), false],
  'rule_attribute equals a text': [rule('{type: rule_attribute, attribute: title, value: Test}'), true],
  'rule_attribute differs from a text': [
    rule('{type: rule_attribute, attribute: title, value: Test, op: ne}'),
    false,
  ],
  'rule_attribute compares levels': [
    rule('{type: rule_attribute, attribute: level, value: medium, op: lt}'),
    true,
  ],
  'rule_attribute compares levels the other way': [
    rule('{type: rule_attribute, attribute: level, value: medium, op: gte}'),
    false,
  ],
  'rule_attribute compares statuses': [
    rule('{type: rule_attribute, attribute: status, value: experimental, op: gt}'),
    true,
  ],
  'rule_attribute compares dates': [
    rule("{type: rule_attribute, attribute: date, value: '2026-01-01', op: gt}"),
    true,
  ],
  'rule_attribute compares dates the other way': [
    rule("{type: rule_attribute, attribute: date, value: '2026-12-31', op: gt}"),
    false,
  ],
  'rule_attribute compares numbers': [
    rule('{type: rule_attribute, attribute: score, value: 3, op: gte}'),
    true,
  ],
  'rule_attribute finds a value in a list': [
    rule('{type: rule_attribute, attribute: falsepositives, value: Unlikely, op: in}'),
    true,
  ],
  'rule_attribute does not find a value in a list': [
    rule('{type: rule_attribute, attribute: falsepositives, value: x, op: in}'),
    false,
  ],
  'rule_attribute wants a value absent from a list': [
    rule('{type: rule_attribute, attribute: falsepositives, value: x, op: not_in}'),
    true,
  ],
  'rule_attribute names what is not there': [
    rule('{type: rule_attribute, attribute: nothing, value: x, op: ne}'),
    false,
  ],
  'tag is there': [rule('{type: tag, tag: attack.t1059}'), true],
  'tag is not there': [rule('{type: tag, tag: attack.execution}'), false],
  'processing_item_applied of a rule': [
    rule('{type: processing_item_applied, processing_item_id: first}'),
    true,
    mapped,
  ],
  'processing_item_applied of a rule, of none such': [
    rule('{type: processing_item_applied, processing_item_id: second}'),
    false,
    mapped,
  ],
  'processing_state of a rule': [rule('{type: processing_state, key: k, val: 5}'), true, mapped],
  'processing_state of a rule, compared': [
    rule('{type: processing_state, key: k, val: 5, op: gt}'),
    false,
    mapped,
  ],
  'processing_state of a key that was not set': [rule('{type: processing_state, key: k, val: 5}'), false],

  'match_string fits any value': [item(String.raw`{type: match_string, cond: any, pattern: '.*cmd'}`), true],
  'match_string is tied to the start': [item('{type: match_string, cond: any, pattern: cmd}'), false],
  'match_string must fit all values': [
    item(String.raw`{type: match_string, cond: all, pattern: '.*\.exe'}`),
    false,
  ],
  'match_string negated': [item('{type: match_string, cond: all, pattern: cmd, negate: true}'), true],
  'match_value equals a value': [item(String.raw`{type: match_value, cond: any, value: '*\cmd.exe'}`), true],
  'match_value equals no value': [item('{type: match_value, cond: any, value: cmd.exe}'), false],
  'contains_wildcard in any value': [item('{type: contains_wildcard, cond: any}'), true],
  'contains_wildcard in all values': [item('{type: contains_wildcard, cond: all}'), false],
  is_null: [item('{type: is_null, cond: any}'), false],
  'is_null negated as a whole': [
    `${item('{type: is_null, cond: any}')}, detection_item_cond_not: true`,
    true,
  ],
  'processing_item_applied of an item': [
    item('{type: processing_item_applied, processing_item_id: first}'),
    true,
    '- {id: first, type: case, method: lower}',
  ],
  'processing_item_applied of an item that was not changed': [
    item('{type: processing_item_applied, processing_item_id: first}'),
    false,
    mapped,
  ],
  'processing_state of an item': [item('{type: processing_state, key: k, val: 5}'), true, mapped],
  'processing_state of an item, of another value': [
    item('{type: processing_state, key: k, val: 6}'),
    false,
    mapped,
  ],

  'include_fields names the field': [field('{type: include_fields, fields: [Image]}'), true],
  'include_fields names other fields': [field('{type: include_fields, fields: [image]}'), false],
  'include_fields by a regular expression': [
    field("{type: include_fields, fields: ['Im.*'], mode: re}"),
    true,
  ],
  'include_fields by a regular expression tied to the start': [
    field('{type: include_fields, fields: [mage], mode: re}'),
    false,
  ],
  'exclude_fields names other fields': [field('{type: exclude_fields, fields: [B]}'), true],
  'exclude_fields names the field': [field('{type: exclude_fields, fields: [Image]}'), false],
  'exclude_fields by a regular expression': [field('{type: exclude_fields, fields: [Ima], mode: re}'), false],
  'processing_item_applied of a field': [
    field('{type: processing_item_applied, processing_item_id: first}'),
    true,
    '- {id: first, type: field_name_mapping, mapping: {Image: Image}}',
  ],
  'processing_item_applied of a field that was not mapped': [
    field('{type: processing_item_applied, processing_item_id: first}'),
    false,
    mapped,
  ],
  'processing_state of a field': [field('{type: processing_state, key: k, val: 4, op: gte}'), true, mapped],
  'processing_state of a field, of another value': [
    field('{type: processing_state, key: k, val: 4, op: lte}'),
    false,
    mapped,
  ],

  'all conditions hold': [rule('{type: is_sigma_rule}, {type: contains_field, field: Image}'), true],
  'not all conditions hold': [rule('{type: is_sigma_rule}, {type: contains_field, field: X}'), false],
  'one of the conditions holds': [
    `${rule('{type: contains_field, field: X}, {type: is_sigma_rule}')}, rule_cond_op: or`,
    true,
  ],
  'none of the conditions holds': [
    `${rule('{type: contains_field, field: X}, {type: contains_field, field: Y}')}, rule_cond_op: or`,
    false,
  ],
  'the conditions are negated': [`${rule('{type: contains_field, field: X}')}, rule_cond_not: true`, true],
  'an expression over named conditions holds': [
    'rule_conditions: {a: {type: contains_field, field: X}, b: {type: is_sigma_rule}}, rule_cond_expr: not a and (b or a)',
    true,
  ],
  'an expression over named conditions does not hold': [
    'rule_conditions: {a: {type: contains_field, field: X}, b: {type: is_sigma_rule}}, rule_cond_expr: a and b',
    false,
  ],
  'an expression over conditions of items': [
    'detection_item_conditions: {a: {type: is_null, cond: any}}, detection_item_cond_expr: not a',
    true,
  ],
  'an expression over conditions of fields': [
    'field_name_conditions: {a: {type: include_fields, fields: [B]}}, field_name_cond_expr: not a',
    true,
  ],
  'conditions with names and without an expression must all hold': [
    'rule_conditions: {a: {type: contains_field, field: X}, b: {type: is_sigma_rule}}',
    false,
  ],
});

export const conditionRule = {
  head: 'status: test\ndate: 2026-05-01\ntags: [attack.t1059]\nfalsepositives: [Unlikely]\nscore: 4\n',
  detection: String.raw`s: {Image: ['*\cmd.exe', 'C:\a.exe', b]}
n: {EventID: 1}
condition: s or n`,
};
