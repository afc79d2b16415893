import { parsePattern } from '../language/pattern.ts';
import { onePattern } from './conditions.ts';
import { plainText } from './pattern-text.ts';
import type { Transformation } from './pipeline.ts';
import { mark, PipelineFailure, withValues, type WorkItem, type WorkNode } from './work.ts';

type Hashes = Extract<Transformation, { readonly type: 'hashes_fields' }>;

/** Algorithms by the number of hexadecimal digits of their hashes. */
const byLength: ReadonlyMap<number, string> = new Map([
  [32, 'MD5'],
  [40, 'SHA1'],
  [64, 'SHA256'],
  [128, 'SHA512'],
]);

/**
 * Makes of `Hashes|contains: [SHA1=…, MD5=…]` one item for each algorithm, with the hash alone; undefined where the item
 * is no such list.
 *
 * @throws PipelineFailure where no value is a hash of one of the algorithms.
 */
export function splitHashes(work: WorkItem, transformation: Hashes, id: string): WorkNode | undefined {
  const { item } = work;
  if (item.field === null || !transformation.fields.includes(item.field)) return undefined;
  const patterns = item.values.map(({ test }) => onePattern(test));
  if (patterns.includes(undefined)) return undefined;
  const hashes = new Map<string, string[]>();
  for (const pattern of patterns) {
    const { algorithm, hash } = hashOf(plainText(pattern ?? []));
    if (!transformation.algorithms.includes(algorithm)) continue;
    const field = transformation.prefix + (transformation.dropAlgorithm ? '' : algorithm);
    hashes.set(field, [...(hashes.get(field) ?? []), hash]);
  }
  if (hashes.size === 0)
    throw new PipelineFailure(
      'pipeline_value',
      `hashes_fields: none of ${transformation.algorithms.join(', ')}`,
      item.line,
    );
  const items = [...hashes].map(([field, values]) => {
    const tests = values.map(
      (value) => ({ kind: 'text', patterns: [parsePattern(value)], cased: false }) as const,
    );
    return mark(work, { ...withValues(item, tests), field: field === 'keyword' ? null : field }, id);
  });
  const [only] = items;
  if (items.length === 1 && only !== undefined) return only;
  // As the item was: each of its values (`all`), or any; the other way round where it is negated.
  return { kind: item.all === item.negated ? 'or' : 'and', children: items };
}

function hashOf(text: string): { readonly algorithm: string; readonly hash: string } {
  const parts = text.split(text.includes('|') ? '|' : '=');
  const [first = '', second = ''] = parts;
  if (parts.length === 2)
    return { algorithm: first.replace(/^\*+/, '').toUpperCase(), hash: withoutWildcards(second) };
  const hash = withoutWildcards(first);
  return { algorithm: byLength.get(hash.length) ?? '', hash };
}

function withoutWildcards(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && '*?'.includes(text.charAt(start))) start++;
  while (end > start && '*?'.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
