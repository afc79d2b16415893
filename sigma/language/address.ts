/** An IP network: the bytes of its first address (4 or 16) and the length of its prefix in bits. */
export interface Network {
  readonly bytes: readonly number[];
  readonly prefix: number;
}

const addressCharsMax = 64;

/** Reads a network in CIDR notation; an address alone is a network of one. Undefined where host bits are set. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', length, ...rest] = text.split('/');
  if (rest.length > 0 || address.includes('%')) return undefined;
  const bytes = parseAddress(address);
  if (bytes === undefined) return undefined;
  if (length !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefix = length === undefined ? bytes.length * 8 : Number(length);
  if (prefix > bytes.length * 8) return undefined;
  const hostBits = bytes.some((byte, index) => (byte & ~maskOf(prefix, index)) !== 0);
  return hostBits ? undefined : { bytes, prefix };
}

/** Whether a text is an address inside the network. `::ffff:a.b.c.d` counts as the IPv4 address too. */
export function inNetwork(text: string, network: Network): boolean {
  const bytes = parseAddress(text);
  if (bytes === undefined) return false;
  const mapped = bytes.length === 16 && bytes.slice(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 255));
  return covers(network, bytes) || (mapped && covers(network, bytes.slice(12)));
}

function covers({ bytes, prefix }: Network, address: readonly number[]): boolean {
  if (bytes.length !== address.length) return false;
  return bytes.every((byte, index) => ((byte ^ (address[index] ?? 0)) & maskOf(prefix, index)) === 0);
}

/** Which bits of the byte at an index belong to the prefix. */
function maskOf(prefix: number, index: number): number {
  const bits = Math.min(8, Math.max(0, prefix - index * 8));
  return (0xff << (8 - bits)) & 0xff;
}

function parseAddress(text: string): readonly number[] | undefined {
  if (text.length > addressCharsMax) return undefined;
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte < 256) ? bytes : undefined;
}

function parseV6(text: string): readonly number[] | undefined {
  // A zone says on which interface an address was seen; it is no part of the address.
  const [address = ''] = text.split('%');
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = groupsOf(halves[1] ?? '', true);
  if (head === undefined || tail === undefined) return undefined;
  const gap = 16 - head.length - tail.length;
  if (halves.length === 1 ? gap !== 0 : gap < 2) return undefined;
  return [...head, ...Array.from({ length: gap }, () => 0), ...tail];
}

/** The bytes of groups with colons between; the last may be an IPv4 address where it ends the text. */
function groupsOf(text: string, last: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    const v4 = last && index === groups.length - 1 && group.includes('.') ? parseV4(group) : undefined;
    if (v4 !== undefined) bytes.push(...v4);
    else if (/^[0-9a-f]{1,4}$/i.test(group)) bytes.push(parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}
