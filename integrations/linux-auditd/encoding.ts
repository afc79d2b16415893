/** The text behind hex digits, NUL (between the arguments of a title) as space; undefined where it is no hex. */
export function decodeHexText(value: string): string | undefined {
  if (value.length === 0 || value.length % 2 !== 0 || !/^[0-9A-Fa-f]+$/.test(value)) return undefined;
  // Several keys of one rule set are separated by \x01.
  return Buffer.from(value, 'hex').toString('utf8').replace(/\0+$/, '').replaceAll('\0', ' ');
}

/** The other end of a socket. */
export interface SocketAddress {
  readonly ip: string;
  readonly port: number;
}

const FAMILY_INET = 2;
const FAMILY_INET6 = 10;

/** Decodes `saddr`: the bytes of a `struct sockaddr`, family in the machine's order, port in the network's. */
export function decodeSocketAddress(saddr: string): SocketAddress | undefined {
  if (!/^[0-9A-Fa-f]{16,256}$/.test(saddr) || saddr.length % 2 !== 0) return undefined;
  const bytes = Buffer.from(saddr, 'hex');
  const family = bytes.readUInt16LE(0);
  const port = bytes.readUInt16BE(2);
  if (family === FAMILY_INET) return { ip: bytes.subarray(4, 8).join('.'), port };
  if (family !== FAMILY_INET6 || bytes.length < 24) return undefined;
  return { ip: ipv6Text(bytes.subarray(8, 24)), port };
}

/** RFC 5952: lower case, the longest run of zero groups as `::`; mapped IPv4 as IPv4. */
function ipv6Text(bytes: Buffer): string {
  if (bytes.readBigUInt64BE(0) === 0n && bytes.readUInt32BE(8) === 0xffff)
    return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(
    ':',
  );
  const [longest] = [...groups.matchAll(/\b0(?::0)+\b/g)].toSorted((a, b) => b[0].length - a[0].length);
  if (longest === undefined) return groups;
  const head = groups.slice(0, longest.index).replace(/:$/, '');
  const tail = groups.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${head}::${tail}`;
}
