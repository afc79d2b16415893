import { Button, CloseButton, Kbd } from '@mantine/core';
import { useMessages } from '../i18n/language.tsx';
import { useSettings } from '../settings/context.tsx';
import { useNotices } from './context.tsx';
import classes from './notice-bar.module.css';

/** The one place where the console says what happened; read out by screen readers without taking the focus. */
export function NoticeBar() {
  const { notice, dismiss, undo } = useNotices();
  const { settings } = useSettings();
  const messages = useMessages();
  return (
    <div className={classes.region} role="status">
      {notice !== undefined && (
        <div className={`${classes.notice} ${notice.tone === 'failed' ? classes.failed : ''}`}>
          <span>{notice.text}</span>
          {notice.undo !== undefined && (
            <Button
              variant="light"
              onClick={undo}
              rightSection={settings.shortcuts ? <Kbd size="xs">u</Kbd> : null}
            >
              {messages.actions.undo}
            </Button>
          )}
          <CloseButton size={28} aria-label={messages.actions.dismiss} onClick={dismiss} />
        </div>
      )}
    </div>
  );
}
