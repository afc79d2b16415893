import type { Entity } from '../platform/alert.ts';
import type { EcsFields, EcsValue } from '../platform/event.ts';

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

/** The hosts, users, addresses, … that an event is about; primary first, without repeats. */
export function entitiesOf(ecs: EcsFields): readonly Entity[] {
  const found = new Map<string, Entity>();
  for (const [field, type] of sources) {
    for (const value of valuesOf(ecs[field])) {
      if (value !== '' && value !== '-') found.set(`${type}:${value.toLowerCase()}`, { type, value });
    }
  }
  return [...found.values()].slice(0, ENTITIES_MAX);
}

function valuesOf(value: EcsValue | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'object' ? value.map(String) : [String(value)];
}
