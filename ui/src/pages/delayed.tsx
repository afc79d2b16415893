import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useMessages } from '../i18n/language.tsx';

/** Shorter waits are not worth a flicker. */
const SKELETON_DELAY_MS = 200;

/** Grey lines where rows will be, once the wait is long enough to be noticed. */
export function Delayed({ rows }: { readonly rows: number }) {
  const messages = useMessages();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SKELETON_DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-busy="true">
      {late && (
        <>
          <span className="sr-only">{messages.loading}</span>
          {Array.from({ length: rows }, (_, row) => (
            <Skeleton key={row} height={20} mt={16} radius={4} width={`${90 - ((row * 17) % 40)}%`} />
          ))}
        </>
      )}
    </div>
  );
}
