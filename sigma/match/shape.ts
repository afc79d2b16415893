/** Names longer than this, or more names than so many, are not remembered: they are looked up each time. */
const nameCharsMax = 128;
const namesMax = 4096;
/** Alternatives after one name; a field that may be called anything makes no more. */
const siblingsMax = 24;

/** A name at its place in the order of an event's names, and what it stands for. */
export interface Step<T> {
  readonly name: string;
  readonly meaning: T | undefined;
  first: Step<T> | undefined;
  sibling: Step<T> | undefined;
  /** Where the names of a further object begin. */
  behind: Step<T> | undefined;
  /** Behind the last name: what must be asked for although no name stands for it. */
  asks: readonly T[] | undefined;
  /** Found again by the events to come. */
  readonly kept: boolean;
}

/**
 * The orders in which events of one kind name their fields. Events of one product repeat a few orders, so comparing
 * with the name expected next is cheaper than a look-up of every name.
 */
export class Shapes<T> {
  readonly root: Step<T> = step<T>('', undefined, true);
  readonly #meaningOf: (name: string) => T | undefined;
  #count = 0;

  constructor(meaningOf: (name: string) => T | undefined) {
    this.#meaningOf = meaningOf;
  }

  /** The step for a name after another, not found among its followers. */
  extend(after: Step<T>, name: string): Step<T> {
    let followers = 0;
    for (let each = after.first; each !== undefined; each = each.sibling) followers += 1;
    const kept =
      after.kept && name.length <= nameCharsMax && this.#count < namesMax && followers < siblingsMax;
    const meaning = this.#meaningOf(name);
    const made = step(name, meaning, kept);
    if (kept) {
      this.#count += 1;
      made.sibling = after.first;
      after.first = made;
    }
    return made;
  }

  /** The step behind all names of a further object. */
  over(after: Step<T>, object: object): Step<T> {
    let at = (after.behind ??= step<T>('', undefined, after.kept));
    for (const name in object) {
      let next = at.first;
      while (next !== undefined && next.name !== name) next = next.sibling;
      at = next ?? this.extend(at, name);
    }
    return at;
  }
}

function step<T>(name: string, meaning: T | undefined, kept: boolean): Step<T> {
  return {
    name,
    meaning,
    first: undefined,
    sibling: undefined,
    behind: undefined,
    asks: undefined,
    kept,
  };
}
