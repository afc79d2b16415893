import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCanGoBack, useNavigate, useParams, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { alertQuery } from '../api/queries.ts';
import { useMessages } from '../i18n/language.tsx';
import { useKeys } from '../keys/context.tsx';
import { ownKeys } from '../keys/bindings.ts';
import { useNotices } from '../notices/context.tsx';
import { copyText } from '../pages/clipboard.ts';
import { Delayed } from '../pages/delayed.tsx';
import { ProblemBanner } from '../pages/problem-banner.tsx';
import { mayDecide, useUser } from '../session/user.ts';
import { Icon } from '../shell/icons.tsx';
import { useTitle } from '../shell/title.ts';
import { AlertBody } from './alert-body.tsx';
import { decisionKeys } from './decision-keys.ts';
import { useDecide } from './use-decide.ts';
import classes from './alert.module.css';

export function AlertPage() {
  const messages = useMessages();
  const { id = '' } = useParams({ strict: false });
  const alert = useQuery(alertQuery(id));
  const decide = useDecide();
  const allowed = mayDecide(useUser());
  const { say } = useNotices();
  const back = useBack();
  useTitle(alert.data?.rule.title ?? messages.queue.title);
  useKeys(
    decisionKeys((decision) => {
      if (allowed && alert.data !== undefined)
        void decide([alert.data], decision, { version: alert.data.version });
    }),
  );
  const copyLink = async () => {
    await copyText(window.location.href);
    say({ text: messages.copied });
  };
  return (
    <div className={classes.page}>
      <div className={classes.top}>
        <Button variant="subtle" leftSection={<Icon name="left" size={16} />} onClick={back} title="Esc">
          {messages.alert.back}
        </Button>
        <Button variant="subtle" leftSection={<Icon name="link" size={16} />} onClick={() => void copyLink()}>
          {messages.alert.permalink}
        </Button>
      </div>
      {alert.error !== null && (
        <ProblemBanner
          error={alert.error}
          stale={alert.data !== undefined}
          retry={() => void alert.refetch()}
        />
      )}
      {alert.data === undefined ? (
        <>
          <h1 className="sr-only">{messages.queue.title}</h1>
          {alert.error === null && <Delayed rows={10} />}
        </>
      ) : (
        <AlertBody alert={alert.data} />
      )}
    </div>
  );
}

/** Back to the list as it was; Esc does the same, unless something on the page uses it. */
function useBack(): () => void {
  const router = useRouter();
  const navigate = useNavigate();
  const canGoBack = useCanGoBack();
  const back = () => {
    if (canGoBack) router.history.back();
    else void navigate({ to: '/alerts' });
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const busy = event.target instanceof Element && event.target.closest(ownKeys) !== null;
      if (event.key === 'Escape' && !event.defaultPrevented && !busy) back();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  return back;
}
