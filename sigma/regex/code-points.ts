/** A set of code points: first and last of each range, ascending, with gaps between ranges. */
export type CodePoints = readonly number[];

export const codePointMax = 0x10ffff;

/** Brings ranges in any order, overlapping or not, into the form of `CodePoints`. */
export function codePoints(ranges: readonly number[]): CodePoints {
  const pairs: [number, number][] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2) pairs.push([ranges[i] ?? 0, ranges[i + 1] ?? 0]);
  pairs.sort((a, b) => a[0] - b[0]);
  const set: number[] = [];
  for (const [first, last] of pairs) {
    const end = set.at(-1);
    if (end !== undefined && first <= end + 1) set[set.length - 1] = Math.max(end, last);
    else set.push(first, last);
  }
  return set;
}

/** Every code point that is not in the set. */
export function complement(set: CodePoints): CodePoints {
  const rest: number[] = [];
  let next = 0;
  for (let i = 0; i < set.length; i += 2) {
    const first = set[i] ?? 0;
    if (first > next) rest.push(next, first - 1);
    next = (set[i + 1] ?? 0) + 1;
  }
  if (next <= codePointMax) rest.push(next, codePointMax);
  return rest;
}

export function hasCodePoint(set: CodePoints, code: number): boolean {
  let low = 0;
  let high = set.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (code > (set[2 * middle + 1] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return code >= (set[2 * low] ?? Infinity);
}

/** The members, or undefined where there are more than `max`. */
export function membersOf(set: CodePoints, max: number): readonly number[] | undefined {
  const members: number[] = [];
  for (let i = 0; i < set.length; i += 2) {
    const [first, last] = [set[i] ?? 0, set[i + 1] ?? 0];
    if (members.length + last - first >= max) return undefined;
    for (let code = first; code <= last; code++) members.push(code);
  }
  return members;
}

/**
 * Ranges of ASCII with the other case of every letter in them. Simple folding of Unicode also makes the long s an `s`
 * and the sign of Kelvin a `k`.
 */
export function foldAscii(ranges: readonly number[]): readonly number[] {
  const folded = [...ranges];
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const [first, last] = [ranges[i] ?? 0, ranges[i + 1] ?? 0];
    for (const [start, shift] of [
      [0x41, 0x20],
      [0x61, -0x20],
    ] as const) {
      const [from, to] = [Math.max(first, start), Math.min(last, start + 25)];
      if (from > to) continue;
      folded.push(from + shift, to + shift);
      if (from <= start + 10 && to >= start + 10) folded.push(0x212a, 0x212a);
      if (from <= start + 18 && to >= start + 18) folded.push(0x17f, 0x17f);
    }
  }
  return folded;
}
