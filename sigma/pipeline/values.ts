import { withRelation } from '../language/modifiers.ts';
import { parsePattern, type Pattern } from '../language/pattern.ts';
import type { Item, Test } from '../language/rule.ts';
import { onePattern, writtenPattern } from './conditions.ts';
import { editableText, fromEditable, mapTexts, placeholderNames, plainText } from './pattern-text.ts';
import type { Transformation } from './pipeline.ts';
import { numberOf } from './read-transformation.ts';
import { replaceAll } from './replacement.ts';
import type { Run } from './run.ts';
import { isPlainTest, PipelineFailure, withValues } from './work.ts';

export type ValueTransformation = Extract<
  Transformation,
  { readonly type: 'replace_string' | 'map_string' | 'set_value' | 'convert_type' | 'case' }
>;

/**
 * The item with its values changed; undefined where the transformation is for none of them. Texts that stand for
 * several (`windash`, `base64offset`) are left as they are, regular expressions and the like too.
 *
 * @throws PipelineFailure where a value cannot be converted.
 */
export function changedValues(item: Item, transformation: ValueTransformation, run: Run): Item | undefined {
  let changed = false;
  const tests = item.values.flatMap(({ test }): readonly Test[] => {
    const result = changedTest(test, { transformation, run, item });
    changed ||= result !== undefined;
    return result ?? [test];
  });
  if (!changed) return undefined;
  const mixed = tests.some((test) => !isPlainTest(test));
  if (mixed)
    throw new PipelineFailure('pipeline_value', `${transformation.type}: not every value`, item.line);
  return withValues(item, tests);
}

interface Change {
  readonly transformation: ValueTransformation;
  readonly run: Run;
  readonly item: Item;
}

/** What one value becomes; undefined: what it is. */
function changedTest(test: Test, { transformation, run, item }: Change): readonly Test[] | undefined {
  const pattern = writtenPattern(item, test);
  const cased = test.kind === 'text' && test.cased;
  // A keyword stays one: it is searched for anywhere.
  const isKeyword = item.field === null && pattern !== onePattern(test);
  const text = (...patterns: readonly Pattern[]): readonly Test[] =>
    patterns.map((one) => ({
      kind: 'text',
      patterns: [isKeyword ? withRelation(one, 'contains') : one],
      cased,
    }));
  switch (transformation.type) {
    case 'set_value':
      return [setTest(transformation.value, item)];
    case 'convert_type':
      return converted(test, transformation.target, item.line);
    case 'case': {
      const { method } = transformation;
      return pattern && text(mapTexts(pattern, (literal) => inCase(literal, method)));
    }
    case 'map_string': {
      const mapped = pattern && transformation.mapping.get(plainText(pattern));
      return mapped && text(...mapped.map(parsePattern));
    }
    case 'replace_string': {
      const source = test.kind === 'number' ? [test.text] : pattern;
      return source && text(replaced(source, transformation, run));
    }
  }
}

function setTest(value: string | number | boolean | null, { field, line }: Item): Test {
  if (field !== null) return plainTest(value);
  if (value === null || value === '')
    throw new PipelineFailure('pipeline_value', 'set_value: nothing is no keyword', line);
  return { kind: 'text', patterns: [withRelation(parsePattern(String(value)), 'contains')], cased: false };
}

function plainTest(value: string | number | boolean | null): Test {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'number') return { kind: 'number', value, text: String(value) };
  return { kind: 'text', patterns: [parsePattern(value)], cased: false };
}

function converted(test: Test, target: 'str' | 'num', line: number): readonly Test[] | undefined {
  if (target === 'str')
    return test.kind === 'number'
      ? [{ kind: 'text', patterns: [parsePattern(test.text)], cased: false }]
      : undefined;
  if (test.kind !== 'text') return undefined;
  return test.patterns.map((pattern) => {
    const text = plainText(pattern);
    const value = numberOf(text);
    if (value === undefined)
      throw new PipelineFailure('pipeline_value', `convert_type: ${text.slice(0, 80)} is no number`, line);
    return { kind: 'number', value, text };
  });
}

function inCase(text: string, method: 'lower' | 'upper' | 'snake_case'): string {
  switch (method) {
    case 'lower':
      return text.toLowerCase();
    case 'upper':
      return text.toUpperCase();
    case 'snake_case':
      return text.replaceAll(/(?!^)[A-Z]/g, '_$&').toLowerCase();
  }
}

function replaced(
  pattern: Pattern,
  {
    regex: source,
    replacement,
    skipSpecial,
    interpretSpecial,
  }: Extract<Change['transformation'], { type: 'replace_string' }>,
  { shared }: Run,
): Pattern {
  const regex = shared.regex(source);
  if (!skipSpecial) {
    const text = editableText(pattern);
    return fromEditable(replaceAll(regex, text, replacement), placeholderNames(pattern).length > 0);
  }
  return mapTexts(pattern, (literal) => {
    const text = replaceAll(regex, literal, replacement);
    return interpretSpecial ? parsePattern(text) : text;
  });
}
