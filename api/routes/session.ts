import { CanhError } from '../../platform/errors/index.ts';
import type { SignInResult } from '../auth/authentication.ts';
import { toUser, type Account } from '../auth/users.ts';
import { passwordChange, signIn, user } from '../contract/index.ts';
import { publicRoute, route, type Exchange, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** Signing in and out, and one's own password. */
export function sessionRoutes({ authentication, sessions }: Services): readonly Route[] {
  const path = '/api/v1/session';
  return [
    publicRoute({
      id: 'signIn',
      method: 'post',
      path,
      summary: 'Signs in; the session is an HttpOnly cookie.',
      body: signIn,
      response: user,
      async handle({ body, exchange }) {
        const result = await authentication.signIn({ ...body, address: exchange.address });
        const account = proven(result, exchange);
        exchange.setSession(sessions.issue(account));
        return toUser(account);
      },
    }),
    route({
      id: 'getSession',
      method: 'get',
      path,
      summary: 'Who is signed in.',
      access: 'signed-in',
      response: user,
      async handle(_request, { account }) {
        return toUser(account);
      },
    }),
    route({
      id: 'signOut',
      method: 'delete',
      path,
      summary: 'Signs out, in every browser.',
      access: 'signed-in',
      async handle({ exchange }, { account }) {
        await authentication.signOut(account);
        exchange.setSession(undefined);
      },
    }),
    route({
      id: 'changePassword',
      method: 'put',
      path: `${path}/password`,
      summary: 'Replaces the own password and ends every other session.',
      access: 'signed-in',
      body: passwordChange,
      response: user,
      async handle({ body, exchange }, caller) {
        const change = { ...body, address: exchange.address };
        const account = proven(await authentication.changePassword(caller.account, change), exchange);
        exchange.setSession(sessions.issue(account));
        return toUser(account);
      },
    }),
  ];
}

/** The account of a right password; throws `auth_failed`, `auth_locked`. */
function proven(result: SignInResult, exchange: Exchange): Account {
  switch (result.kind) {
    case 'signed-in':
      return result.account;
    case 'refused':
      throw new CanhError('auth_failed');
    case 'locked': {
      exchange.setHeader('Retry-After', String(Math.ceil(result.waitMs / 1000)));
      throw new CanhError('auth_locked');
    }
  }
}
