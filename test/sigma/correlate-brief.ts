import type { Row } from './oracle/build.ts';
import type { Correlation, Signal } from '../../sigma/index.ts';

type Condition = Correlation['condition'];

export const atLeast = (value: number, field?: string): Condition => ({
  kind: 'predicates',
  predicates: [{ operator: 'gte', value }],
  fields: field === undefined ? [] : [field],
});
export const atMost = (value: number): Condition => ({
  kind: 'predicates',
  predicates: [{ operator: 'lte', value }],
  fields: [],
});
/** A signal in a few words: kind, trigger, count, and what is special. */
export function brief({
  kind,
  trigger,
  count,
  final,
  of,
  late,
  lowerBound,
  agency,
  correlation,
}: Signal): string {
  return [
    correlation.key === 'c' ? '' : `${correlation.key}:`,
    kind,
    trigger.id,
    count,
    final === undefined ? '' : `=${final.id}`,
    of === undefined ? '' : `of ${of.id}`,
    late ? 'late' : '',
    lowerBound ? 'bound' : '',
    agency === '' ? 'city' : '',
  ]
    .filter((word) => word !== '')
    .join(' ');
}

/** A match of `r0`. */
export function r(seconds: number, fields: Readonly<Record<string, unknown>> = {}): Row {
  return [seconds, 'r0', fields];
}
