import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { sessionQuery } from '../api/session.ts';
import { Delayed } from '../pages/delayed.tsx';
import { ProblemBanner } from '../pages/problem-banner.tsx';
import { Shell } from '../shell/shell.tsx';
import { FirstPasswordPage } from './first-password.tsx';

/** The gate before every page: sign in first, then a password of one's own, then the page. */
export function Pages() {
  const session = useQuery(sessionQuery);
  const router = useRouter();
  const signedOut = session.data === null;
  useEffect(() => {
    if (!signedOut) return;
    // Asked here and not at render: while the sign-in page loads, the address is its own already.
    const { href, pathname } = router.state.location;
    if (pathname === '/login') return;
    void router.navigate({ to: '/login', search: href === '/alerts' ? {} : { next: href }, replace: true });
  }, [signedOut, router]);
  if (session.data === undefined) {
    if (session.error !== null)
      return <ProblemBanner error={session.error} retry={() => void session.refetch()} />;
    return <Delayed rows={3} />;
  }
  if (session.data === null) return <Delayed rows={3} />;
  if (session.data.must_change_password) return <FirstPasswordPage />;
  return <Shell user={session.data} />;
}
