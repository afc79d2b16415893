import type { AlertOverview } from '../../../api/contract/index.ts';
import { resolveBound, type TimeRange } from '../time/range.ts';

/** One bar of the histogram; times in milliseconds. */
export interface Bar {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

const BARS_MAX = 240;

/**
 * The histogram without its gaps: a bar for every interval of the range, also where nothing happened. A range without a
 * start, or one that would need too many bars, begins at the first alert.
 */
export function barsOf(
  histogram: AlertOverview['histogram'],
  range: TimeRange,
  nowMs: number,
): readonly Bar[] {
  const { interval_ms: interval } = histogram;
  const counts = new Map(histogram.buckets.map((bucket) => [Date.parse(bucket.start), bucket.count]));
  const starts = [...counts.keys()].sort((a, b) => a - b);
  const [first] = starts;
  const last = starts.at(-1);
  if (interval <= 0) return [];
  const align = (time: number) => Math.floor(time / interval) * interval;
  const to = Math.max(resolveBound(range.to, nowMs) ?? nowMs, last ?? 0);
  let from = resolveBound(range.from, nowMs) ?? first ?? to;
  if ((to - from) / interval > BARS_MAX) from = first ?? to;
  const bars: Bar[] = [];
  for (let start = align(from); start < to || bars.length === 0; start += interval) {
    if (bars.length === BARS_MAX) break;
    bars.push({ start, end: start + interval, count: counts.get(start) ?? 0 });
  }
  return bars;
}

/** The range that bars `a` to `b` cover, in either order. */
export function rangeOfBars(bars: readonly Bar[], a: number, b: number): TimeRange | undefined {
  const first = bars[Math.min(a, b)];
  const last = bars[Math.max(a, b)];
  if (first === undefined || last === undefined) return undefined;
  return { from: new Date(first.start).toISOString(), to: new Date(last.end).toISOString() };
}
