import { Trie } from './trie.ts';

/** States near the root have a full row of next states, at most so many: most steps over a text are among them. */
const rowsMax = 4096;
const rowDepthMax = 2;
/** Characters from here on have no place in rows; they are rare in logs, and would widen every row. */
const rowChars = 128;

/**
 * Finds every one of a set of texts in one pass (Aho and Corasick, 1975). States are numbered by depth; the first have
 * rows over the ASCII characters that occur in the texts, the others edges in a hash table and a link to the longest
 * end of what they stand for.
 */
export class AhoCorasick {
  readonly #trie: Trie;
  readonly #fail: Int32Array;
  /** The state itself, or the nearest along the links, at which a text ends; 0 where there is none. */
  readonly #ends: Int32Array;
  /** Number of the text that ends at a state, from 1. */
  readonly #text: Int32Array;
  readonly #classes = new Uint8Array(rowChars);
  readonly #width: number;
  readonly #rows: Int32Array;
  readonly #rowCount: number;
  /** When a text was last found, so that each is reported once. */
  readonly #seen: Uint32Array;
  #stamp = 0;

  /** @param texts distinct, none empty. */
  constructor(texts: readonly string[]) {
    const { trie, textOf, parents, chars, depths } = numbered(texts);
    this.#trie = trie;
    this.#text = textOf;
    let classes = 0;
    trie.forEach((_, char) => {
      if (char < rowChars && this.#classes[char] === 0) this.#classes[char] = ++classes;
    });
    this.#width = classes + 1;
    this.#fail = new Int32Array(trie.size);
    this.#ends = new Int32Array(trie.size);
    this.#seen = new Uint32Array(texts.length + 1);
    let rowCount = 0;
    while (rowCount < Math.min(rowsMax, trie.size) && (depths[rowCount] ?? 0) <= rowDepthMax) rowCount++;
    this.#rowCount = rowCount;
    this.#rows = new Int32Array(rowCount * this.#width);
    for (let state = 0; state < trie.size; state++) {
      const fail = this.#failOf(state, parents[state] ?? 0, chars[state] ?? 0);
      this.#fail[state] = fail;
      this.#ends[state] = textOf[state] === 0 ? (this.#ends[fail] ?? 0) : state;
      if (state < rowCount) this.#fillRow(state, fail);
    }
  }

  /** Adds to `found` the number of every text that occurs in a text, each once, in no particular order. */
  find(text: string, found: number[]): void {
    if (++this.#stamp > 0xfffffff0) {
      this.#seen.fill(0);
      this.#stamp = 1;
    }
    const rows = this.#rows;
    const classes = this.#classes;
    const width = this.#width;
    const rowCount = this.#rowCount;
    const ends = this.#ends;
    let state = 0;
    for (let index = 0; index < text.length; index++) {
      const char = text.charCodeAt(index);
      if (char < rowChars) {
        const charClass = classes[char] ?? 0;
        if (charClass === 0) state = 0;
        else if (state < rowCount) state = rows[state * width + charClass] ?? 0;
        else state = this.#step(state, char, charClass);
      } else {
        state = this.#stepWide(state, char);
      }
      if (state !== 0 && ends[state] !== 0) this.#report(ends[state] ?? 0, found);
    }
  }

  get bytes(): number {
    return this.#trie.bytes + this.#rows.byteLength + this.#fail.byteLength * 3 + this.#seen.byteLength;
  }

  #step(from: number, char: number, charClass: number): number {
    let state = from;
    while (state >= this.#rowCount) {
      const next = this.#trie.next(state, char);
      if (next !== 0) return next;
      state = this.#fail[state] ?? 0;
    }
    return this.#rows[state * this.#width + charClass] ?? 0;
  }

  #stepWide(from: number, char: number): number {
    let state = from;
    for (;;) {
      const next = this.#trie.next(state, char);
      if (next !== 0 || state === 0) return next;
      state = this.#fail[state] ?? 0;
    }
  }

  #report(end: number, found: number[]): void {
    for (let state = end; state !== 0; state = this.#ends[this.#fail[state] ?? 0] ?? 0) {
      const number = this.#text[state] ?? 0;
      // What ends further along the links was reported together with it.
      if (this.#seen[number] === this.#stamp) return;
      this.#seen[number] = this.#stamp;
      found.push(number - 1);
    }
  }

  #failOf(state: number, parent: number, char: number): number {
    return state === 0 || parent === 0 ? 0 : this.#stepWide(this.#fail[parent] ?? 0, char);
  }

  #fillRow(state: number, fail: number): void {
    const start = state * this.#width;
    if (state !== 0) this.#rows.copyWithin(start, fail * this.#width, (fail + 1) * this.#width);
    for (let char = 0; char < rowChars; char++) {
      const charClass = this.#classes[char] ?? 0;
      const next = charClass === 0 ? 0 : this.#trie.next(state, char);
      if (next !== 0) this.#rows[start + charClass] = next;
    }
  }
}

/** A trie of the texts whose states are numbered by depth, and for each state its text, parent, character and depth. */
function numbered(texts: readonly string[]): {
  readonly trie: Trie;
  readonly textOf: Int32Array;
  readonly parents: Int32Array;
  readonly chars: Uint16Array;
  readonly depths: Int32Array;
} {
  const draft = new Trie();
  const endings = texts.map((text) => draft.add(text));
  const size = draft.size;
  const [from, by, deep] = [new Int32Array(size), new Uint16Array(size), new Int32Array(size)];
  draft.forEach((state, char, to) => {
    from[to] = state;
    by[to] = char;
  });
  // A state is made after its parent, so one pass in the order of making knows the parent's depth.
  let deepest = 0;
  for (let state = 1; state < size; state++)
    deepest = Math.max(deepest, (deep[state] = (deep[from[state] ?? 0] ?? 0) + 1));
  const starts = new Int32Array(deepest + 2);
  for (const depth of deep) starts[depth + 1] = (starts[depth + 1] ?? 0) + 1;
  for (let depth = 1; depth < starts.length; depth++)
    starts[depth] = (starts[depth] ?? 0) + (starts[depth - 1] ?? 0);
  const place = Int32Array.from(deep, (depth) => (starts[depth] = (starts[depth] ?? 0) + 1) - 1);
  const trie = new Trie();
  const [parents, chars, depths] = [new Int32Array(size), new Uint16Array(size), new Int32Array(size)];
  for (let state = 1; state < size; state++) {
    const [at, parent] = [place[state] ?? 0, place[from[state] ?? 0] ?? 0];
    parents[at] = parent;
    chars[at] = by[state] ?? 0;
    depths[at] = deep[state] ?? 0;
    trie.link(parent, by[state] ?? 0, at);
  }
  const textOf = new Int32Array(size);
  for (const [number, state] of endings.entries()) textOf[place[state] ?? 0] = number + 1;
  return { trie, textOf, parents, chars, depths };
}
