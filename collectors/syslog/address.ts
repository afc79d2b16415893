import { CanhError, messageOf } from '../../platform/errors/index.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `host:port` or `[v6]:port`, as the configuration's schema has checked it. */
export function parseAddress(text: string): Address {
  const at = text.lastIndexOf(':');
  const host = text.slice(0, at);
  return { host: host.startsWith('[') ? host.slice(1, -1) : host, port: Number(text.slice(at + 1)) };
}

/** What became of a failed attempt to listen. */
export function listenError(listen: string, cause: unknown): CanhError {
  return new CanhError('listen_failed', `Cannot listen on ${listen}: ${messageOf(cause)}`, { cause });
}
