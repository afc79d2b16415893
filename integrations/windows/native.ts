/** The native view while it is being built: Windows' own names and values. */
export type Native = Record<string, unknown>;

/** An element of an event: attributes under `#attributes`, text under `#text`. */
export type Tree = Readonly<Record<string, unknown>>;

/** Fields one event may bring; further ones are left to `original`. */
export const FIELDS_MAX = 1024;

const INTEGER_MAX_LENGTH = 15;

/** System fields that are numbers, in whatever form they travelled. */
const INTEGERS: ReadonlySet<string> = new Set([
  'EventID',
  'Version',
  'Level',
  'Task',
  'Opcode',
  'EventRecordID',
  'Execution_ProcessID',
  'Execution_ThreadID',
]);

/** Names of the System part; a field of the event's data that has one of them is kept as `EventData_<name>`. */
const SYSTEM_NAMES: ReadonlySet<string> = new Set([
  ...INTEGERS,
  'Keywords',
  'Channel',
  'Computer',
  'Message',
]);

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string, or the text of a number or boolean; undefined for what is empty or not a scalar. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return undefined;
}

/** A non-negative whole number, also from its decimal digits; undefined for anything else. */
export function integer(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text === '' || text.length > INTEGER_MAX_LENGTH) return undefined;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return undefined;
  }
  return Number(text);
}

/** Sets a System field, as a number where Windows has a number; nothing for null and empty values. */
export function setSystem(native: Native, name: string, value: unknown): void {
  if (value === null || value === undefined || value === '' || name === '__proto__') return;
  native[name] = INTEGERS.has(name) ? (integer(value) ?? value) : value;
}

/**
 * Sets a field of the event's own data. Sigma strips spaces from such names (`Threat Name` is `ThreatName`); a name that
 * comes twice becomes a list.
 */
export function setData(native: Native, rawName: string, value: unknown): void {
  const plain = rawName.includes(' ') ? rawName.replaceAll(' ', '') : rawName;
  const name = SYSTEM_NAMES.has(plain) && Object.hasOwn(native, plain) ? `EventData_${plain}` : plain;
  if (name === '' || name === '__proto__' || value === null || value === undefined) return;
  const before = Object.hasOwn(native, name) ? native[name] : undefined;
  if (before === undefined) native[name] = value;
  else native[name] = Array.isArray(before) ? [...(before as unknown[]), value] : [before, value];
}
