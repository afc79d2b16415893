/** Sets of positions met before, each with what is behind it, numbered from 1; a hash table over bits. */
export class States {
  count = 0;
  private readonly words: number;
  private readonly max: number;
  private sets: Int32Array;
  private behinds: Uint8Array;
  /** Numbers by the hash of their positions, 0 where free; half of it stays free. */
  private table = new Int32Array(16);

  /** Holds up to `max` sets of `words` words. */
  constructor(words: number, max: number) {
    this.words = words;
    this.max = max;
    this.sets = new Int32Array(words * 8);
    this.behinds = new Uint8Array(8);
  }

  /** For how many states there is room until the next one makes it larger. */
  get room(): number {
    return this.behinds.length;
  }

  /** Copies the positions of a state, and returns what is behind it. */
  load(state: number, to: Int32Array): number {
    for (let i = 0, from = state * this.words; i < this.words; i++, from++) to[i] = this.sets[from] ?? 0;
    return this.behinds[state] ?? 0;
  }

  /** The number of a set, which is new where it is larger than `count` was. */
  find(set: Int32Array, behind: number): number {
    const { words, sets, behinds, table } = this;
    const hash = hashOf(set, behind);
    const mask = table.length - 1;
    let slot = hash & mask;
    for (let state = table[slot] ?? 0; state !== 0; state = table[slot] ?? 0) {
      let i = 0;
      if (behinds[state] === behind) while (i < words && sets[state * words + i] === set[i]) i++;
      if (i === words) return state;
      slot = (slot + 1) & mask;
    }
    const state = ++this.count;
    if (state >= behinds.length) this.grow();
    this.sets.set(set, state * words);
    this.behinds[state] = behind;
    this.place(state, hash);
    return state;
  }

  clear(): void {
    this.table.fill(0);
    this.count = 0;
  }

  private place(state: number, hash: number): void {
    const mask = this.table.length - 1;
    let slot = hash & mask;
    while (this.table[slot] !== 0) slot = (slot + 1) & mask;
    this.table[slot] = state;
  }

  private grow(): void {
    const { words } = this;
    const room = Math.min(this.behinds.length * 2, this.max + 1);
    this.sets = resized(this.sets, room * words);
    const behinds = new Uint8Array(room);
    behinds.set(this.behinds);
    this.behinds = behinds;
    this.table = new Int32Array(2 ** Math.ceil(Math.log2(room * 2)));
    for (let state = 1; state < this.count; state++) {
      const set = this.sets.subarray(state * words, (state + 1) * words);
      this.place(state, hashOf(set, behinds[state] ?? 0));
    }
  }
}

export function resized(numbers: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(numbers);
  return larger;
}

function hashOf(set: Int32Array, behind: number): number {
  let hash = behind + 1;
  for (const bits of set) {
    hash = Math.imul(hash ^ bits, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}
