/** Things to do at whole seconds of a watermark: adding is cheap, and what is due comes out in order of its second. */
export class DueQueue<T> {
  readonly #bySecond = new Map<number, T[]>();
  /** Nothing waits at an earlier second. */
  #from = Infinity;

  /** Whether something may be due at a watermark. */
  isDue(watermark: number): boolean {
    return this.#from <= watermark && this.#bySecond.size > 0;
  }

  add(second: number, thing: T): void {
    if (second === Infinity) return;
    if (second < this.#from) this.#from = second;
    const bucket = this.#bySecond.get(second);
    if (bucket === undefined) this.#bySecond.set(second, [thing]);
    else bucket.push(thing);
  }

  /** Takes out everything due at a watermark. */
  take(watermark: number): T[] {
    const taken: T[] = [];
    if (!this.isDue(watermark)) return taken;
    for (const second of dueSeconds(this.#bySecond, this.#from, watermark)) {
      for (const thing of this.#bySecond.get(second) ?? []) taken.push(thing);
      this.#bySecond.delete(second);
    }
    this.#from = watermark + 1000;
    return taken;
  }
}

/** The seconds of a map that a watermark has reached, in order: step by step, or all keys where that is less work. */
function dueSeconds(
  bySecond: ReadonlyMap<number, unknown>,
  from: number,
  watermark: number,
): readonly number[] {
  if ((watermark - from) / 1000 > bySecond.size)
    return [...bySecond.keys()].filter((second) => second <= watermark).toSorted((a, b) => a - b);
  const seconds: number[] = [];
  for (let second = from; second <= watermark; second += 1000) if (bySecond.has(second)) seconds.push(second);
  return seconds;
}
