import { isIP } from 'node:net';
import { posix } from 'node:path';
import type { EcsValue, LogSource } from '../../platform/event.ts';
import type { Line, ParsedEvent } from '../contract.ts';
import { classOf } from './classes.ts';
import { decodeSocketAddress } from './encoding.ts';
import { mergeRecords, type Merged } from './merge.ts';
import type { AuditRecord } from './record-text.ts';

export const auditd: LogSource = { product: 'linux', service: 'auditd' };
export const processCreation: LogSource = { product: 'linux', category: 'process_creation' };
export const fileEvent: LogSource = { product: 'linux', category: 'file_event' };
export const networkConnection: LogSource = { product: 'linux', category: 'network_connection' };

type Ecs = Record<string, EcsValue>;

/** Makes the event of all records of one serial. */
export function auditEvent(records: readonly AuditRecord[], line: Line): ParsedEvent {
  const merged = mergeRecords(records);
  const [head] = records;
  const syscall = merged.first('SYSCALL');
  const succeeded = outcomeOf(merged);
  const kind = classOf(merged.types, syscall);
  const ecs: Ecs = { 'event.action': syscall ?? (head?.type ?? '').toLowerCase() };
  if (kind !== undefined) {
    ecs['event.category'] = kind.category;
    ecs['event.type'] = kind.type;
  }
  if (succeeded !== undefined) ecs['event.outcome'] = succeeded ? 'success' : 'failure';
  const host = head?.node ?? line.envelope?.host;
  if (host !== undefined) {
    ecs['host.name'] = host;
    ecs['host.hostname'] = host;
  }
  addUser(ecs, merged);
  addProcess(ecs, merged);
  const logsource = [auditd];
  const native: Record<string, unknown> = { ...merged.native };
  const category = kind?.category[0];
  if (category === 'process' && succeeded !== false && isExec(syscall, merged))
    logsource.push(processCreation);
  if (category === 'file') addFile(ecs, merged);
  if (category === 'file' && succeeded !== false && created(merged)) {
    ecs['event.type'] = ['creation'];
    logsource.push(fileEvent);
  }
  if (category === 'network' && addDestination(ecs, merged) && syscall === 'connect') {
    native['Initiated'] = 'true';
    logsource.push(networkConnection);
  }
  addRelated(ecs);
  const time = head?.stamp?.time ?? line.envelope?.time;
  return { ...(time === undefined ? {} : { time }), ecs, native, aliases, logsource };
}

/** Names of Sigma's taxonomy for what audit calls otherwise; a name with a dot is an ECS field. */
const aliases: Readonly<Record<string, string>> = {
  Image: 'exe',
  CommandLine: 'process.command_line',
  CurrentDirectory: 'cwd',
  ProcessId: 'pid',
  ParentProcessId: 'ppid',
  User: 'user.name',
  LogonId: 'uid',
  TargetFilename: 'file.path',
  DestinationIp: 'destination.ip',
  DestinationPort: 'destination.port',
};

function outcomeOf(merged: Merged): boolean | undefined {
  const result = merged.first('success') ?? merged.first('res');
  if (result === undefined) return undefined;
  if (result === 'yes' || result === 'success' || result === '1') return true;
  return result === 'no' || result === 'failed' || result === '0' ? false : undefined;
}

function isExec(syscall: string | undefined, merged: Merged): boolean {
  return (
    syscall === 'execve' || syscall === 'execveat' || (syscall === undefined && merged.types.has('EXECVE'))
  );
}

/** In records of user space `acct` is whom it is about; the ids are those of the program that wrote. */
function addUser(ecs: Ecs, merged: Merged): void {
  const uid = merged.first('uid');
  const account = known(merged.first('acct'));
  const name = known(merged.first('UID')) ?? (uid === '0' ? 'root' : undefined);
  if (merged.types.has('USER_CMD')) {
    // sudo: who typed it is the login user, `acct` where it stands is the same.
    set(ecs, 'user.name', known(merged.first('AUID')) ?? account ?? name);
  } else if (managesAccounts(merged)) {
    set(ecs, 'user.name', known(merged.first('AUID')) ?? name);
    set(ecs, 'user.target.name', account ?? known(merged.first('ID')));
  } else if (
    account === undefined &&
    !merged.types.has('SYSCALL') &&
    known(merged.first('id')) !== undefined
  ) {
    set(ecs, 'user.id', merged.first('id'));
    set(ecs, 'user.name', known(merged.first('ID')));
    return;
  } else {
    set(ecs, 'user.name', account ?? name);
  }
  if (account === undefined) set(ecs, 'user.id', uid);
  set(ecs, 'user.effective.id', merged.first('euid'));
  set(ecs, 'user.effective.name', known(merged.first('EUID')));
  set(ecs, 'group.id', merged.first('gid'));
  set(ecs, 'group.name', known(merged.first('GID')));
}

/** True for records about an account as an object, whose actor is somebody else. */
function managesAccounts({ types }: Merged): boolean {
  return [...types].some((type) =>
    /^(?:(?:ADD|DEL)_(?:USER|GROUP)|(?:USER|GRP)_MGMT|USER_CHAUTHTOK)$/.test(type),
  );
}

function addProcess(ecs: Ecs, merged: Merged): void {
  const title = merged.first('proctitle') ?? merged.first('cmd');
  set(ecs, 'process.pid', number(merged.first('pid')));
  set(ecs, 'process.parent.pid', number(merged.first('ppid')));
  set(ecs, 'process.name', merged.first('comm'));
  set(ecs, 'process.executable', known(merged.first('exe')));
  set(ecs, 'process.working_directory', merged.first('cwd'));
  set(ecs, 'process.command_line', merged.args.length > 0 ? merged.args.join(' ') : title);
  if (merged.args.length > 0) {
    ecs['process.args'] = merged.args;
    ecs['process.args_count'] = merged.args.length;
  }
  set(ecs, 'service.name', known(merged.first('unit')));
  const source = known(merged.first('addr'));
  if (source !== undefined && isIP(source) !== 0) ecs['source.ip'] = source;
}

/** Of the files of a call, the one made or deleted, else the last that is no mere parent directory. */
function addFile(ecs: Ecs, merged: Merged): void {
  const path =
    merged.paths.find(({ nametype }) => nametype === 'CREATE' || nametype === 'DELETE') ??
    merged.paths.findLast(({ nametype }) => nametype !== 'PARENT') ??
    merged.paths.at(-1);
  if (path === undefined) return;
  ecs['file.path'] = posix.resolve(merged.first('cwd') ?? '/', path.name);
}

function created(merged: Merged): boolean {
  return merged.paths.some(({ nametype }) => nametype === 'CREATE');
}

/** The peer of a connection, out of `saddr` or what an enriched log says of it. */
function addDestination(ecs: Ecs, merged: Merged): boolean {
  const decoded = decodeSocketAddress(merged.first('saddr') ?? '');
  const ip = decoded?.ip ?? merged.first('laddr');
  const port = decoded?.port ?? number(merged.first('lport'));
  if (ip === undefined || isIP(ip) === 0) return false;
  const side = merged.first('SYSCALL')?.startsWith('accept') === true ? 'source' : 'destination';
  ecs[`${side}.ip`] = ip;
  set(ecs, `${side}.port`, port);
  return true;
}

function addRelated(ecs: Ecs): void {
  const users = ['user.name', 'user.effective.name', 'user.target.name'].map((name) => ecs[name]);
  const ips = ['source.ip', 'destination.ip'].map((name) => ecs[name]);
  const named = [...new Set(users.filter((value) => typeof value === 'string'))];
  const addressed = [...new Set(ips.filter((value) => typeof value === 'string'))];
  if (named.length > 0) ecs['related.user'] = named;
  if (addressed.length > 0) ecs['related.ip'] = addressed;
}

/** A value that says something: audit writes `?` and `unset` where it knows nothing. */
function known(value: string | undefined): string | undefined {
  return value === undefined || value === '' || value === '?' || value === 'unset' ? undefined : value;
}

function number(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}

function set(ecs: Ecs, name: string, value: EcsValue | undefined): void {
  if (value !== undefined && value !== '') ecs[name] = value;
}
