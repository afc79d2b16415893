import { ActionIcon } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { User } from '../../../api/contract/index.ts';
import { useMessages } from '../i18n/language.tsx';
import { useAddress } from '../queue/use-address.ts';
import { useSettings, useTimeStyle } from '../settings/context.tsx';
import { offsetLabel } from '../time/zone.ts';
import { LanguageChoice, ThemeChoice } from './choices.tsx';
import { Icon, Logo } from './icons.tsx';
import { QueryField } from './query-field.tsx';
import { RangePicker } from './range-picker.tsx';
import { UserMenu } from './user-menu.tsx';
import { Button } from '@mantine/core';
import classes from './shell.module.css';

export function TopBar({ user, onHelp }: { readonly user: User; readonly onHelp: () => void }) {
  const messages = useMessages();
  const { page, search } = useAddress();
  return (
    <header className={classes.bar}>
      <Link to="/alerts" className={classes.brand} aria-label={messages.product}>
        <Logo />
        <span>{messages.product}</span>
      </Link>
      <QueryField key={`${page ?? ''} ${search.q}`} />
      {page !== undefined && <RangePicker />}
      <div className={classes.tools}>
        <ZoneToggle />
        <span className={classes.wide}>
          <LanguageChoice />
        </span>
        <span className={classes.wide}>
          <ThemeChoice />
        </span>
        <ActionIcon
          aria-label={messages.bar.shortcuts}
          title={`${messages.bar.shortcuts} (?)`}
          onClick={onHelp}
        >
          <Icon name="keyboard" />
        </ActionIcon>
        <UserMenu user={user} />
      </div>
    </header>
  );
}

/** Says once for the whole screen how far its times are from UTC, and switches to UTC. */
function ZoneToggle() {
  const messages = useMessages();
  const { settings, change } = useSettings();
  const { zone } = useTimeStyle();
  const label = offsetLabel(Date.now(), zone);
  return (
    <Button
      variant="subtle"
      px={8}
      aria-label={messages.bar.utc(label)}
      title={`${messages.bar.utc(zone)} (z)`}
      aria-pressed={settings.utc}
      onClick={() => change({ utc: !settings.utc })}
    >
      {label}
    </Button>
  );
}
