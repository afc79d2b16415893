import { FIELDS_MAX, integer, scalarText, setSystem, type Native, type Tree } from './native.ts';

/** System name → the names that flat exports use for it (NXLog, Get-WinEvent, Fluent Bit, Sigma's own). */
const SYSTEM: readonly (readonly [system: string, ...names: string[]])[] = [
  ['Provider_Name', 'ProviderName', 'SourceName'],
  ['Provider_Guid', 'ProviderGuid', 'ProviderGUID', 'ProviderId'],
  ['Channel', 'LogName'],
  ['Computer', 'Hostname', 'ComputerName', 'MachineName'],
  ['EventRecordID', 'RecordNumber', 'RecordId', 'RecordID'],
  ['Execution_ProcessID', 'ExecutionProcessID'],
  ['Execution_ThreadID', 'ThreadID', 'ThreadId'],
  ['Security_UserID', 'UserID', 'UserId'],
  ['Correlation_ActivityID', 'ActivityID', 'ActivityId'],
  ['Correlation_RelatedActivityID', 'RelatedActivityID', 'RelatedActivityId'],
  ['TimeCreated_SystemTime', 'TimeCreated', 'SystemTime'],
];

/** NXLog's severity → Windows' level; information is left out where it may stand for 0 (audit). */
const LEVEL_OF_SEVERITY: Readonly<Record<number, number>> = { 5: 1, 4: 2, 3: 3, 2: 4, 1: 5 };

/** Sysmon events whose own `EventType` NXLog's field of the same name hides. */
const TYPED_SYSMON_EVENTS: ReadonlySet<number> = new Set([12, 13, 14, 17, 18]);

/**
 * Native view of an export that puts System and event data side by side. The names stay, Sigma's are added. The
 * document becomes the view: it must be the caller's own. Undefined where it is no Windows event.
 */
export function readFlatEvent(document: Record<string, unknown>): Native | undefined {
  const id = eventId(document);
  if (id === undefined) return undefined;
  if (Object.hasOwn(document, '__proto__')) delete document['__proto__'];
  let fields = 0;
  for (const name in document) {
    stripSpaces(document, name);
    fields += 1;
    if (fields >= FIELDS_MAX) break;
  }
  document['EventID'] = id;
  for (const [system, ...names] of SYSTEM) {
    if (document[system] !== undefined) continue;
    const name = names.find((candidate) => scalarText(document[candidate]) !== undefined);
    if (name !== undefined) setSystem(document, system, document[name]);
  }
  for (const name of ['Task', 'Version', 'Level', 'Opcode', 'EventRecordID'] as const) {
    if (typeof document[name] === 'string') setSystem(document, name, document[name]);
  }
  readKeywords(document);
  readSeverity(document);
  readEventType(document, id);
  return document;
}

/** The id, where the document also names a channel or a provider. */
function eventId(document: Tree): number | undefined {
  const channel = scalarText(document['Channel']) ?? scalarText(document['LogName']);
  const provider =
    scalarText(document['Provider_Name']) ??
    scalarText(document['ProviderName']) ??
    scalarText(document['SourceName']);
  if (channel === undefined && provider === undefined) return undefined;
  const id = document['EventID'] ?? document['EventId'];
  return id === undefined && document['LogName'] !== undefined ? integer(document['Id']) : integer(id);
}

function stripSpaces(document: Record<string, unknown>, name: string): void {
  if (!name.includes(' ')) return;
  const plain = name.replaceAll(' ', '');
  if (plain !== '' && plain !== '__proto__' && !Object.hasOwn(document, plain))
    document[plain] = document[name];
}

/** The mask as Windows renders it; JSON exports carry it as a signed number. */
function readKeywords(document: Record<string, unknown>): void {
  const keywords = document['Keywords'];
  if (typeof keywords !== 'number' || !Number.isInteger(keywords) || Math.abs(keywords) > 2 ** 64) return;
  document['Keywords'] = `0x${BigInt.asUintN(64, BigInt(keywords)).toString(16)}`;
}

function readSeverity(document: Record<string, unknown>): void {
  if (document['Level'] !== undefined) return;
  const severity = integer(document['SeverityValue']);
  const type = document['EventType'];
  if (severity === undefined || (typeof type === 'string' && type.startsWith('AUDIT_'))) return;
  setSystem(document, 'Level', LEVEL_OF_SEVERITY[severity]);
}

/** What happened to a key or pipe, from the rendered message where the field itself was lost. */
function readEventType(document: Record<string, unknown>, id: number): void {
  const type = document['EventType'];
  if (!TYPED_SYSMON_EVENTS.has(id) || (type !== undefined && type !== 'INFO')) return;
  if (document['Provider_Name'] !== 'Microsoft-Windows-Sysmon') return;
  const message = document['Message'];
  const label = 'EventType: ';
  const at = typeof message === 'string' ? message.indexOf(label) : -1;
  if (typeof message !== 'string' || at < 0) return;
  const word = message.slice(at + label.length, at + label.length + 16);
  const end = word.search(/[^A-Za-z]/);
  document['EventType'] = end < 0 ? word : word.slice(0, end);
}
