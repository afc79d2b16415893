import { isIP } from 'node:net';
import type { EcsValue, LogSource } from '../../platform/event.ts';
import type { ParsedEvent } from '../contract.ts';
import type { AccessLine } from './access-line.ts';
import { parseRequest, splitAuthority, splitTarget } from './request.ts';

/** What the event says about the server that wrote the line. */
export interface AccessSource {
  readonly dataset: string;
  readonly logsource: readonly LogSource[];
}

/** Sigma's taxonomy and its older spellings → the names of the native view. */
const ACCESS_ALIASES: Readonly<Record<string, string>> = {
  'c-useragent': 'cs-user-agent',
  'cs-useragent': 'cs-user-agent',
  'cs-referrer': 'cs-referer',
  'c-uri': 'cs-uri',
  'c-uri-query': 'cs-uri-query',
  'c-uri-stem': 'cs-uri-stem',
  src_ip: 'c-ip',
};

/**
 * The event of an access line: W3C names as Sigma's `webserver` category uses them, and ECS. Rules read `cs-uri-query` in
 * two senses, the query alone and the whole target; where they differ the field holds both, the query first.
 */
export function accessEvent(
  line: AccessLine,
  source: AccessSource,
  more: Record<string, unknown> = {},
): ParsedEvent {
  const request = line.request === undefined ? undefined : parseRequest(line.request);
  const target = request === undefined ? {} : splitTarget(request.target, request.method);
  const host = line.host === undefined ? {} : splitAuthority(line.host);
  const native: Record<string, unknown> = {
    ...more,
    'c-ip': line.client,
    'cs-host': line.host ?? target.domain,
    'cs-username': line.user,
    'cs-method': request?.method,
    'cs-uri': request?.target,
    'cs-uri-stem': target.path,
    'cs-uri-query': queryView(request?.target, target.query),
    'cs-version': request?.protocol,
    'cs-referer': line.referrer,
    'cs-user-agent': line.userAgent,
    'sc-status': line.status,
    'sc-bytes': line.bytes,
    'time-taken': line.durationS,
    request: request === undefined ? line.request : undefined,
    extra: line.extra.length === 0 ? undefined : line.extra,
  };
  const ecs = defined({
    'event.kind': 'event',
    'event.category': ['web'],
    'event.type': ['access'],
    'event.dataset': source.dataset,
    'event.outcome': line.status === undefined ? undefined : line.status < 400 ? 'success' : 'failure',
    'event.duration': line.durationS === undefined ? undefined : Math.round(line.durationS * 1e9),
    ...sourceFields(line.client, line.forwarded, line.user),
    'http.request.method': request?.method,
    'http.request.referrer': line.referrer,
    'http.response.status_code': line.status,
    'http.response.body.bytes': line.bytes,
    'http.version': request?.protocol?.startsWith('HTTP/') === true ? request.protocol.slice(5) : undefined,
    'url.original': request?.target,
    'url.scheme': target.scheme,
    'url.domain': target.domain ?? host.domain,
    'url.port': target.port ?? host.port,
    'url.path': target.path,
    'url.query': target.query,
    'url.extension': target.extension,
    'user_agent.original': line.userAgent,
    'user.name': line.user,
  });
  return {
    time: line.timeMs,
    ecs,
    native: dropAbsent(native),
    aliases: ACCESS_ALIASES,
    logsource: source.logsource,
  };
}

/** ECS fields about who asked; an address that is none (a host name, a socket) stands in `source.address` alone. */
export function sourceFields(
  client: string,
  forwarded: readonly string[] = [],
  user?: string,
): Record<string, EcsValue | undefined> {
  const isAddress = isIP(client) !== 0;
  const addresses = [...new Set([client, ...forwarded])].filter((address) => isIP(address) !== 0);
  return {
    'source.address': client,
    'source.ip': isAddress ? client : undefined,
    'source.domain': isAddress || client.includes(':') ? undefined : client,
    'network.forwarded_ip': forwarded[0],
    'related.ip': addresses.length === 0 ? undefined : addresses,
    'related.user': user === undefined ? undefined : [user],
  };
}

/** Without the fields that are not there. */
export function defined(fields: Record<string, EcsValue | undefined>): Record<string, EcsValue> {
  const kept: Record<string, EcsValue> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) kept[name] = value;
  return kept;
}

/** Without the native fields that are not there. */
export function dropAbsent(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function queryView(
  target: string | undefined,
  query: string | undefined,
): string | readonly string[] | undefined {
  return target === undefined || query === undefined ? target : [query, target];
}
