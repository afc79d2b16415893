import { finiteNumber, foldedText, joinParts } from './values.ts';
import type { Item } from './item.ts';
import type { Plan, Source } from './plan.ts';

/** Reads a field of what matched. */
export type FieldOf = (name: string) => unknown;

/** The folded values that group a match; undefined where one is missing. */
export function groupValues({ groupFields }: Source, field: FieldOf): readonly string[] | undefined {
  const values: string[] = [];
  for (const name of groupFields) {
    const value = foldedText(field(name));
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

/** What of a match is counted or calculated with: null where it is missing. */
export function itemValue({ figure }: Plan, { valueFields }: Source, field: FieldOf): Item['value'] | null {
  if (figure === 'events' || figure === 'rules' || figure === 'chain') return undefined;
  const [first] = valueFields;
  if (figure !== 'values') return (first === undefined ? undefined : finiteNumber(field(first))) ?? null;
  if (valueFields.length === 1 && first !== undefined) return foldedText(field(first)) ?? null;
  const texts: string[] = [];
  for (const name of valueFields) {
    const text = foldedText(field(name));
    if (text === undefined) return null;
    texts.push(text);
  }
  return joinParts(texts);
}
