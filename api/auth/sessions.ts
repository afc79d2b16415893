import jwt from 'jsonwebtoken';
import type { Clock } from '../../platform/clock.ts';
import type { Account, StoredAccount, Users } from './users.ts';

/** A session that is not used ends after this. */
export const SESSION_MS = 60 * 60_000;
/** A session in use is renewed when it is older than this. */
export const SESSION_RENEW_MS = 10 * 60_000;
/** Even a session in use ends: the password is asked for once a shift. */
export const SESSION_MS_MAX = 12 * 60 * 60_000;

const COOKIE = 'canh_session';
const ISSUER = 'canh';

interface Session {
  readonly account: StoredAccount;
  /** A younger token for the same session, when the one shown is due for renewal. */
  readonly renewed: string | undefined;
}

/** Makes and checks the signed tokens that stand for a sign-in. */
export interface Sessions {
  issue(account: Account): string;
  /** Undefined: no session, or one that has ended. */
  check(token: string): Promise<Session | undefined>;
}

export function createSessions(deps: {
  readonly key: Buffer;
  readonly users: Users;
  readonly clock: Clock;
}): Sessions {
  const { key, users, clock } = deps;

  function sign(account: Account, signedIn: number, now: number): string {
    const expires = Math.min(now + SESSION_MS, signedIn + SESSION_MS_MAX);
    const claims = {
      sub: account.id,
      session: account.session,
      auth_time: seconds(signedIn),
      iat: seconds(now),
      exp: seconds(expires),
    };
    return jwt.sign(claims, key, { algorithm: 'HS256', issuer: ISSUER });
  }

  return {
    issue(account) {
      return sign(account, clock.now(), clock.now());
    },
    async check(token) {
      const now = clock.now();
      const claims = readClaims(token, key, now);
      if (claims === undefined) return undefined;
      const account = await users.find(claims.id);
      if (account?.session !== claims.session) return undefined;
      const due = now - claims.issued > SESSION_RENEW_MS;
      return { account, renewed: due ? sign(account, claims.signedIn, now) : undefined };
    },
  };
}

interface Claims {
  readonly id: string;
  readonly session: number;
  readonly signedIn: number;
  readonly issued: number;
}

function readClaims(token: string, key: Buffer, now: number): Claims | undefined {
  let claims: string | jwt.JwtPayload;
  try {
    claims = jwt.verify(token, key, { algorithms: ['HS256'], issuer: ISSUER, clockTimestamp: seconds(now) });
  } catch {
    return undefined;
  }
  if (typeof claims === 'string') return undefined;
  const session: unknown = claims['session'];
  const signedIn: unknown = claims['auth_time'];
  const { sub: id, iat: issued } = claims;
  if (typeof session !== 'number' || typeof signedIn !== 'number') return undefined;
  if (id === undefined || issued === undefined) return undefined;
  return { id, session, signedIn: signedIn * 1000, issued: issued * 1000 };
}

/** The session's token in a Cookie header. */
export function readCookie(header: string | undefined): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === COOKIE) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** Set-Cookie for a token; without one, the cookie is removed. */
export function writeCookie(token: string | undefined, secure: boolean): string {
  const age = token === undefined ? 0 : SESSION_MS / 1000;
  const attributes = `Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return `${COOKIE}=${token ?? ''}; ${attributes}`;
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
