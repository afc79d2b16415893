import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Random } from '../random.ts';
import { createGate } from './gate.ts';
import { createLockout } from './lockout.ts';
import { checkReplacement, hashPassword, randomPassword, verifyPassword } from './password.ts';
import { foldName, type Account, type StoredAccount, type Users } from './users.ts';

/** Password checks under way at a time, and waiting; each takes 19 MiB while it runs. */
const PASSWORD_CHECKS_MAX = 3;
const PASSWORD_CHECKS_WAITING_MAX = 64;

export type SignInResult =
  | { readonly kind: 'signed-in'; readonly account: Account }
  | { readonly kind: 'refused' }
  | { readonly kind: 'locked'; readonly waitMs: number };

/** Proves who somebody is by name and password. */
export interface Authentication {
  signIn(attempt: {
    readonly name: string;
    readonly password: string;
    readonly address: string;
  }): Promise<SignInResult>;
  /** Replaces the password and ends every session of the account. Throws `auth_password_weak`, `index_conflict`. */
  changePassword(
    account: StoredAccount,
    change: { readonly current: string; readonly replacement: string; readonly address: string },
  ): Promise<SignInResult>;
  /** Ends every session of the account. */
  signOut(account: StoredAccount): Promise<void>;
}

export async function createAuthentication(deps: {
  readonly users: Users;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}): Promise<Authentication> {
  const { users, clock, random, log } = deps;
  const lockout = createLockout();
  const gate = createGate({ running: PASSWORD_CHECKS_MAX, waiting: PASSWORD_CHECKS_WAITING_MAX });
  // An unknown name costs the same work as a known one, so that the answer's time does not tell them apart.
  const nobody = await hashPassword(randomPassword(random), random);

  /** Checks a password, counting what fails. */
  async function prove(
    id: string,
    proof: { readonly hash: string | undefined; readonly password: string; readonly address: string },
  ): Promise<'right' | 'wrong' | number> {
    const waitMs = lockout.attempt(id, proof.address, clock.now());
    if (waitMs > 0) return waitMs;
    const matches = await gate.run(async () => await verifyPassword(proof.hash ?? nobody, proof.password));
    if (!matches || proof.hash === undefined) return 'wrong';
    lockout.succeed(id, proof.address);
    return 'right';
  }

  function audit(act: string, user: string, fields: Readonly<Record<string, unknown>>): void {
    log.info(act, { audit: true, act, user, ...fields });
  }

  return {
    async signIn({ name, password, address }) {
      const id = foldName(name);
      const account = await users.find(id);
      const outcome = await prove(id, { hash: account?.passwordHash, password, address });
      if (account !== undefined && outcome === 'right') {
        audit('sign_in', account.id, { outcome: 'ok', address });
        return { kind: 'signed-in', account };
      }
      const locked = typeof outcome === 'number';
      audit('sign_in', id, { outcome: locked ? 'locked' : 'failed', address });
      return locked ? { kind: 'locked', waitMs: outcome } : { kind: 'refused' };
    },
    async changePassword(account, { current, replacement, address }) {
      const outcome = await prove(account.id, { hash: account.passwordHash, password: current, address });
      if (outcome !== 'right') {
        const locked = typeof outcome === 'number';
        audit('password_change', account.id, { outcome: locked ? 'locked' : 'failed', address });
        return locked ? { kind: 'locked', waitMs: outcome } : { kind: 'refused' };
      }
      checkReplacement(current, replacement);
      const passwordHash = await gate.run(async () => await hashPassword(replacement, random));
      const changed = { ...account, passwordHash, mustChangePassword: false, session: account.session + 1 };
      await users.replace(changed);
      audit('password_change', account.id, { outcome: 'ok', address });
      return { kind: 'signed-in', account: changed };
    },
    async signOut(account) {
      await users.replace({ ...account, session: account.session + 1 });
      audit('sign_out', account.id, { outcome: 'ok' });
    },
  };
}

/**
 * Makes the first administrator, with a password that only the returned text knows; undefined when there is one
 * already.
 */
export async function createFirstAdministrator(deps: {
  readonly users: Users;
  readonly clock: Clock;
  readonly random: Random;
  /** False for a demonstration only: the password then stays. */
  readonly mustChangePassword: boolean;
}): Promise<{ readonly name: string; readonly password: string } | undefined> {
  const { users, clock, random, mustChangePassword } = deps;
  const name = 'admin';
  if ((await users.find(name)) !== undefined) return undefined;
  const password = randomPassword(random);
  const created = await users.create({
    name,
    role: 'administrator',
    agency: null,
    mustChangePassword,
    passwordHash: await hashPassword(password, random),
    created: clock.now(),
  });
  return created ? { name, password } : undefined;
}
