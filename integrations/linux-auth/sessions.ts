import { authentication, type Facts, type ReadFacts } from './facts.ts';

/** `New session 12 of user an.`, `Removed session 12.`, `Session 12 logged out.` */
export const readLogind: ReadFacts = (message) => {
  const opened =
    /^New session '?([\w-]{1,32})'? of user '?([^\s'.]{1,256}(?:\.[^\s'.]{1,256})*)'?(?:\.| with)/.exec(
      message,
    );
  if (opened !== null) {
    return session('start', 'session_opened', {
      user: opened[2] ?? '',
      native: { session: opened[1] ?? '' },
    });
  }
  const closed = /^(?:Removed session ([\w-]{1,32})\.|Session ([\w-]{1,32}) logged out\.)/.exec(message);
  if (closed === null) return undefined;
  const removed = closed[1] !== undefined;
  return session('end', removed ? 'session_closed' : 'session_logged_out', {
    native: { session: closed[1] ?? closed[2] ?? '' },
  });
};

/** The console's login: `FAILED LOGIN (1) on '/dev/tty1' FOR 'an', …`, `ROOT LOGIN ON tty1`, `LOGIN ON tty1 BY an`. */
export const readLogin: ReadFacts = (message) => {
  const failed =
    /^FAILED LOGIN \(?(\d{1,6})\)? (?:on|FROM) '?([^\s']{1,128})'? FOR '?([^\s',]{1,256})'?, (.{1,200})/.exec(
      message,
    );
  if (failed !== null) {
    const where = failed[2] ?? '';
    const remote = message.includes(' FROM ');
    return {
      ...authentication,
      action: 'console_login',
      outcome: 'failure',
      user: failed[3] ?? '',
      reason: failed[4] ?? '',
      ...(remote ? { source: where } : { native: { TTY: where } }),
    };
  }
  const root = /^ROOT LOGIN ON '?([^\s']{1,128})'?/.exec(message);
  const other = /^LOGIN ON '?([^\s']{1,128})'? BY '?([^\s']{1,256})'?/.exec(message);
  const tty = root?.[1] ?? other?.[1];
  if (tty === undefined) return undefined;
  const user = root === null ? (other?.[2] ?? '') : 'root';
  return { ...authentication, action: 'console_login', outcome: 'success', user, native: { TTY: tty } };
};

function session(type: string, action: string, more: Partial<Facts>): Facts {
  return { category: ['session'], type: [type], action, ...more };
}
