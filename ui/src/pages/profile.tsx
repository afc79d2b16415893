import { NativeSelect, Switch } from '@mantine/core';
import { useMessages } from '../i18n/language.tsx';
import { useNotices } from '../notices/context.tsx';
import { PasswordForm } from '../session/password-form.tsx';
import { useUser } from '../session/user.ts';
import { browserZone, useSettings } from '../settings/context.tsx';
import { LanguageChoice, ThemeChoice } from '../shell/choices.tsx';
import { useTitle } from '../shell/title.ts';
import classes from './pages.module.css';

/** An analyst's own choices. */
export function ProfilePage() {
  const messages = useMessages();
  const { profile: text } = messages;
  const user = useUser();
  const { say } = useNotices();
  useTitle(text.title);
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1>{text.title}</h1>
      </div>
      <section className={classes.section} aria-labelledby="display">
        <h2 id="display">{text.display}</h2>
        <LanguageChoice labelled />
        <ThemeChoice labelled />
        <ZoneChoice />
      </section>
      <Switches />
      <section className={classes.section} aria-labelledby="account">
        <h2 id="account">{text.account}</h2>
        <dl className={classes.facts}>
          <dt>{messages.login.name}</dt>
          <dd>{user.name}</dd>
          <dt>{text.role}</dt>
          <dd>{messages.roles[user.role]}</dd>
          <dt>{text.agency}</dt>
          <dd>{user.agency ?? text.allAgencies}</dd>
        </dl>
        <h3>{messages.password.change}</h3>
        <PasswordForm onDone={() => say({ text: messages.password.done })} />
      </section>
    </div>
  );
}

function ZoneChoice() {
  const messages = useMessages();
  const { settings, change } = useSettings();
  return (
    <NativeSelect
      size="sm"
      label={messages.profile.zone}
      value={settings.zone}
      onChange={(event) => change({ zone: event.currentTarget.value })}
      data={[
        { value: '', label: messages.profile.browserZone(browserZone) },
        ...Intl.supportedValuesOf('timeZone').map((zone) => ({
          value: zone,
          label: zone.replaceAll('_', ' '),
        })),
      ]}
    />
  );
}

function Switches() {
  const { profile: text } = useMessages();
  const { settings, change } = useSettings();
  return (
    <section className={classes.section} aria-labelledby="keyboard">
      <h2 id="keyboard">{text.keyboard}</h2>
      <Switch
        label={text.shortcuts}
        description={text.shortcutsHint}
        checked={settings.shortcuts}
        onChange={(event) => change({ shortcuts: event.currentTarget.checked })}
      />
      <Switch
        label={text.live}
        description={text.liveHint}
        checked={settings.live}
        onChange={(event) => change({ live: event.currentTarget.checked })}
      />
    </section>
  );
}
