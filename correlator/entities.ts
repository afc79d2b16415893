import type { Entity } from '../platform/alert.ts';
import type { JsonObject } from '../platform/event.ts';
import { valuesAt } from '../platform/query/document.ts';

export const ENTITIES_MAX = 20;

/** ECS fields that name an entity, the most telling first: the first one found is the alert's primary entity. */
const sources: readonly (readonly [field: string, type: Entity['type']])[] = [
  ['host.name', 'host'],
  ['user.name', 'user'],
  ['user.target.name', 'user'],
  ['source.ip', 'ip'],
  ['destination.ip', 'ip'],
  ['process.executable', 'process'],
  ['file.path', 'file'],
  ['dns.question.name', 'domain'],
  ['url.domain', 'domain'],
  ['process.hash.sha256', 'hash'],
  ['file.hash.sha256', 'hash'],
];

/** The hosts, users, addresses, … that an event's document is about; primary first, without repeats. */
export function entitiesOf(document: JsonObject): readonly Entity[] {
  return distinct(
    sources.flatMap(([field, type]) =>
      valuesAt(document, field).map((value) => ({ type, value: String(value) })),
    ),
  );
}

/** The same of the fields that a correlation groups by, where they are ECS. */
export function groupEntities(
  group: readonly { readonly field: string; readonly value: string }[],
): readonly Entity[] {
  return distinct(
    sources.flatMap(([field, type]) =>
      group.filter((part) => part.field === field).map(({ value }) => ({ type, value })),
    ),
  );
}

function distinct(entities: readonly Entity[]): readonly Entity[] {
  const found = new Map<string, Entity>();
  for (const entity of entities) {
    if (entity.value !== '' && entity.value !== '-')
      found.set(`${entity.type}:${entity.value.toLowerCase()}`, entity);
  }
  return [...found.values()].slice(0, ENTITIES_MAX);
}
