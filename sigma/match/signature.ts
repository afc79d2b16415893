/** What is known of a value: which predicates of its field are true of it. Equal knowledge is the same object. */
export interface Signature {
  /** Unique within a pool. */
  readonly id: number;
  /** Ascending. */
  readonly trues: readonly number[];
  /** Predicates that have not been run on the value, because what is needed for them is there. Ascending. */
  readonly unknowns: readonly number[];
  /** Nothing is true or unknown. */
  readonly silent: boolean;
  /** The value may hold what a keyword search wants. */
  readonly keyword: boolean;
}

/** Counts what an index remembers, so that all of it can be forgotten when it becomes too much. */
export class Pool {
  readonly #entriesMax: number;
  readonly #charsMax: number;
  /** Signatures and states. */
  entries = 0;
  /** Characters of remembered values. */
  chars = 0;
  #lastId = 0;

  constructor(entriesMax: number, charsMax: number) {
    this.#entriesMax = entriesMax;
    this.#charsMax = charsMax;
  }

  get full(): boolean {
    return this.entries > this.#entriesMax || this.chars > this.#charsMax;
  }

  nextId(): number {
    this.entries += 1;
    return (this.#lastId = (this.#lastId + 1) & 0x3fffffff);
  }
}

/** The signatures of one field's values. */
export class Signatures {
  readonly #pool: Pool;
  readonly #known = new Map<string, Signature>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The signature of these predicates, in any order and any number of times; what is true is not unknown. */
  of(trues: readonly number[], unknowns: readonly number[], keyword = false): Signature {
    const held = ascending(trues);
    const open = ascending(unknowns).filter((id) => !held.includes(id));
    const key = `${held.join()}|${open.join()}|${keyword}`;
    let signature = this.#known.get(key);
    if (signature === undefined) {
      const silent = held.length === 0 && open.length === 0;
      signature = { id: this.#pool.nextId(), trues: held, unknowns: open, silent, keyword };
      this.#known.set(key, signature);
    }
    return signature;
  }

  /** The same, once the outcome of an unknown predicate is known. */
  settled({ trues, unknowns, keyword }: Signature, id: number, outcome: boolean): Signature {
    return this.of(
      outcome ? [...trues, id] : trues,
      unknowns.filter((each) => each !== id),
      keyword,
    );
  }

  forget(): void {
    this.#known.clear();
  }
}

function ascending(ids: readonly number[]): readonly number[] {
  return ids.length < 2 ? ids.slice() : [...new Set(ids)].sort((a, b) => a - b);
}
