/** How much longer a column becomes when it is full: little, since most of the state is columns. */
const growth = 1 / 8;

function longer(length: number, wanted: number): number {
  return Math.max(wanted, 64, Math.ceil(length * (1 + growth)));
}

/** A column of whole numbers of 32 bits that grows. */
export class IntColumn {
  #data = new Int32Array(0);

  get(at: number): number {
    return this.#data[at] as number;
  }

  set(at: number, value: number): void {
    this.#data[at] = value;
  }

  reserve(length: number): void {
    if (length <= this.#data.length) return;
    const data = new Int32Array(longer(this.#data.length, length));
    data.set(this.#data);
    this.#data = data;
  }
}

/** A column of bytes that grows. */
export class ByteColumn {
  #data = new Uint8Array(0);

  get(at: number): number {
    return this.#data[at] as number;
  }

  set(at: number, value: number): void {
    this.#data[at] = value;
  }

  get bytes(): Uint8Array {
    return this.#data;
  }

  reserve(length: number): void {
    if (length <= this.#data.length) return;
    const data = new Uint8Array(longer(this.#data.length, length));
    data.set(this.#data);
    this.#data = data;
  }
}
