import type { JsonObject } from '../event.ts';
import type { Query } from '../query/ast.ts';
import { valuesAt, type Scalar } from '../query/document.ts';
import { fieldPaths } from '../query/fields.ts';
import { collections, type Collection } from './port.ts';

/** The paths that the fields of a collection's `brief` stand for. */
const paths = new Map(
  (Object.keys(collections) as Collection[]).map((collection) => [
    collection,
    new Set(collections[collection].brief.flatMap(fieldPaths)),
  ]),
);

const NONE: readonly Scalar[] = [];

/** Whether briefs are kept of a collection. */
export function hasBriefs(collection: Collection): boolean {
  return collections[collection].brief.length > 0;
}

/**
 * The values of a document at the paths of its collection's `brief`, by path; none of the paths begins another. A dot
 * may stand in a key, so that `valuesAt` answers the same for those paths as it does of the document.
 */
export type Brief = Readonly<Record<string, readonly Scalar[]>>;

export function toBrief(collection: Collection, body: JsonObject): Brief {
  const brief: Record<string, readonly Scalar[]> = {};
  for (const path of paths.get(collection) ?? []) {
    // JSON has no other numbers: what is written is null.
    const values = valuesAt(body, path).filter(
      (value) => typeof value !== 'number' || Number.isFinite(value),
    );
    if (values.length > 0) brief[path] = values;
  }
  return brief;
}

/** `valuesAt` for a brief, which needs no search. */
export function briefValuesAt(brief: JsonObject, path: string): readonly Scalar[] {
  return (brief as Brief)[path] ?? NONE;
}

/** Whether a brief has all values of `field`. */
export function isFieldInBrief(collection: Collection, field: string): boolean {
  return fieldPaths(field).every((path) => paths.get(collection)?.has(path) === true);
}

/** Whether a brief tells if its document is a hit. It does not say that there is an object, so not what exists. */
export function isQueryInBrief(collection: Collection, query: Query): boolean {
  switch (query.kind) {
    case 'all':
      return true;
    case 'and':
    case 'or':
      return query.children.every((child) => isQueryInBrief(collection, child));
    case 'not':
      return isQueryInBrief(collection, query.child);
    case 'field':
      return isFieldInBrief(collection, query.field);
    case 'range':
      return (query.lower ?? query.upper) !== undefined && isFieldInBrief(collection, query.field);
    case 'text':
    case 'exists':
      return false;
  }
}
