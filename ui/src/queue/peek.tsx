import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { AlertBody } from '../alert/alert-body.tsx';
import { alertQuery } from '../api/queries.ts';
import { useMessages } from '../i18n/language.tsx';
import { Delayed } from '../pages/delayed.tsx';
import { ProblemBanner } from '../pages/problem-banner.tsx';
import { Icon } from '../shell/icons.tsx';
import classes from './queue.module.css';

interface PeekProps {
  readonly id: string;
  readonly region: RefObject<HTMLElement | null>;
  readonly onMove: (step: number) => void;
  readonly onClose: () => void;
}

/** The alert beside the list. A region, not a dialog: the list stays in use, and j and k go on walking it. */
export function Peek({ id, region, onMove, onClose }: PeekProps) {
  const messages = useMessages();
  const alert = useQuery(alertQuery(id));
  return (
    <section className={classes.peek} aria-label={messages.queue.peek} ref={region} tabIndex={0}>
      <div className={classes.peekHead}>
        <ActionIcon
          aria-label={messages.queue.closePeek}
          title={`${messages.queue.closePeek} (Esc)`}
          onClick={onClose}
        >
          <Icon name="cross" />
        </ActionIcon>
        <ActionIcon aria-label={`${messages.shortcuts.next} (k)`} onClick={() => onMove(-1)}>
          <Icon name="left" />
        </ActionIcon>
        <ActionIcon aria-label={`${messages.shortcuts.next} (j)`} onClick={() => onMove(1)}>
          <Icon name="right" />
        </ActionIcon>
        <Link to="/alerts/$id" params={{ id }}>
          {messages.queue.openFull}
        </Link>
      </div>
      <div className={classes.peekBody}>
        {alert.error !== null && <ProblemBanner error={alert.error} retry={() => void alert.refetch()} />}
        {alert.data === undefined ? (
          alert.error === null && <Delayed rows={8} />
        ) : (
          <AlertBody alert={alert.data} compact />
        )}
      </div>
    </section>
  );
}
