import type { EcsFields } from '../../platform/event.ts';
import { factsOf } from './ecs-events.ts';
import { anything, common } from './ecs-rows.ts';
import type { Ecs, Row } from './ecs-set.ts';
import { scalarText, type Native } from './native.ts';

/** Bits of Keywords in the Security log, in the upper half of the mask. */
const AUDIT_FAILURE = 0x10;
const AUDIT_SUCCESS = 0x20;

type Related = readonly [related: string, ...fields: string[]];

const RELATED: readonly Related[] = [
  ['related.hosts', 'host.name', 'source.domain', 'destination.domain'],
  ['related.ip', 'source.ip', 'destination.ip', 'dns.resolved_ip'],
  ['related.user', 'user.name', 'user.target.name', 'process.parent.user.name'],
];

const RELATED_HASHES: readonly Related[] = [
  [
    'related.hash',
    ...['process', 'file', 'dll'].flatMap((prefix) => [
      ...['md5', 'sha1', 'sha256'].map((kind) => `${prefix}.hash.${kind}`),
      `${prefix}.pe.imphash`,
    ]),
  ],
];

/** ECS fields of an event, by the service of its channel and its EventID. */
export function toEcs(native: Native, service: string, id: number): EcsFields {
  const facts = factsOf(service, id);
  const ecs: Ecs = { 'event.kind': 'event' };
  put(ecs, native, common);
  if (facts === undefined) {
    put(ecs, native, anything);
  } else {
    ecs['event.action'] = facts.action;
    ecs['event.category'] = facts.category as string[];
    ecs['event.type'] = facts.type as string[];
    put(ecs, native, facts.rows);
  }
  putObject(ecs, native);
  const outcome = auditOutcome(native) ?? facts?.outcome;
  if (outcome !== undefined) ecs['event.outcome'] = outcome;
  putRelated(ecs, RELATED);
  if (native['Hashes'] !== undefined || native['Hash'] !== undefined) putRelated(ecs, RELATED_HASHES);
  return ecs;
}

function put(ecs: Ecs, native: Native, rows: readonly Row[]): void {
  for (const [name, set] of rows) {
    const value = scalarText(native[name]);
    if (value !== undefined && value !== '-') set(ecs, value);
  }
}

const OBJECT_CATEGORY: ReadonlyMap<unknown, string> = new Map([
  ['File', 'file'],
  ['Key', 'registry'],
  ['Process', 'process'],
]);

/** The object of an access by its type: a file, a registry key, or something that ECS has no field for. */
function putObject(ecs: Ecs, native: Native): void {
  const name = scalarText(native['ObjectName']);
  const type = native['ObjectType'];
  if (type === 'File' && name !== undefined) ecs['file.path'] = name;
  else if (type === 'Key' && name !== undefined) ecs['registry.path'] = name;
  if (ecs['event.action'] !== 'object-access') return;
  const category = OBJECT_CATEGORY.get(type);
  if (category === undefined) delete ecs['event.category'];
  else ecs['event.category'] = [category];
}

/** Success or failure of an audited act, from the mask or the words that stand for it. */
function auditOutcome(native: Native): 'success' | 'failure' | undefined {
  const keywords = native['Keywords'];
  if (typeof keywords === 'string' && keywords.startsWith('0x')) {
    // Bits 52 and 53 of 64: the sixteen upper bits are the first four of sixteen figures.
    const upper = Number.parseInt(keywords.slice(2).padStart(16, '0').slice(0, 4), 16);
    if ((upper & AUDIT_FAILURE) !== 0) return 'failure';
    if ((upper & AUDIT_SUCCESS) !== 0) return 'success';
    return undefined;
  }
  for (const word of [
    native['EventType'],
    ...(Array.isArray(keywords) ? (keywords as unknown[]) : [keywords]),
  ]) {
    if (word === 'Audit Failure' || word === 'AUDIT_FAILURE') return 'failure';
    if (word === 'Audit Success' || word === 'AUDIT_SUCCESS') return 'success';
  }
  return undefined;
}

function putRelated(ecs: Ecs, table: readonly Related[]): void {
  for (const row of table) {
    let values: (string | number)[] | undefined;
    for (let i = 1; i < row.length; i += 1) {
      const value = ecs[row[i] ?? ''];
      if (value === undefined || typeof value === 'boolean') continue;
      for (const item of typeof value === 'object' ? value : [value]) {
        if (values === undefined) values = [item];
        else if (!values.includes(item)) values.push(item);
      }
    }
    if (values !== undefined) ecs[row[0]] = values;
  }
}
