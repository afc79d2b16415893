import { inNetwork, type Network } from '../language/address.ts';

/** Which of a set of networks an address lies in; IPv4 by one look-up for each length of prefix. */
export class Networks {
  readonly #all: (readonly [Network, number])[] = [];
  readonly #byPrefix = new Map<number, Map<number, number[]>>();

  add(network: Network, id: number): void {
    this.#all.push([network, id]);
    if (network.bytes.length !== 4) return;
    let networks = this.#byPrefix.get(network.prefix);
    if (networks === undefined) this.#byPrefix.set(network.prefix, (networks = new Map<number, number[]>()));
    const first = masked(numberOf(network.bytes), network.prefix);
    networks.set(first, [...(networks.get(first) ?? []), id]);
  }

  find(text: string, found: number[]): void {
    if (this.#all.length === 0 || text.length < 2 || text.length > 64) return;
    if (text.includes(':')) {
      for (const [network, id] of this.#all) if (inNetwork(text, network)) found.push(id);
      return;
    }
    const address = parseV4(text);
    if (address === undefined) return;
    for (const [prefix, networks] of this.#byPrefix) {
      const ids = networks.get(masked(address, prefix));
      if (ids !== undefined) found.push(...ids);
    }
  }
}

function parseV4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte < 256) ? numberOf(bytes) : undefined;
}

function numberOf(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function masked(address: number, prefix: number): number {
  return prefix === 0 ? 0 : (address & (0xffffffff << (32 - prefix))) >>> 0;
}
