/**
 * A parsed query. Fields are dotted paths of the document (`source.ip`, `canh.agency`), or the short names that
 * `platform/query/fields.ts` lists. Values are as typed, not yet folded.
 */
export type Query =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly children: readonly Query[] }
  | { readonly kind: 'not'; readonly child: Query }
  /** Free text: every token occurs; a phrase: in this order, next to each other. */
  | { readonly kind: 'text'; readonly text: string; readonly phrase: boolean; readonly prefix: boolean }
  /** The field's value, or one of its values, equals this (folded), or begins with it. */
  | { readonly kind: 'field'; readonly field: string; readonly value: string; readonly prefix: boolean }
  | { readonly kind: 'exists'; readonly field: string }
  /** Bounds compare as numbers where both are numbers, as times for dates, else as folded text. Without: `exists`. */
  | {
      readonly kind: 'range';
      readonly field: string;
      readonly lower?: { readonly value: string; readonly inclusive: boolean };
      readonly upper?: { readonly value: string; readonly inclusive: boolean };
    };

export const matchAll: Query = { kind: 'all' };
