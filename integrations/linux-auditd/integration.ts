import type { Integration, Line, ParsedEvent } from '../contract.ts';
import { auditd, auditEvent, fileEvent, networkConnection, processCreation } from './audit-event.ts';
import { readHead, readRecord, type AuditRecord } from './record-text.ts';
import { endsSerial, hasCompanions } from './types.ts';

/** The kernel writes the records of a serial at once; this covers a slow relay. */
const TIMEOUT_MS = 2000;
/** A call has a record for each file and each thousand arguments; past this it is no ordinary one. */
const LINES_MAX = 256;

/**
 * The Linux audit system: `audit.log` raw or enriched, what audispd and the kernel write to syslog, and the journal. All
 * records of one serial are one event.
 */
export const linuxAuditd: Integration = {
  id: 'linux-auditd',
  version: 1,
  products: ['linux'],
  logsources: [auditd, processCreation, fileEvent, networkConnection],
  parse: (line) => parseLines([line]),
  joining: {
    key(line) {
      const head = readHead(line.message, line.envelope?.app);
      if (head?.stamp === undefined || !hasCompanions(head.type)) return undefined;
      return `${head.node ?? line.envelope?.host ?? ''} ${head.stamp.time}:${head.stamp.serial}`;
    },
    isLast(line) {
      const type = readHead(line.message, line.envelope?.app)?.type;
      return type !== undefined && endsSerial(type);
    },
    timeoutMs: TIMEOUT_MS,
    linesMax: LINES_MAX,
    parse: parseLines,
  },
};

function parseLines(lines: readonly Line[]): readonly ParsedEvent[] | undefined {
  const records: AuditRecord[] = [];
  for (const { message, envelope } of lines) {
    const record = readRecord(message, envelope?.app);
    if (record !== undefined) records.push(record);
  }
  const [first] = lines;
  return first === undefined || records.length === 0 ? undefined : [auditEvent(records, first)];
}
