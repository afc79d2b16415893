import type { LogRecord } from '../platform/record.ts';

/** Epochs remembered for each collector; a collector draws one at every start. */
export const EPOCHS_MAX = 64;

/** How a record stands to those before it. */
export type SequenceVerdict =
  | { readonly kind: 'next' }
  | { readonly kind: 'duplicate' }
  /** Records `from` to `to` of this epoch never arrived. */
  | { readonly kind: 'gap'; readonly epoch: string; readonly from: number; readonly to: number }
  /** The collector continues from an older state than the SOC has seen: a restored disk or a cloned machine. */
  | { readonly kind: 'restored'; readonly epoch: string; readonly last: number; readonly continued: number };

export interface SequenceSnapshot {
  /** Collector → epochs in order of their first record, each with its last number. */
  readonly collectors: Readonly<Record<string, readonly (readonly [epoch: string, last: number])[]>>;
}

export interface Sequence {
  /** Judges a record and remembers it. */
  judge(record: LogRecord): SequenceVerdict;
  snapshot(): SequenceSnapshot;
}

/**
 * Remembers one number for each (collector, epoch): a number not above it is a duplicate, a jump above it is proven loss
 *.
 */
export function createSequence(snapshot?: SequenceSnapshot): Sequence {
  const collectors = new Map<string, Map<string, number>>();
  for (const [collector, epochs] of Object.entries(snapshot?.collectors ?? {}))
    collectors.set(collector, new Map(epochs));

  return {
    judge: (record) => {
      const epochs = collectors.get(record.collector) ?? new Map<string, number>();
      collectors.set(record.collector, epochs);
      const last = epochs.get(record.epoch);
      if (last !== undefined && record.seq <= last) return { kind: 'duplicate' };
      const verdict = last === undefined ? judgeFirst(record, epochs) : judgeNext(record, last);
      epochs.set(record.epoch, record.seq);
      const [oldest] = epochs.keys();
      if (epochs.size > EPOCHS_MAX && oldest !== undefined) epochs.delete(oldest);
      return verdict;
    },
    snapshot: () => ({
      collectors: Object.fromEntries([...collectors].map(([collector, epochs]) => [collector, [...epochs]])),
    }),
  };
}

function judgeNext(record: LogRecord, last: number): SequenceVerdict {
  if (record.seq === last + 1) return { kind: 'next' };
  return { kind: 'gap', epoch: record.epoch, from: last + 1, to: record.seq - 1 };
}

/** The first record seen of an epoch: it should be number 1 and continue where the epoch before ended. */
function judgeFirst(record: LogRecord, epochs: ReadonlyMap<string, number>): SequenceVerdict {
  if (record.seq > 1) return { kind: 'gap', epoch: record.epoch, from: 1, to: record.seq - 1 };
  const { previous } = record;
  if (previous === undefined || previous === null) return { kind: 'next' };
  const last = epochs.get(previous.epoch);
  if (last === undefined) {
    const known = epochs.size > 0 && previous.seq > 0;
    return known ? { kind: 'gap', epoch: previous.epoch, from: 1, to: previous.seq } : { kind: 'next' };
  }
  if (previous.seq > last) return { kind: 'gap', epoch: previous.epoch, from: last + 1, to: previous.seq };
  if (previous.seq < last) return { kind: 'restored', epoch: previous.epoch, last, continued: previous.seq };
  return { kind: 'next' };
}
