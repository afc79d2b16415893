/**
 * Texts as paths of states, the root being 0. Edges are in one open-addressed table, so a state costs some twenty bytes
 * whatever the alphabet.
 */
export class Trie {
  #from = new Int32Array(64).fill(-1);
  #chars = new Uint16Array(64);
  #to = new Int32Array(64);
  #edges = 0;
  /** Number of states, the root among them. */
  size = 1;

  /** The state behind an edge; 0 where there is none, for none leads back to the root. */
  next(state: number, char: number): number {
    const from = this.#from;
    const mask = from.length - 1;
    let at = slot(state, char) & mask;
    for (;;) {
      const found = from[at];
      if (found === -1) return 0;
      if (found === state && this.#chars[at] === char) return this.#to[at] ?? 0;
      at = (at + 1) & mask;
    }
  }

  /** The state at the end of a text, made where it is new; `backwards` reads the text from its end. */
  add(text: string, backwards = false): number {
    let state = 0;
    for (let index = 0; index < text.length; index++) {
      const char = text.charCodeAt(backwards ? text.length - 1 - index : index);
      const next = this.next(state, char);
      state = next === 0 ? this.link(state, char, this.size) : next;
    }
    return state;
  }

  /** Puts in an edge that is not there. */
  link(state: number, char: number, to: number): number {
    if (++this.#edges * 3 > this.#from.length * 2) this.#grow();
    this.#put(state, char, to);
    if (to >= this.size) this.size = to + 1;
    return to;
  }

  /** Calls with every edge, in no particular order. */
  forEach(call: (state: number, char: number, to: number) => void): void {
    for (let at = 0; at < this.#from.length; at++) {
      const state = this.#from[at] ?? -1;
      if (state >= 0) call(state, this.#chars[at] ?? 0, this.#to[at] ?? 0);
    }
  }

  get bytes(): number {
    return this.#from.length * 10;
  }

  #put(state: number, char: number, to: number): void {
    const mask = this.#from.length - 1;
    let at = slot(state, char) & mask;
    while (this.#from[at] !== -1) at = (at + 1) & mask;
    this.#from[at] = state;
    this.#chars[at] = char;
    this.#to[at] = to;
  }

  #grow(): void {
    const [from, chars, to] = [this.#from, this.#chars, this.#to];
    this.#from = new Int32Array(from.length * 2).fill(-1);
    this.#chars = new Uint16Array(from.length * 2);
    this.#to = new Int32Array(from.length * 2);
    for (let at = 0; at < from.length; at++) {
      const state = from[at] ?? -1;
      if (state >= 0) this.#put(state, chars[at] ?? 0, to[at] ?? 0);
    }
  }
}

function slot(state: number, char: number): number {
  const mixed = Math.imul(state, 0x9e3779b1) ^ Math.imul(char + 1, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
