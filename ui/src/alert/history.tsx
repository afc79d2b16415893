import type { AlertDetail } from '../../../api/contract/index.ts';
import { Visible } from '../evidence/evidence.tsx';
import { useMessages } from '../i18n/language.tsx';
import { When } from '../time/when.tsx';
import { Section } from './section.tsx';
import classes from './alert.module.css';

/** One column of what happened and what people did, oldest first. */
export function History({ alert }: { readonly alert: AlertDetail }) {
  const messages = useMessages();
  return (
    <Section id="history" title={messages.alert.history}>
      <ol className={classes.history}>
        <li>
          <When time={alert.time} absolute /> {messages.alert.fired}
        </li>
        <li>
          <When time={alert.accepted} absolute /> {messages.alert.accepted}
        </li>
        {alert.transitions.map((transition) => (
          <li key={transition.n}>
            <When time={transition.at} absolute />{' '}
            <strong>
              {messages.alert.moved(messages.states[transition.from], messages.states[transition.to])}
            </strong>{' '}
            {transition.verdict !== null && <>({messages.verdicts[transition.verdict]}) </>}
            <Visible text={messages.alert.by(transition.by)} />
            {transition.note !== null && (
              <p className={classes.noteText}>
                <Visible text={transition.note} />
              </p>
            )}
          </li>
        ))}
      </ol>
      {alert.transitions.length === 0 && <p className={classes.dim}>{messages.alert.noHistory}</p>}
    </Section>
  );
}
