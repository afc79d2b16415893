import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { User } from '../../../api/contract/index.ts';
import { ApiError, get, send } from './client.ts';

/** Who is signed in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<User | null> => {
    try {
      return await get<User>('/session', {}, signal);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { readonly name: string; readonly password: string }) =>
      send<User>('POST', '/session', body),
    onSuccess: (user) => client.setQueryData(sessionQuery.queryKey, user),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send<unknown>('DELETE', '/session'),
    // What the next person must not see goes with the session, whatever the server said.
    onSettled: () => {
      client.clear();
      client.setQueryData(sessionQuery.queryKey, null);
    },
  });
}

export function usePasswordChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { readonly current: string; readonly replacement: string }) =>
      send<unknown>('PUT', '/session/password', body),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
}
