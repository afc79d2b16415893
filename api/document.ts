import type { JsonObject, JsonValue } from '../platform/event.ts';

/** Value at a dotted path of an indexed document, nested or (where ECS ran into a value) under the whole dotted name. */
export function valueAt(document: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const part of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, part)) {
      return Object.hasOwn(document, path) ? document[path] : undefined;
    }
    value = value[part];
  }
  return value;
}

/** Text at a path; undefined for anything else. */
export function textAt(document: JsonObject, path: string): string | undefined {
  const value = valueAt(document, path);
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list at a path, or the one text there. */
export function textsAt(document: JsonObject, path: string): string[] {
  const value = valueAt(document, path);
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The object at a path. */
export function objectAt(document: JsonObject, path: string): JsonObject | undefined {
  const value = valueAt(document, path);
  return isObject(value) ? value : undefined;
}

export function numberAt(document: JsonObject, path: string): number | undefined {
  const value = valueAt(document, path);
  return typeof value === 'number' ? value : undefined;
}

/** The objects of a list at a path. */
export function objectsAt(document: JsonObject, path: string): JsonObject[] {
  const value = valueAt(document, path);
  const items: readonly JsonValue[] = Array.isArray(value) ? value : [];
  return items.filter((item) => isObject(item));
}

/** The member of `known` that stands at a path. */
export function memberAt<T extends string>(
  document: JsonObject,
  path: string,
  known: readonly T[],
): T | undefined {
  const value = valueAt(document, path);
  return known.find((member) => member === value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
