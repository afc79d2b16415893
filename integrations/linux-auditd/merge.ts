import type { AuditRecord } from './record-text.ts';
import { syscallName } from './syscalls.ts';

const VALUES_MAX = 64;

/** The records of one serial as one set of fields; a field that differs among them is a list. */
export interface Merged {
  readonly native: Readonly<Record<string, string | readonly string[]>>;
  /** First value of a field. */
  first(name: string): string | undefined;
  readonly types: ReadonlySet<string>;
  /** Arguments of an executed program. */
  readonly args: readonly string[];
  /** Files that the call touched. */
  readonly paths: readonly AuditPath[];
}

interface AuditPath {
  readonly name: string;
  readonly nametype: string;
}

/**
 * Joins the records of one serial. `type` becomes the list of their types, so that a rule for `type: PATH` and one for
 * `type: EXECVE` both find the event. Beside an EXECVE record `a0`… are the program's arguments: what SYSCALL has under
 * these names are then addresses in memory.
 */
export function mergeRecords(records: readonly AuditRecord[]): Merged {
  const types = new Set(records.map((record) => record.type));
  const args = readArguments(records.filter((record) => record.type === 'EXECVE'));
  const values = new Map<string, string[]>([['type', [...types]]]);
  for (const record of records) {
    for (const [name, value] of record.fields) {
      if (/^a\d{1,6}(?:\[|_len|$)/.test(name) && (record.type === 'EXECVE' || types.has('EXECVE'))) continue;
      if (value === '(null)') continue;
      for (const item of name === 'key' ? value.split('\x01') : [value]) add(values, name, item);
    }
  }
  args.forEach((arg, index) => values.set(`a${index}`, [arg]));
  nameSyscall(values);
  return {
    native: Object.fromEntries(
      [...values].map(([name, list]) => [name, list.length === 1 ? (list[0] ?? '') : list]),
    ),
    first: (name) => values.get(name)?.[0],
    types,
    args,
    paths: records.filter((record) => record.type === 'PATH').flatMap(readPath),
  };
}

function add(values: Map<string, string[]>, name: string, value: string): void {
  const known = values.get(name);
  if (known === undefined) values.set(name, [value]);
  else if (!known.includes(value) && known.length < VALUES_MAX) known.push(value);
}

/** Only enriched logs name the call; the number means something only together with the architecture. */
function nameSyscall(values: Map<string, string[]>): void {
  const number = values.get('syscall')?.[0];
  const arch = values.get('arch')?.[0];
  if (values.has('SYSCALL') || number === undefined || arch === undefined) return;
  const name = syscallName(arch, number);
  if (name !== undefined) values.set('SYSCALL', [name]);
}

/** Arguments in order; a long one comes in pieces `a1[0]`, `a1[1]`, …, a long list in several records. */
function readArguments(records: readonly AuditRecord[]): readonly string[] {
  const pieces = new Map<number, string>();
  for (const { fields } of records) {
    for (const [name, value] of fields) {
      const index = /^a(\d{1,6})(?:\[\d{1,6}\])?$/.exec(name)?.[1];
      if (index === undefined) continue;
      pieces.set(Number(index), (pieces.get(Number(index)) ?? '') + value);
    }
  }
  return [...pieces].toSorted(([a], [b]) => a - b).map(([, text]) => text);
}

function readPath({ fields }: AuditRecord): readonly AuditPath[] {
  const name = fields.get('name');
  return name === undefined || name === '(null)'
    ? []
    : [{ name, nametype: fields.get('nametype') ?? 'UNKNOWN' }];
}
