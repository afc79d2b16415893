/** Finds the line and column of an offset into a text. */
export class Lines {
  readonly #text: string;
  /** Offsets at which lines begin; made when first asked for. */
  #starts: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Line and column of a character, both from 1. */
  linePos(offset: number): { readonly line: number; readonly col: number } {
    const starts = (this.#starts ??= startsOf(this.#text));
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    // No editor counts a byte order mark.
    const mark = low === 0 && this.#text.startsWith('\ufeff') ? 1 : 0;
    return { line: low + 1, col: Math.max(1, offset - (starts[low] ?? 0) + 1 - mark) };
  }
}

function startsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
