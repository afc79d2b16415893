import { Button, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { User } from '../../../api/contract/index.ts';
import { useSignOut } from '../api/session.ts';
import { Visible } from '../evidence/evidence.tsx';
import { useMessages } from '../i18n/language.tsx';
import { Icon } from './icons.tsx';
import classes from './shell.module.css';

export function UserMenu({ user }: { readonly user: User }) {
  const messages = useMessages();
  const signOut = useSignOut();
  return (
    <Menu
      position="bottom-end"
      width={240}
      shadow="md"
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Button
          className={classes.user}
          variant="subtle"
          aria-label={messages.bar.user(user.name)}
          leftSection={<Icon name="user" />}
        >
          <Visible text={user.name} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {messages.roles[user.role]} · {user.agency ?? messages.profile.allAgencies}
        </Menu.Label>
        <Menu.Item component={Link} to="/settings/profile">
          {messages.nav.profile}
        </Menu.Item>
        <Menu.Item onClick={() => signOut.mutate()}>{messages.bar.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
