import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { User } from '../../../api/contract/index.ts';
import { useMessages } from '../i18n/language.tsx';
import { NoticeBar } from '../notices/notice-bar.tsx';
import { UserContext } from '../session/user.ts';
import { useGlobalKeys } from './global-keys.ts';
import { Nav } from './nav.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';
import { TopBar } from './top-bar.tsx';
import classes from './shell.module.css';

/** What stays the same around every page. */
export function Shell({ user }: { readonly user: User }) {
  const messages = useMessages();
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  const shown = useRef(path);
  useGlobalKeys(() => setHelp(true));
  useEffect(() => {
    // A new page begins at its top for the keyboard and for screen readers too.
    if (shown.current !== path) main.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path]);
  return (
    <UserContext value={user}>
      <a className={classes.skip} href="#content">
        {messages.skip}
      </a>
      <div className={classes.shell}>
        <TopBar user={user} onHelp={() => setHelp(true)} />
        <Nav />
        <main id="content" className={classes.main} ref={main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <NoticeBar />
      <ShortcutHelp opened={help} onClose={() => setHelp(false)} />
    </UserContext>
  );
}
