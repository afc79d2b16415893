import { Button, Kbd, Menu, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { AlertDetail } from '../../../api/contract/index.ts';
import { useMessages } from '../i18n/language.tsx';
import { useKeys } from '../keys/context.tsx';
import { mayDecide, useUser } from '../session/user.ts';
import { useSettings } from '../settings/context.tsx';
import { Icon } from '../shell/icons.tsx';
import { StateLabel } from './state-label.tsx';
import { useDecide } from './use-decide.ts';
import { verdictKeys, verdicts, type Decision } from './verdict.ts';
import classes from './alert.module.css';

/** Where the alert stands, and every way on from there. A note goes with the next decision. */
export function VerdictBar({ alert }: { readonly alert: AlertDetail }) {
  const messages = useMessages();
  const allowed = mayDecide(useUser());
  const decide = useDecide();
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useKeys({
    e: (event) => {
      event.preventDefault();
      field.current?.focus();
    },
  });
  const act = async (decision: Decision) => {
    setBusy(true);
    const text = note.trim().normalize('NFC');
    const extra = { version: alert.version, ...(text === '' ? {} : { note: text }) };
    if (await decide([alert], decision, extra)) setNote('');
    setBusy(false);
  };
  return (
    <div className={classes.verdict} role="group" aria-label={messages.actions.label}>
      <StateLabel alert={alert} />
      {allowed && (
        <>
          {alert.state === 'new' && (
            <Button
              disabled={busy}
              onClick={() => void act({ to: 'acknowledged' })}
              rightSection={<Key name="a" />}
            >
              {messages.actions.acknowledge}
            </Button>
          )}
          {alert.state === 'acknowledged' && (
            <Button disabled={busy} onClick={() => void act({ to: 'in_progress' })}>
              {messages.actions.start}
            </Button>
          )}
          {alert.state === 'closed' ? (
            <Button variant="default" disabled={busy} onClick={() => void act({ to: 'new' })}>
              {messages.actions.reopen}
            </Button>
          ) : (
            <CloseMenu busy={busy} onDecide={(decision) => void act(decision)} />
          )}
          <TextInput
            ref={field}
            className={classes.note}
            size="xs"
            aria-label={messages.actions.note}
            placeholder={`${messages.actions.note} – ${messages.actions.notePlaceholder}`}
            maxLength={10_000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              event.preventDefault();
              event.currentTarget.blur();
            }}
          />
        </>
      )}
    </div>
  );
}

function CloseMenu({
  busy,
  onDecide,
}: {
  readonly busy: boolean;
  readonly onDecide: (decision: Decision) => void;
}) {
  const messages = useMessages();
  return (
    <Menu
      position="bottom-start"
      width={270}
      shadow="md"
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Button variant="default" disabled={busy} rightSection={<Icon name="chevron" size={14} />}>
          {messages.actions.closeAs}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {verdicts.map((verdict) => (
          <Menu.Item
            key={verdict}
            rightSection={<Key name={verdictKeys[verdict]} />}
            onClick={() => onDecide({ to: 'closed', verdict })}
          >
            {messages.verdicts[verdict]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Key({ name }: { readonly name: string | undefined }) {
  const { settings } = useSettings();
  return name === undefined || !settings.shortcuts ? null : <Kbd size="xs">{name}</Kbd>;
}
