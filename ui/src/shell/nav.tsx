import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { overviewQuery } from '../api/queries.ts';
import { useMessages } from '../i18n/language.tsx';
import { listParameters } from '../queue/filter.ts';
import { defaultSearch } from '../queue/search.ts';
import { useTimeStyle } from '../settings/context.tsx';
import { formatCount } from '../time/format.ts';
import { Icon, type IconName } from './icons.tsx';
import classes from './shell.module.css';

const items = [
  { to: '/alerts', name: 'alerts', icon: 'alerts' },
  { to: '/search', name: 'search', icon: 'events' },
  { to: '/sources', name: 'sources', icon: 'sources' },
  { to: '/settings/health', name: 'health', icon: 'health' },
  { to: '/settings/profile', name: 'profile', icon: 'settings' },
] as const satisfies readonly { to: string; name: string; icon: IconName }[];

/** The pages; the alerts with the number that is still open. */
export function Nav() {
  const messages = useMessages();
  const { language } = useTimeStyle();
  const { sort: _sort, ...parameters } = listParameters(defaultSearch);
  const open = useQuery({ ...overviewQuery(parameters), select: (overview) => overview.total });
  return (
    <nav className={classes.nav} aria-label={messages.nav.label}>
      <ul>
        {items.map(({ to, name, icon }) => (
          <li key={to}>
            <Link to={to} activeOptions={{ includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
              <Icon name={icon} />
              {messages.nav[name]}
              {name === 'alerts' && open.data !== undefined && open.data > 0 && (
                <span className={classes.count} title={messages.queue.open}>
                  {formatCount(open.data, language)}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
