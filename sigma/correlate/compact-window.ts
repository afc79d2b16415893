/**
 * The largest figure of any window that a match closes, of the matches of one group by arrival: how many there are, or
 * how many values where these are given. Of one time all count, which is no less than the truth.
 */
export function mostInWindow(
  times: readonly number[],
  values: readonly number[] | undefined,
  timespanMs: number,
): number {
  const order = inOrder(times);
  const counts = new Map<number, number>();
  let most = 0;
  let figure = 0;
  let from = 0;
  for (const closing of order) {
    const after = (times[closing] ?? 0) - timespanMs;
    figure += values === undefined ? 1 : change(counts, values[closing] ?? 0, 1);
    for (
      let oldest = order[from] ?? closing;
      (times[oldest] ?? 0) <= after;
      oldest = order[from] ?? closing
    ) {
      figure -= values === undefined ? 1 : change(counts, values[oldest] ?? 0, -1);
      from += 1;
    }
    if (figure > most) most = figure;
  }
  return most;
}

/** Places in ascending order of their times. */
function inOrder(times: readonly number[]): readonly number[] {
  const places = times.map((_, at) => at);
  const sorted = times.every((time, at) => at === 0 || (times[at - 1] ?? 0) <= time);
  return sorted ? places : places.toSorted((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
}

/** Counts a value up or down; 1 where that changes whether it is there. */
function change(counts: Map<number, number>, value: number, by: 1 | -1): number {
  const before = counts.get(value) ?? 0;
  counts.set(value, before + by);
  return (by === 1 ? before : before - 1) === 0 ? 1 : 0;
}
