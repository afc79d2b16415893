import { authentication, type Facts } from './facts.ts';

const PAIRS_MAX = 32;
const HEAD = /^(pam_\w{1,40})\(([\w.-]{1,64}):(\w{1,32})\): /;

/** Reads what PAM modules write in the name of any program: `pam_unix(sshd:session): session opened for user …`. */
export function readPam(message: string): Facts | undefined {
  const head = HEAD.exec(message);
  if (head === null) return readMore(message);
  const text = message.slice(head[0].length).trimEnd();
  const native = { pam_module: head[1], pam_service: head[2], pam_type: head[3] };
  const facts = readSession(text) ?? readPassword(text) ?? readVerdict(text) ?? readLock(text);
  return facts === undefined
    ? { action: 'pam_message', native }
    : { ...facts, native: { ...native, ...facts.native } };
}

/** `PAM 2 more authentication failures; logname= uid=0 … rhost=ADDRESS user=USER` */
function readMore(message: string): Facts | undefined {
  const more = /^PAM (\d{1,6}) more authentication failures?; /.exec(message);
  if (more === null) return undefined;
  return {
    ...verdict('failure', message.slice(more[0].length)),
    reason: `${more[1]} more authentication failures`,
  };
}

function readSession(text: string): Facts | undefined {
  const match = /^session (opened|closed) for user (\S{1,256})(?: by (\S{0,256}))?/.exec(text);
  if (match === null) return undefined;
  const opened = match[1] === 'opened';
  const user = splitUid(match[2] ?? '');
  const by = splitUid(match[3] ?? '');
  return {
    category: ['session'],
    type: [opened ? 'start' : 'end'],
    action: opened ? 'session_opened' : 'session_closed',
    ...(opened ? { outcome: 'success' as const } : {}),
    user: user.name,
    ...(user.id === undefined ? {} : { userId: user.id }),
    ...(by.name === '' ? {} : { native: { by: by.name } }),
  };
}

function readPassword(text: string): Facts | undefined {
  const user = /^password changed for (\S{1,256})$/.exec(text)?.[1];
  if (user === undefined) return undefined;
  return {
    category: ['iam'],
    type: ['user', 'change'],
    action: 'password_changed',
    outcome: 'success',
    targetUser: user,
  };
}

function readVerdict(text: string): Facts | undefined {
  const match = /^authentication (failure|success); /.exec(text);
  if (match !== null)
    return verdict(match[1] === 'success' ? 'success' : 'failure', text.slice(match[0].length));
  if (text === 'check pass; user unknown') {
    return { ...authentication, action: 'pam_authentication', outcome: 'failure', reason: 'user unknown' };
  }
  const received = /^received for user (\S{1,256}): \d{1,5} \(([^()]{1,200})\)$/.exec(text);
  if (received === null) return undefined;
  return {
    ...authentication,
    action: 'pam_authentication',
    outcome: 'failure',
    user: received[1] ?? '',
    reason: received[2] ?? '',
  };
}

function readLock(text: string): Facts | undefined {
  const match = /^Consecutive login failures for user (\S{1,256}) account temporarily locked/.exec(text);
  if (match === null) return undefined;
  return {
    category: ['authentication', 'iam'],
    type: ['user', 'change'],
    action: 'account_locked',
    outcome: 'failure',
    user: match[1] ?? '',
  };
}

/** `logname=an uid=1000 euid=0 tty=/dev/pts/0 ruser=an rhost=192.0.2.1  user=root` */
function verdict(outcome: 'success' | 'failure', pairs: string): Facts {
  const native = readPairs(pairs);
  const user = native['user'] ?? '';
  const host = native['rhost'] ?? '';
  return {
    ...authentication,
    action: 'pam_authentication',
    outcome,
    user,
    ...(host === '' ? {} : { source: host }),
    native,
  };
}

/** The first value of a name wins: the user name stands last and is the client's own text. */
function readPairs(text: string): Readonly<Record<string, string>> {
  const pairs = new Map<string, string>();
  for (const word of text.split(' ', PAIRS_MAX)) {
    const equals = word.indexOf('=');
    const name = word.slice(0, Math.max(equals, 0));
    if (/^[a-z]{1,16}$/.test(name) && !pairs.has(name)) pairs.set(name, word.slice(equals + 1));
  }
  return Object.fromEntries(pairs);
}

function splitUid(text: string): { readonly name: string; readonly id?: string } {
  const match = /^(.*)\(uid=(\d{1,10})\)$/.exec(text);
  return match === null ? { name: text } : { name: match[1] ?? '', id: match[2] ?? '' };
}
