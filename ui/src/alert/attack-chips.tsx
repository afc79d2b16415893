import type { AlertDetail } from '../../../api/contract/index.ts';
import { useMessages } from '../i18n/language.tsx';
import { Section } from './section.tsx';
import classes from './alert.module.css';

const attackSite = 'https://attack.mitre.org';

export function AttackChips({ alert }: { readonly alert: AlertDetail }) {
  const messages = useMessages();
  if (alert.tactics.length + alert.techniques.length === 0) return null;
  return (
    <Section id="attack" title={messages.alert.attack}>
      <ul className={classes.chips}>
        {alert.tactics.map(({ id, name }) => (
          <Chip key={id} id={id} name={name} href={`${attackSite}/tactics/${encodeURIComponent(id)}/`} />
        ))}
        {alert.techniques.map(({ id, name }) => (
          <Chip
            key={id}
            id={id}
            name={name}
            href={`${attackSite}/techniques/${id.split('.').map(encodeURIComponent).join('/')}/`}
          />
        ))}
      </ul>
    </Section>
  );
}

function Chip({ id, name, href }: { readonly id: string; readonly name: string; readonly href: string }) {
  return (
    <li>
      <a className={classes.chip} href={href} target="_blank" rel="noreferrer">
        <code>{id}</code> {name === id ? '' : name}
      </a>
    </li>
  );
}
