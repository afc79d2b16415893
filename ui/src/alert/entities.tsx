import { Link } from '@tanstack/react-router';
import type { AlertDetail } from '../../../api/contract/index.ts';
import { Visible } from '../evidence/evidence.tsx';
import { useMessages } from '../i18n/language.tsx';
import { quote } from '../queue/filter.ts';
import { defaultSearch, encodeSearch } from '../queue/search.ts';
import { Icon } from '../shell/icons.tsx';
import { Section } from './section.tsx';
import classes from './alert.module.css';

/** What the alert is about, each with the way to its other alerts and to its events. */
export function Entities({ alert }: { readonly alert: AlertDetail }) {
  const messages = useMessages();
  if (alert.entities.length === 0) return null;
  return (
    <Section id="entities" title={messages.alert.entities}>
      <ul className={classes.entities}>
        {alert.entities.map(({ type, value }) => {
          const search = encodeSearch({ ...defaultSearch, q: quote(value), filters: {} });
          return (
            <li key={`${type} ${value}`}>
              <span className={classes.kind}>{messages.alert.entity[type]}</span>
              <code>
                <Visible text={value} />
              </code>
              <Link
                to="/alerts"
                search={search}
                className={classes.pivot}
                title={messages.alert.entityAlerts(value)}
                aria-label={messages.alert.entityAlerts(value)}
              >
                <Icon name="alerts" size={16} />
              </Link>
              <Link
                to="/search"
                search={search}
                className={classes.pivot}
                title={messages.alert.entityEvents(value)}
                aria-label={messages.alert.entityEvents(value)}
              >
                <Icon name="events" size={16} />
              </Link>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
