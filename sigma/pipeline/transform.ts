import type { Item, PlainObject, PlainValue } from '../language/rule.ts';
import { addCondition } from './add-condition.ts';
import { itemAllows, ruleAllows } from './conditions.ts';
import { renameInCorrelation, renameInRule } from './field-names.ts';
import { splitHashes } from './hashes.ts';
import type { PipelineItem, Transformation } from './pipeline.ts';
import { filledIn, type PlaceholderTransformation } from './placeholders.ts';
import type { Run } from './run.ts';
import { changedValues, type ValueTransformation } from './values.ts';
import {
  changeItems,
  itemsOf,
  mark,
  PipelineFailure,
  type WorkCorrelation,
  type WorkItem,
  type WorkNode,
  type WorkRule,
} from './work.ts';

/**
 * Takes a rule or correlation through transformations, in order.
 *
 * @throws PipelineFailure where one refuses it.
 */
export function transform(work: WorkRule | WorkCorrelation, items: readonly PipelineItem[], run: Run): void {
  for (const item of items) {
    if (!ruleAllows(item, work, run)) continue;
    transformOne(work, item, run);
    work.applied.add(item.id);
  }
}

function transformOne(work: WorkRule | WorkCorrelation, item: PipelineItem, run: Run): void {
  const { transformation } = item;
  switch (transformation.type) {
    case 'add_field':
      work.fields = [...work.fields, ...transformation.fields];
      break;
    case 'remove_field':
      work.fields = work.fields.filter((name) => !transformation.fields.includes(name));
      break;
    case 'set_field':
      work.fields = transformation.fields;
      break;
    case 'set_state':
      run.state.set(transformation.key, transformation.value);
      break;
    case 'set_custom_attribute':
      work.custom = withAttribute(work.custom, transformation.attribute, transformation.value);
      break;
    case 'rule_failure':
      throw new PipelineFailure('pipeline_refuses', transformation.message);
    case 'nest':
      transform(work, transformation.items, run);
      break;
    case 'field_name_mapping':
    case 'field_name_prefix_mapping':
    case 'field_name_prefix':
    case 'field_name_suffix':
      if (work.kind === 'rule') renameInRule(work, transformation, { item, run });
      else renameInCorrelation(work, transformation, { item, run });
      break;
    case 'change_logsource':
      if (work.kind === 'rule') work.logsource = transformation.logsource;
      break;
    case 'add_condition':
      if (work.kind === 'rule') addCondition(work, transformation);
      break;
    case 'strict_field_mapping_failure':
      if (work.kind === 'rule') checkMapped(work, run);
      break;
    case 'drop_detection_item':
    case 'hashes_fields':
    case 'value_placeholders':
    case 'wildcard_placeholders':
    case 'file_placeholders':
    case 'replace_string':
    case 'map_string':
    case 'set_value':
    case 'convert_type':
    case 'case':
    case 'detection_item_failure':
      if (work.kind === 'rule')
        changeItems(work, (one) =>
          itemAllows(item, one, run) ? transformItem(one, { transformation, id: item.id, run }) : one,
        );
      break;
  }
}

/** `Object.fromEntries` makes `__proto__` an ordinary key. */
function withAttribute(custom: PlainObject, name: string, value: PlainValue): PlainObject {
  return Object.fromEntries([...Object.entries(custom).filter(([key]) => key !== name), [name, value]]);
}

type ItemTransformation =
  | PlaceholderTransformation
  | ValueTransformation
  | Extract<
      Transformation,
      { readonly type: 'drop_detection_item' | 'hashes_fields' | 'detection_item_failure' }
    >;

interface ItemStep {
  readonly transformation: ItemTransformation;
  readonly id: string;
  readonly run: Run;
}

/** What becomes of one detection item; undefined: it is dropped. */
function transformItem(work: WorkItem, { transformation, id, run }: ItemStep): WorkNode | undefined {
  const changed = (item: Item | undefined): WorkItem => (item === undefined ? work : mark(work, item, id));
  switch (transformation.type) {
    case 'drop_detection_item':
      return undefined;
    case 'hashes_fields':
      return splitHashes(work, transformation, id) ?? work;
    case 'value_placeholders':
    case 'wildcard_placeholders':
    case 'file_placeholders':
      return changed(filledIn(work.item, transformation, run));
    case 'replace_string':
    case 'map_string':
    case 'set_value':
    case 'convert_type':
    case 'case':
      return changed(changedValues(work.item, transformation, run));
    case 'detection_item_failure':
      throw new PipelineFailure('pipeline_refuses', transformation.message, work.item.line);
  }
}

function checkMapped(work: WorkRule, { mappedFields }: Run): void {
  for (const { item } of itemsOf(work))
    if (item.field !== null && !mappedFields.has(item.field))
      throw new PipelineFailure('pipeline_refuses', `${item.field} is not mapped`, item.line);
}
