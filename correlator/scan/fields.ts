import type { Correlation } from '../../sigma/index.ts';

/** Every field that correlations may ask of an event: what they group by and count, under every alias. */
export function correlatedFields(correlations: readonly Correlation[]): readonly string[] {
  const names = new Set<string>();
  for (const { groupBy, aliases, condition } of correlations) {
    for (const name of groupBy) names.add(name);
    if (condition.kind === 'predicates') for (const name of condition.fields) names.add(name);
    for (const fields of aliases.values()) for (const name of fields.values()) names.add(name);
  }
  return [...names];
}
