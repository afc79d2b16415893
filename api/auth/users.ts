import type { User } from '../contract/index.ts';
import { CanhError, invariant } from '../../platform/errors/index.ts';
import { socTenant, type Index, type IndexStore, type Tenant } from '../../platform/index/port.ts';
import { textAt, valueAt } from '../document.ts';

export type Role = User['role'];
const roles: readonly Role[] = ['analyst', 'lead', 'agency_viewer', 'administrator', 'auditor'];

/** Somebody who may sign in. */
export interface Account {
  /** Folded name: the unique key. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Null: the SOC. */
  readonly agency: string | null;
  readonly mustChangePassword: boolean;
  /** Sessions carry this number; raising it ends them all. */
  readonly session: number;
}

export interface StoredAccount extends Account {
  /** PHC string. */
  readonly passwordHash: string;
  readonly created: number;
  readonly version: string;
}

type NewAccount = Omit<StoredAccount, 'id' | 'version' | 'session'>;

/** The users in the index. */
export interface Users {
  find(name: string): Promise<StoredAccount | undefined>;
  /** False when the name is taken. */
  create(account: NewAccount): Promise<boolean>;
  /** Throws `index_conflict` when somebody else changed the account meanwhile. */
  replace(account: StoredAccount): Promise<void>;
}

/** Users are the SOC's own documents, whatever agency they see, so this is the one place that reads them. */
export function createUsers(store: IndexStore): Users {
  const index: Index = store.bind(socTenant);
  return {
    async find(name) {
      const [found] = await index.get('users', [foldName(name)]);
      if (found === undefined) return undefined;
      const role = roles.find((known) => known === textAt(found.body, 'role'));
      const passwordHash = textAt(found.body, 'password');
      const session = valueAt(found.body, 'session');
      invariant(
        role !== undefined && passwordHash !== undefined && typeof session === 'number',
        `the document of user ${found.id} lacks a field`,
      );
      return {
        id: found.id,
        name: textAt(found.body, 'name') ?? found.id,
        role,
        agency: textAt(found.body, 'agency') ?? null,
        mustChangePassword: valueAt(found.body, 'must_change_password') === true,
        session,
        passwordHash,
        created: found.time,
        version: found.version,
      };
    },
    async create(account) {
      const id = foldName(account.name);
      const [result] = await index.create('users', [document({ ...account, id, session: 1 })]);
      invariant(result?.kind !== 'rejected', 'the index refused a user');
      return result?.kind === 'created';
    },
    async replace(account) {
      const outcome = await index.replace('users', { ...document(account), version: account.version });
      if (outcome === 'conflict') throw new CanhError('index_conflict');
    },
  };
}

/** The key of a name: people may type it in any case and Unicode form. */
export function foldName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

/** What an account may see; the only place where a tenant is made from a credential. */
export function tenantOf(account: Account): Tenant {
  if (account.agency !== null) return { kind: 'agency', agency: account.agency };
  if (account.role === 'agency_viewer') {
    throw new CanhError('forbidden', 'The account names no agency; an administrator has to set it.');
  }
  return socTenant;
}

export function toUser(account: Account): User {
  return {
    name: account.name,
    role: account.role,
    agency: account.agency,
    must_change_password: account.mustChangePassword,
  };
}

function document(account: Omit<StoredAccount, 'version'>) {
  return {
    id: account.id,
    agency: '',
    time: account.created,
    body: {
      name: account.name,
      role: account.role,
      agency: account.agency,
      must_change_password: account.mustChangePassword,
      session: account.session,
      password: account.passwordHash,
    },
  };
}
