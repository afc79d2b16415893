import { useQuery } from '@tanstack/react-query';
import type { Health } from '../../../api/contract/index.ts';
import { healthQuery } from '../api/queries.ts';
import { Visible } from '../evidence/evidence.tsx';
import { useMessages } from '../i18n/language.tsx';
import { Icon, type IconName } from '../shell/icons.tsx';
import { useTitle } from '../shell/title.ts';
import { Delayed } from './delayed.tsx';
import { ProblemBanner } from './problem-banner.tsx';
import classes from './pages.module.css';

type ComponentState = Health['components'][number]['state'];
const icons: Readonly<Record<ComponentState, IconName>> = { ok: 'check', degraded: 'minus', failed: 'cross' };

/** How every part of the program is doing. */
export function HealthPage() {
  const messages = useMessages();
  const health = useQuery({ ...healthQuery, refetchInterval: 30_000 });
  useTitle(messages.health.title);
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1>{messages.health.title}</h1>
        {health.data !== undefined && (
          <p className={classes.lead} role="status">
            {health.data.ready ? messages.health.ready : messages.health.notReady}{' '}
            {messages.health.version(health.data.version)}
          </p>
        )}
      </div>
      {health.error !== null && (
        <ProblemBanner
          error={health.error}
          stale={health.data !== undefined}
          retry={() => void health.refetch()}
        />
      )}
      {health.isPending && health.error === null && <Delayed rows={5} />}
      {health.data !== undefined && health.data.components.length > 0 && <Components health={health.data} />}
    </div>
  );
}

function Components({ health }: { readonly health: Health }) {
  const messages = useMessages();
  return (
    <div className={classes.scroll} role="region" aria-label={messages.health.title} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            {(['state', 'stage', 'component', 'detail'] as const).map((column) => (
              <th key={column} scope="col">
                {messages.health[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {health.components.map(({ stage, name, state, detail }) => (
            <tr key={`${stage} ${name}`}>
              <td>
                <span className={classes.states}>
                  <Icon name={icons[state]} size={15} />
                  {messages.health.states[state]}
                </span>
              </td>
              <td>{stage}</td>
              <td>
                <Visible text={name} />
              </td>
              <td>
                <Visible text={detail ?? messages.none} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
