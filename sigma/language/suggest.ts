/** Longer words are not compared: nobody misspells them by two letters. */
const wordCharsMax = 64;

/** The candidate nearest to a misspelt word, or undefined where none is near enough to be meant. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > wordCharsMax) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(reach, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    // Each letter more or less is one step.
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Words further from each other are never taken for each other. */
const reach = 2;
/** Of a row of distances only what is so close to the diagonal can lead to one within reach. */
const width = 2 * reach + 1;
const far = 100;

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment), as far as `reach`. */
function editDistance(a: string, b: string): number {
  let beforeLast = new Int32Array(width).fill(far);
  let last = Int32Array.from(beforeLast, (_, k) => (k < reach ? far : k - reach));
  let row = new Int32Array(width);
  for (let i = 1; i <= a.length; i++) {
    for (let k = 0; k < width; k++) {
      const j = i + k - reach;
      let cost = j === 0 ? i : far;
      if (j > 0 && j <= b.length) {
        const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
        cost = (last[k] ?? far) + (same ? 0 : 1);
        if (k + 1 < width) cost = Math.min(cost, (last[k + 1] ?? far) + 1);
        if (k > 0) cost = Math.min(cost, (row[k - 1] ?? far) + 1);
        if (
          i > 1 &&
          j > 1 &&
          a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
          a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
        )
          cost = Math.min(cost, (beforeLast[k] ?? far) + 1);
      }
      row[k] = cost;
    }
    [beforeLast, last, row] = [last, row, beforeLast];
  }
  return last[b.length - a.length + reach] ?? far;
}

/** Looks up the nearest word so often and among so many that reading a document stays quick, whatever is in it. */
export class Suggestions {
  #left: number;

  constructor(comparisonsMax = 20_000) {
    this.#left = comparisonsMax;
  }

  nearest(word: string, candidates: readonly string[]): string | undefined {
    this.#left -= candidates.length + 1;
    return this.#left < 0 ? undefined : nearest(word, candidates);
  }
}
