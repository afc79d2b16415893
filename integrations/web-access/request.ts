/** The request line of HTTP, as far as it is one. */
export interface RequestLine {
  readonly method: string;
  readonly target: string;
  /** As sent, e.g. `HTTP/1.1`; absent in HTTP/0.9. */
  readonly protocol?: string;
}

/** Parts of a request target. */
export interface Target {
  readonly path?: string;
  readonly query?: string;
  readonly extension?: string;
  readonly domain?: string;
  readonly port?: number;
  readonly scheme?: string;
}

const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
const PROTOCOL = /^[A-Z]{1,8}\/\d{1,2}(\.\d{1,2})?$/;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]{0,15}$/;
const EXTENSION = /^[A-Za-z0-9_~-]{1,16}$/;
const PORT = /^\d{1,5}$/;

/**
 * Splits a request line; undefined where it is none, as when somebody speaks TLS or SSH to the port. Blanks within the
 * target are the target's: attackers send them.
 */
export function parseRequest(request: string): RequestLine | undefined {
  const first = request.indexOf(' ');
  if (first < 0) return undefined;
  const method = request.slice(0, first);
  if (!METHOD.test(method)) return undefined;
  const last = request.lastIndexOf(' ');
  const protocol = request.slice(last + 1);
  if (last > first && PROTOCOL.test(protocol)) {
    const target = request.slice(first + 1, last);
    return target === '' ? undefined : { method, target, protocol };
  }
  const target = request.slice(first + 1);
  return target.startsWith('/') || target === '*' || target.includes('://') ? { method, target } : undefined;
}

/** Splits a target in any of the forms of RFC 9112 §3.2: origin, absolute, authority, asterisk. */
export function splitTarget(target: string, method?: string): Target {
  if (method === 'CONNECT') return splitAuthority(target);
  const schemeEnd = target.indexOf('://');
  const scheme = schemeEnd > 0 ? target.slice(0, schemeEnd) : '';
  if (!SCHEME.test(scheme)) return splitPath(target);
  const rest = target.slice(schemeEnd + 3);
  const pathStart = rest.search(/[/?]/);
  const authority = pathStart < 0 ? rest : rest.slice(0, pathStart);
  const path = pathStart < 0 ? '/' : rest.slice(pathStart);
  return { scheme: scheme.toLowerCase(), ...splitAuthority(authority), ...splitPath(path) };
}

/** `host`, `host:port`, `[v6]:port`, a bare IPv6 address. */
export function splitAuthority(authority: string): { domain?: string; port?: number } {
  const colon = authority.lastIndexOf(':');
  const port = authority.slice(colon + 1);
  const hasPort = colon >= 0 && PORT.test(port) && Number(port) <= 65_535;
  const ambiguous = hasPort && authority.indexOf(':') !== colon && authority.charAt(colon - 1) !== ']';
  const host = hasPort && !ambiguous ? authority.slice(0, colon) : authority;
  const domain = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return {
    ...(domain === '' ? {} : { domain }),
    ...(hasPort && !ambiguous ? { port: Number(port) } : {}),
  };
}

function splitPath(target: string): Target {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  const extension = dot < 0 ? '' : name.slice(dot + 1);
  return {
    path,
    ...(mark < 0 ? {} : { query: target.slice(mark + 1) }),
    ...(EXTENSION.test(extension) ? { extension } : {}),
  };
}
