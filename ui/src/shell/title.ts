import { useEffect } from 'react';

/** Title of the document: what this page is, with how much there is of it in front. */
export function useTitle(page: string, count?: string): void {
  useEffect(() => {
    document.title = `${count === undefined ? '' : `(${count}) `}${page} – Canh`;
  }, [page, count]);
}
