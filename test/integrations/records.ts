import type { BusEntry, Hints, LogRecord } from '../../platform/record.ts';
import type { Event } from '../../platform/event.ts';
import { createNormaliser } from '../../integrations/index.ts';

/** 23 November 2026, 03:00:00 UTC: when the records of these tests are accepted. */
export const ACCEPTED = Date.UTC(2026, 10, 23, 3, 0, 0);

/** A record of one collector, numbered `seq`. */
export function recordOf(seq: number, line: string | Uint8Array, more: Partial<LogRecord> = {}): LogRecord {
  return {
    agency: 'so-tttt',
    collector: 'c1',
    epoch: 'e1',
    seq,
    accepted: ACCEPTED,
    received: ACCEPTED,
    input: 'file-1',
    line,
    hints: {},
    ...more,
  };
}

/** The events of lines that arrive one after another. */
export function eventsOf(lines: readonly string[], hints: Hints = {}): readonly Event[] {
  return eventsOfEntries(lines.map((line, index) => recordOf(index + 1, line, { hints })));
}

/** The events of a whole bus log. */
export function eventsOfEntries(entries: readonly BusEntry[]): readonly Event[] {
  const normaliser = createNormaliser();
  return [...entries.flatMap((entry) => normaliser.push(entry)), ...normaliser.end()];
}
