import {
  FIELDS_MAX,
  integer,
  isTree,
  scalarText,
  setData,
  setSystem,
  type Native,
  type Tree,
} from './native.ts';

/** System name → Winlogbeat's names below `winlog`, the newest first. */
const SYSTEM: readonly (readonly [system: string, ...names: string[]])[] = [
  ['Provider_Name', 'provider_name', 'source_name'],
  ['Provider_Guid', 'provider_guid'],
  ['Version', 'version'],
  ['Task', 'task'],
  ['Opcode', 'opcode'],
  ['Keywords', 'keywords'],
  ['EventRecordID', 'record_id', 'record_number'],
  ['Correlation_ActivityID', 'activity_id'],
  ['Correlation_RelatedActivityID', 'related_activity_id'],
  ['Channel', 'channel', 'log_name'],
  ['Computer', 'computer_name'],
];

/** Windows' numbers for the words of `log.level`. */
const LEVELS: Readonly<Record<string, number>> = {
  critical: 1,
  error: 2,
  warning: 3,
  information: 4,
  verbose: 5,
};

/** Providers here write values without names, which Winlogbeat calls `param1`, `param2`, … */
const UNNAMED_CHANNELS: ReadonlySet<string> = new Set([
  'windows powershell',
  'application',
  'msexchange management',
]);

const PARAMETERS_MAX = 64;

/**
 * Native view of a document of Winlogbeat or Elastic Agent (`winlog.*`), or of Winlogbeat before 7 (the same names at
 * the top). Undefined for anything else.
 */
export function readBeatsEvent(document: Tree): Native | undefined {
  const nested = document['winlog'];
  const winlog = isTree(nested) ? nested : isTree(document['event_data']) ? document : undefined;
  if (winlog === undefined) return undefined;
  const event = document['event'];
  const id = integer(winlog['event_id']) ?? (isTree(event) ? integer(event['code']) : undefined);
  if (id === undefined) return undefined;
  const native: Native = { EventID: id };
  for (const [system, ...names] of SYSTEM) {
    const name = names.find((candidate) => winlog[candidate] !== undefined);
    if (name !== undefined) setSystem(native, system, winlog[name]);
  }
  readProcess(native, winlog);
  readLevel(native, document);
  setSystem(native, 'TimeCreated_SystemTime', document['@timestamp']);
  setSystem(native, 'Message', document['message']);
  if (native['Computer'] === undefined) readHost(native, document);
  readFields(native, winlog['event_data']);
  readFields(native, winlog['user_data']);
  joinParameters(native);
  return native;
}

function readProcess(native: Native, winlog: Tree): void {
  const { process, user } = winlog;
  if (isTree(process)) {
    setSystem(native, 'Execution_ProcessID', process['pid']);
    const thread = process['thread'];
    if (isTree(thread)) setSystem(native, 'Execution_ThreadID', thread['id']);
  }
  if (isTree(user)) setSystem(native, 'Security_UserID', user['identifier']);
}

/** The Security log's own level is always 0, whatever the word says. */
function readLevel(native: Native, document: Tree): void {
  const log = document['log'];
  const word = scalarText(isTree(log) ? log['level'] : document['level'])?.toLowerCase();
  if (word === undefined || native['Channel'] === 'Security') return;
  if (Object.hasOwn(LEVELS, word)) setSystem(native, 'Level', LEVELS[word]);
}

function readHost(native: Native, document: Tree): void {
  const host = document['host'];
  if (isTree(host)) setSystem(native, 'Computer', scalarText(host['name']) ?? scalarText(host['hostname']));
}

function readFields(native: Native, data: unknown): void {
  if (!isTree(data)) return;
  let fields = 0;
  for (const name in data) {
    if (name !== 'xml_name') setData(native, name, data[name]);
    fields += 1;
    if (fields >= FIELDS_MAX) return;
  }
}

function joinParameters(native: Native): void {
  if (native['Data'] !== undefined || native['param1'] === undefined) return;
  const channel = scalarText(native['Channel'])?.toLowerCase();
  if (channel === undefined || !UNNAMED_CHANNELS.has(channel)) return;
  const values: string[] = [];
  for (let i = 1; i <= PARAMETERS_MAX; i += 1) {
    const name = `param${i}`;
    if (!Object.hasOwn(native, name)) break;
    const value = scalarText(native[name]);
    if (value !== undefined) values.push(value);
  }
  native['Data'] = values.join('\n');
}
