import { createContext, useContext } from 'react';
import type { User } from '../../../api/contract/index.ts';

export const UserContext = createContext<User | undefined>(undefined);

/** Who is signed in, on the pages behind the gate. */
export function useUser(): User {
  const user = useContext(UserContext);
  if (user === undefined) throw new Error('useUser outside the signed-in pages');
  return user;
}

/** Whether the role may decide about alerts; the API checks it again. */
export function mayDecide(user: User): boolean {
  return user.role === 'analyst' || user.role === 'lead' || user.role === 'administrator';
}
