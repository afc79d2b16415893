import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { decodeSearch, encodeSearch, type QueueSearch } from './search.ts';

/** Pages whose screen is defined by the address. */
type AddressedPage = '/alerts' | '/search';

export interface Address {
  /** The page the address belongs to; undefined on the pages that have no query. */
  readonly page: AddressedPage | undefined;
  readonly search: QueueSearch;
  /** Parameters that could not be used. */
  readonly broken: readonly string[];
  /** Changes the address; `replace` keeps it out of the browser's history. */
  readonly change: (part: Partial<QueueSearch>, options?: { readonly replace?: boolean }) => void;
}

export function useAddress(): Address {
  const raw = useSearch({ strict: false });
  const path = useLocation({ select: (location) => location.pathname });
  const navigate = useNavigate();
  const page = path === '/alerts' || path === '/search' ? path : undefined;
  const { search, broken } = useMemo(() => decodeSearch(raw), [raw]);
  const change = useCallback(
    (part: Partial<QueueSearch>, options: { readonly replace?: boolean } = {}) => {
      // Several changes in one tick build on each other, so the address itself is asked and not the last render.
      void navigate({
        to: page ?? '/alerts',
        search: (before) => encodeSearch({ ...decodeSearch(before).search, ...part }),
        replace: options.replace ?? false,
        resetScroll: false,
      });
    },
    [navigate, page],
  );
  return { page, search, broken, change };
}
