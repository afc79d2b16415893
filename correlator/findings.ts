import { alertToDocument, type Alert, type Level } from '../platform/alert.ts';
import { timedId } from '../platform/ids.ts';
import type { NewDocument } from '../platform/index/port.ts';
import type { LogRecord } from '../platform/record.ts';
import type { SequenceVerdict } from './sequence.ts';

const HOUR_MS = 3_600_000;

/** What Canh itself finds, told as alerts like those of rules. */
const findings = {
  'canh-sequence-gap': {
    title: 'Records of a collector were lost',
    level: 'high',
    description: 'The numbers of a collector’s records jump: records that it had spooled never arrived.',
  },
  'canh-collector-restored': {
    title: 'A collector continues from an older state',
    level: 'medium',
    description:
      'A collector’s disk was restored or its machine was cloned: it goes on from a number already passed.',
  },
} as const satisfies Record<
  string,
  { readonly title: string; readonly level: Level; readonly description: string }
>;

/** The integrity alert for a gap or a restored collector; one for each subject and hour of acceptance. */
export function integrityAlert(
  record: LogRecord,
  verdict: Extract<SequenceVerdict, { kind: 'gap' | 'restored' }>,
): NewDocument {
  const finding = verdict.kind === 'gap' ? 'canh-sequence-gap' : 'canh-collector-restored';
  const detail =
    verdict.kind === 'gap'
      ? `${record.collector}, epoch ${verdict.epoch}: records ${verdict.from} to ${verdict.to} are missing.`
      : `${record.collector} continues after record ${verdict.continued} of epoch ${verdict.epoch}, which had reached ${verdict.last}.`;
  const subject = `${record.collector} ${verdict.epoch}`;
  const hour = Math.floor(record.accepted / HOUR_MS);
  const { title, level, description } = findings[finding];
  const alert: Alert = {
    id: timedId(hour * HOUR_MS, [finding, record.agency, subject, hour]),
    agency: record.agency,
    time: record.accepted,
    accepted: record.accepted,
    rule: {
      id: finding,
      title,
      level,
      hash: finding,
      description: `${description} ${detail}`,
      references: [],
      falsepositives: [],
      tags: [],
    },
    tactics: [],
    techniques: [],
    entities: [{ type: 'host', value: record.collector }],
    ecs: { host: { name: record.collector } },
    explanation: undefined,
    events: [],
    foldKey: `${finding}|host:${record.collector}`,
    state: 'new',
    revision: 1,
  };
  return { id: alert.id, agency: alert.agency, time: alert.time, body: alertToDocument(alert) };
}
