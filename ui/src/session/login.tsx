import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent } from 'react';
import { sessionQuery, useSignIn } from '../api/session.ts';
import { useMessages } from '../i18n/language.tsx';
import { useProblemText } from '../pages/problem-banner.tsx';
import { LanguageChoice } from '../shell/choices.tsx';
import { Logo } from '../shell/icons.tsx';
import { useTitle } from '../shell/title.ts';
import classes from './session.module.css';

/** Sign-in: an ordinary form, so that paste and password managers work (WCAG 3.3.8). */
export function LoginPage() {
  const messages = useMessages();
  const session = useQuery(sessionQuery);
  const { next } = useSearch({ strict: false });
  useTitle(messages.login.title);
  const router = useRouter();
  const signedIn = session.data !== undefined && session.data !== null;
  useEffect(() => {
    if (signedIn) router.history.replace(localPath(next));
  }, [signedIn, next, router]);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <Logo size={40} />
          <span>
            {messages.product}
            <small>{messages.login.lead}</small>
          </span>
        </div>
        <h1>{messages.login.title}</h1>
        <LoginForm />
        <div className={classes.language}>
          <LanguageChoice />
        </div>
      </div>
    </main>
  );
}

function LoginForm() {
  const messages = useMessages();
  const signIn = useSignIn();
  const problemText = useProblemText();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Some keyboards compose Vietnamese letters in two code points; names are kept in one.
    signIn.mutate({ name: name.trim().normalize('NFC'), password });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label={messages.login.name}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        withAsterisk={false}
        autoFocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label={messages.login.password}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ 'aria-label': messages.login.show, tabIndex: 0 }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {signIn.error !== null && (
        <p className={classes.failure} role="alert">
          {problemText(signIn.error)}
        </p>
      )}
      <Button type="submit" size="md" loading={signIn.isPending}>
        {messages.login.submit}
      </Button>
    </form>
  );
}

/** Where to go after signing in: only ever a path of this console. */
function localPath(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/alerts';
}
