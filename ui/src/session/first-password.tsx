import { Button } from '@mantine/core';
import { useSignOut } from '../api/session.ts';
import { useMessages } from '../i18n/language.tsx';
import { useNotices } from '../notices/context.tsx';
import { NoticeBar } from '../notices/notice-bar.tsx';
import { LanguageChoice } from '../shell/choices.tsx';
import { Logo } from '../shell/icons.tsx';
import { useTitle } from '../shell/title.ts';
import { PasswordForm } from './password-form.tsx';
import classes from './session.module.css';

/** What stands before everything else while the one-time password is in use. */
export function FirstPasswordPage() {
  const messages = useMessages();
  const signOut = useSignOut();
  const { say } = useNotices();
  useTitle(messages.password.title);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <Logo size={32} />
          {messages.product}
        </div>
        <h1>{messages.password.title}</h1>
        <p className={classes.lead}>{messages.password.lead}</p>
        <PasswordForm onDone={() => say({ text: messages.password.done })} />
        <div className={classes.language}>
          <LanguageChoice />
          <Button variant="subtle" size="sm" onClick={() => signOut.mutate()}>
            {messages.bar.signOut}
          </Button>
        </div>
      </div>
      <NoticeBar />
    </main>
  );
}
