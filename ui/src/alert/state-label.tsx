import type { AlertSummary } from '../../../api/contract/index.ts';
import { useMessages } from '../i18n/language.tsx';
import { Icon, type IconName } from '../shell/icons.tsx';
import type { AlertState } from './verdict.ts';
import classes from './alert.module.css';

const icons: Readonly<Record<AlertState, IconName>> = {
  new: 'alerts',
  acknowledged: 'user',
  in_progress: 'clock',
  closed: 'check',
};

/** State as icon and word; a closed alert says with which verdict. */
export function StateLabel({ alert }: { readonly alert: Pick<AlertSummary, 'state' | 'verdict'> }) {
  const messages = useMessages();
  const word = alert.verdict === null ? messages.states[alert.state] : messages.verdicts[alert.verdict];
  return (
    <span className={classes.state} data-state={alert.state} title={word}>
      <Icon name={icons[alert.state]} size={14} />
      <span>
        {alert.state === 'closed' && <span className="sr-only">{messages.states.closed}: </span>}
        {word}
      </span>
    </span>
  );
}
