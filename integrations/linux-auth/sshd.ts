import { endpointAt, lastAddress, lastEndpoint, type Located } from './endpoint.ts';
import { authentication, type Facts } from './facts.ts';

const connection = { category: ['network', 'session'], type: ['connection', 'end'] } as const;
const refused = { category: ['network'], type: ['connection', 'denied'], outcome: 'failure' } as const;
const PREAUTH = ' [preauth]';

/** Reads the messages of OpenSSH's server. */
export function readSshd(raw: string): Facts | undefined {
  const text = (raw.endsWith(PREAUTH) ? raw.slice(0, -PREAUTH.length) : raw).trimEnd();
  const native = text === raw ? {} : { preauth: true };
  const facts = readLogin(text) ?? readClosing(text) ?? readProbe(text);
  return facts === undefined ? undefined : { ...facts, native: { ...facts.native, ...native } };
}

/** `Accepted METHOD for USER from …`, `Failed METHOD for [invalid user ]USER from …` and what else decides a login. */
function readLogin(text: string): Facts | undefined {
  const accepted = text.startsWith('Accepted ');
  if (accepted || text.startsWith('Failed ')) return readVerdict(text, accepted);
  if (text.startsWith('Invalid user ')) {
    return failure(lastEndpoint(text), (before) => before.slice('Invalid user '.length), 'invalid user');
  }
  const exceeded = 'maximum authentication attempts exceeded for ';
  const at = text.indexOf(exceeded);
  if (at === 0 || at === 'error: '.length) {
    return failure(
      lastEndpoint(text),
      (before) => userOf(before.slice(at + exceeded.length)),
      'maximum authentication attempts exceeded',
    );
  }
  if (text.startsWith('User ')) return readNotAllowed(text);
  if (text.startsWith('ROOT LOGIN REFUSED FROM ')) {
    const from = endpointAt(text, 'ROOT LOGIN REFUSED FROM '.length);
    return from && { ...login('failure', 'root', from), reason: 'root login refused' };
  }
  const pam = /^error: PAM: (.{1,100}?) for (?:illegal user )?/.exec(text);
  if (pam !== null) {
    return failure(
      lastEndpoint(text),
      (before) => before.slice(pam[0].length),
      pam[1] ?? '',
      'pam_authentication',
    );
  }
  return undefined;
}

function readVerdict(text: string, accepted: boolean): Facts | undefined {
  const from = lastEndpoint(text);
  const start = from?.before.indexOf(' for ') ?? -1;
  if (from === undefined || start < 0) return undefined;
  const method = from.before.slice(from.before.indexOf(' ') + 1, start);
  const named = from.before.slice(start + ' for '.length);
  const invalid = !accepted && named.startsWith('invalid user ');
  const key = text.slice(from.end).replace(/^ ssh2:? ?/, '');
  return {
    ...login(accepted ? 'success' : 'failure', userOf(named), from),
    ...(invalid ? { reason: 'invalid user' } : {}),
    native: { method, ...(key === '' ? {} : { key }) },
  };
}

/** `User USER from ADDRESS not allowed because …`, also without the address. */
function readNotAllowed(text: string): Facts | undefined {
  const at = text.lastIndexOf(' not allowed because ');
  if (at < 0) return undefined;
  const reason = text.slice(at + 1);
  const head = text.slice('User '.length, at);
  const from = lastEndpoint(` ${head}`);
  if (from === undefined)
    return { ...authentication, action: 'ssh_login', outcome: 'failure', user: head, reason };
  return { ...login('failure', from.before.slice(1), from), reason };
}

/** `Connection closed by [invalid user USER] ADDRESS port N` and its relatives. */
function readClosing(text: string): Facts | undefined {
  if (text.startsWith('Received disconnect from ')) {
    // What follows the port is the client's own text.
    const from = endpointAt(text, 'Received disconnect from '.length);
    return from && { ...connection, ...sourceOf(from), action: 'ssh_disconnect' };
  }
  const verb = /^(?:Connection (?:closed|reset) by|Disconnected from|Disconnecting) /.exec(text)?.[0];
  if (verb === undefined) return undefined;
  const change = text.indexOf(': Change of username');
  const from = lastAddress(change < 0 ? text : text.slice(0, change));
  if (from === undefined) return { ...connection, action: 'ssh_disconnect', reason: text };
  const who = /^\w{1,32} user |^user /.exec(from.before.slice(verb.length))?.[0];
  const user = who === undefined ? '' : from.before.slice(verb.length + who.length);
  const reason = text.slice(from.end).replace(/^: /, '');
  return {
    ...connection,
    ...sourceOf(from),
    action: 'ssh_disconnect',
    ...(user === '' ? {} : { user }),
    ...(reason === '' ? {} : { reason }),
  };
}

const probes: readonly { readonly start: string; readonly action: string }[] = [
  { start: 'Connection from ', action: 'ssh_connection' },
  { start: 'Did not receive identification string from ', action: 'ssh_scan' },
  { start: 'Unable to negotiate with ', action: 'ssh_negotiation_failed' },
  { start: 'banner exchange: Connection from ', action: 'ssh_scan' },
  { start: 'ssh_dispatch_run_fatal: Connection from ', action: 'ssh_connection_failed' },
  { start: 'fatal: Timeout before authentication for connection from ', action: 'ssh_timeout' },
  { start: 'Timeout before authentication for connection from ', action: 'ssh_timeout' },
  { start: 'fatal: Timeout before authentication for ', action: 'ssh_timeout' },
];

/** Connections that come to no login. */
function readProbe(text: string): Facts | undefined {
  for (const { start, action } of probes) {
    if (!text.startsWith(start)) continue;
    const from = endpointAt(text, start.length);
    if (from === undefined) return undefined;
    if (action === 'ssh_connection')
      return { category: ['network'], type: ['connection', 'start'], action, ...sourceOf(from) };
    const reason = text.slice(from.end).replace(/^:? /, '');
    return { ...refused, action, ...sourceOf(from), ...(reason === '' ? {} : { reason }) };
  }
  if (text.startsWith('refused connect from ')) {
    const address = /\(([^()\s]{1,255})\)$/.exec(text)?.[1];
    return { ...refused, action: 'ssh_refused', ...(address === undefined ? {} : { source: address }) };
  }
  if (text.startsWith('Bad protocol version ') || text.startsWith('Magic value check failed')) {
    const from = lastEndpoint(text);
    return { ...refused, action: 'ssh_scan', ...(from === undefined ? {} : sourceOf(from)) };
  }
  return undefined;
}

function failure(
  from: Located | undefined,
  user: (before: string) => string,
  reason: string,
  action = 'ssh_login',
): Facts | undefined {
  return from && { ...login('failure', user(from.before), from), action, reason };
}

function login(
  outcome: 'success' | 'failure',
  user: string,
  from: { readonly source: string; readonly sourcePort?: number },
): Facts {
  return { ...authentication, action: 'ssh_login', outcome, user, ...sourceOf(from) };
}

function sourceOf({
  source,
  sourcePort,
}: {
  readonly source: string;
  readonly sourcePort?: number;
}): Pick<Facts, 'source' | 'sourcePort'> {
  return { source, ...(sourcePort === undefined ? {} : { sourcePort }) };
}

function userOf(named: string): string {
  for (const prefix of ['invalid user ', 'illegal user '])
    if (named.startsWith(prefix)) return named.slice(prefix.length);
  return named;
}
