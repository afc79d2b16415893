import { Button } from '@mantine/core';
import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { useMessages } from '../i18n/language.tsx';
import { useTitle } from '../shell/title.ts';
import classes from './pages.module.css';

export function NotFoundPage() {
  const messages = useMessages();
  useTitle(messages.notFound.title);
  return (
    <main className={classes.centre}>
      <h1>{messages.notFound.title}</h1>
      <p>{messages.notFound.text}</p>
      <Button component={Link} to="/alerts">
        {messages.notFound.home}
      </Button>
    </main>
  );
}

/** A fault of the console itself; the other pages go on working. */
export function CrashPage({ error }: ErrorComponentProps) {
  const messages = useMessages();
  useTitle(messages.crash.title);
  return (
    <div className={classes.centre} role="alert">
      <h1>{messages.crash.title}</h1>
      <p>{messages.crash.text}</p>
      <code>{error instanceof Error ? error.message : String(error)}</code>
      <Button onClick={() => window.location.reload()}>{messages.crash.reload}</Button>
    </div>
  );
}
