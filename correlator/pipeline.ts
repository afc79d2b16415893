import { createNormaliser } from '../integrations/index.ts';
import type { Delivered } from '../platform/bus/port.ts';
import { messageOf } from '../platform/errors/index.ts';
import { eventToDocument, type Event, type JsonObject, type JsonValue } from '../platform/event.ts';
import type { NewDocument } from '../platform/index/port.ts';
import type { CorrelatorStats, StatePart } from '../sigma/index.ts';
import { decodeEntry, encodeEntry, isTick, type BusEntry, type LogRecord } from '../platform/record.ts';
import { deadLetter, type DeadLetterReason } from './dead-letters.ts';
import { createDetector, type DetectorOptions } from './detect.ts';
import { integrityAlert } from './findings.ts';
import type { Raised } from './raised.ts';
import type { Rulebook } from './rulebook.ts';
import { createSequence, type Sequence, type SequenceSnapshot } from './sequence.ts';
import { createSources, isUnparsed } from './sources.ts';

/** What a batch of bus messages comes to; writing it twice changes nothing. */
export interface Outcome {
  readonly events: readonly NewDocument[];
  readonly alerts: readonly NewDocument[];
  /** Alerts of correlations as they stood when they were raised, oldest first; one may come several times. */
  readonly raised: readonly Raised[];
  readonly deadLetters: readonly NewDocument[];
  readonly counts: Counts;
  /** The partition's clock after the batch, in milliseconds. */
  readonly clock: number;
}

export interface Counts {
  records: number;
  duplicates: number;
  lost: number;
  unparsed: number;
}

/**
 * State that a batch leaves behind; with it, the correlations' state and the next offset, a restart goes on as if nothing
 * had happened.
 */
export interface PipelineSnapshot {
  /** The partition's clock: the largest acceptance seen, in milliseconds. */
  readonly clock: number;
  readonly sequence: SequenceSnapshot;
  readonly normaliser: JsonValue;
  readonly sources: JsonValue;
}

export interface Pipeline {
  /** Pure but for its own state: no clock, no randomness, no I/O. */
  process(batch: readonly Delivered[]): Outcome;
  /** Goes on with other rules. */
  reload(rulebook: Rulebook): void;
  snapshot(): PipelineSnapshot;
  /** Parts of the correlations' state that changed since the last call. */
  changedState(): readonly StatePart[];
  /** Documents of the sources that changed since the last call. */
  changedSources(): readonly NewDocument[];
  correlationStats(): CorrelatorStats;
}

interface Collected {
  readonly events: NewDocument[];
  readonly alerts: NewDocument[];
  readonly raised: Raised[];
  readonly deadLetters: NewDocument[];
  readonly counts: Counts;
}

export interface PipelineOptions extends DetectorOptions {
  readonly snapshot?: PipelineSnapshot | undefined;
}

/** normalise → detect → correlate, for one partition. */
export function createPipeline({ snapshot, ...options }: PipelineOptions): Pipeline {
  const detector = createDetector(options);
  let clock = snapshot?.clock ?? 0;
  const sequence = createSequence(snapshot?.sequence);
  const sources = createSources(snapshot?.sources);
  let poison: { readonly record: LogRecord; readonly error: unknown }[] = [];
  const normaliser = createNormaliser({
    ...(snapshot === undefined ? {} : { snapshot: snapshot.normaliser }),
    onFailure: (record, error) => poison.push({ record, error }),
  });

  const bury = (out: Collected, reason: DeadLetterReason, original: string, offset: number): void => {
    out.deadLetters.push(deadLetter({ ...reason, original, at: clock, subject: `offset ${offset}` }));
  };

  const detect = (event: Event, out: Collected): void => {
    const document = eventToDocument(event);
    out.events.push({ id: event.id, agency: event.agency, time: event.time, body: document });
    sources.count(event);
    if (isUnparsed(event)) out.counts.unparsed += 1;
    const { alerts, raised } = detector.detect(event, document, clock);
    out.alerts.push(...alerts);
    out.raised.push(...raised);
  };

  return {
    process: (batch) => {
      const out: Collected = {
        events: [],
        alerts: [],
        raised: [],
        deadLetters: [],
        counts: { records: 0, duplicates: 0, lost: 0, unparsed: 0 },
      };
      for (const { value, offset } of batch) {
        let entry: BusEntry;
        try {
          entry = decodeEntry(value);
        } catch (error) {
          bury(out, { code: 'record_undecodable', reason: messageOf(error), agency: '' }, value, offset);
          continue;
        }
        clock = Math.max(clock, isTick(entry) ? entry.tick : entry.accepted);
        if (!isTick(entry) && !admit(entry, sequence, out)) continue;
        for (const event of normaliser.push(entry)) detect(event, out);
        if (isTick(entry)) out.raised.push(...detector.tick(clock));
        for (const { record, error } of poison) {
          bury(
            out,
            { code: 'record_poison', reason: messageOf(error), agency: record.agency },
            encodeEntry(record),
            offset,
          );
        }
        poison = [];
      }
      return { ...out, clock };
    },
    reload: (rulebook) => detector.reload(rulebook),
    snapshot: () => ({
      clock,
      sequence: sequence.snapshot(),
      normaliser: normaliser.snapshot(),
      sources: sources.snapshot(),
    }),
    changedState: () => detector.changedState(),
    changedSources: () => sources.changed(),
    correlationStats: () => detector.stats(),
  };
}

/** True when the record is new and goes on; lost ones before it become an integrity alert. */
function admit(record: LogRecord, sequence: Sequence, out: Collected): boolean {
  out.counts.records += 1;
  const verdict = sequence.judge(record);
  switch (verdict.kind) {
    case 'duplicate':
      out.counts.duplicates += 1;
      return false;
    case 'gap':
      out.counts.lost += verdict.to - verdict.from + 1;
      out.alerts.push(integrityAlert(record, verdict));
      return true;
    case 'restored':
      out.alerts.push(integrityAlert(record, verdict));
      return true;
    case 'next':
      return true;
  }
}

/** The snapshot as it lies in the manifest. */
export function snapshotToJson(snapshot: PipelineSnapshot): JsonObject {
  return snapshot as unknown as JsonObject;
}
