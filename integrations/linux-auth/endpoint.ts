const PORT_MAX = 65_535;
const ADDRESS_CHARS_MAX = 255;
const TRIES_MAX = 8;

/** The other end of a connection, and where its text ends. */
export interface Endpoint {
  readonly source: string;
  readonly sourcePort?: number;
  readonly end: number;
}

/** Reads `ADDRESS port N` or `ADDRESS` at a position. */
export function endpointAt(text: string, start: number): Endpoint | undefined {
  let end = start;
  while (end < text.length && end - start <= ADDRESS_CHARS_MAX && text.charAt(end) !== ' ') end += 1;
  const source = text.slice(start, end);
  if (source === '' || source.length > ADDRESS_CHARS_MAX) return undefined;
  if (!text.startsWith(' port ', end))
    return { source: source.endsWith(':') ? source.slice(0, -1) : source, end };
  const digits = /^\d{1,5}/.exec(text.slice(end + 6, end + 11))?.[0] ?? '';
  const port = Number(digits);
  if (digits === '' || port > PORT_MAX) return undefined;
  return { source, sourcePort: port, end: end + 6 + digits.length };
}

/** `before` is what stands left of the endpoint. */
export interface Located extends Endpoint {
  readonly before: string;
}

/**
 * The last `from ADDRESS port N`. User names come from the client and may themselves read `x from 192.0.2.1 port 1`;
 * what sshd writes stands after them, so the last one is true.
 */
export function lastEndpoint(text: string): Located | undefined {
  let at = text.length;
  for (let tries = 0; tries < TRIES_MAX && at > 0; tries += 1) {
    at = text.lastIndexOf(' from ', at - 1);
    if (at < 0) return undefined;
    const endpoint = endpointAt(text, at + 6);
    if (endpoint !== undefined) return { ...endpoint, before: text.slice(0, at) };
  }
  return undefined;
}

/** The last `ADDRESS port N`, whatever stands before it. */
export function lastAddress(text: string): Located | undefined {
  const at = text.lastIndexOf(' port ');
  if (at < 0) return undefined;
  const start = text.lastIndexOf(' ', at - 1) + 1;
  const endpoint = endpointAt(text, start);
  return endpoint?.sourcePort === undefined
    ? undefined
    : { ...endpoint, before: text.slice(0, start).trimEnd() };
}
