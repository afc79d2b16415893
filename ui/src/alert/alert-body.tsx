import type { AlertDetail } from '../../../api/contract/index.ts';
import { Visible } from '../evidence/evidence.tsx';
import { prose } from '../evidence/prose.ts';
import { useMessages } from '../i18n/language.tsx';
import { SeverityMark } from '../theme/severity-mark.tsx';
import { When } from '../time/when.tsx';
import { AttackChips } from './attack-chips.tsx';
import { Entities } from './entities.tsx';
import { AlertEvents } from './alert-events.tsx';
import { CorrelationView } from './correlation.tsx';
import { ExplanationView } from './explanation.tsx';
import { History } from './history.tsx';
import { KeyFields } from './key-fields.tsx';
import { RuleFacts } from './rule-facts.tsx';
import { Section } from './section.tsx';
import { VerdictBar } from './verdict-bar.tsx';
import classes from './alert.module.css';

/** Both times are shown when they are farther apart than this. */
const LATE_MS = 5 * 60_000;

/** An alert whole, for its page and (`compact`) for the flyout beside the list. */
export function AlertBody({
  alert,
  compact = false,
}: {
  readonly alert: AlertDetail;
  readonly compact?: boolean;
}) {
  const messages = useMessages();
  const Title = compact ? 'h2' : 'h1';
  const late = Math.abs(Date.parse(alert.accepted) - Date.parse(alert.time)) > LATE_MS;
  return (
    <article className={compact ? classes.compact : classes.alert}>
      <header className={classes.header}>
        <Title>
          <Visible text={alert.rule.title} />
        </Title>
        <p className={classes.facts}>
          <SeverityMark level={alert.rule.level} />
          <span>
            <When time={alert.time} absolute />
          </span>
          {late && (
            <span title={messages.alert.late}>
              {messages.alert.accepted}: <When time={alert.accepted} absolute />
            </span>
          )}
          <span>
            {messages.alert.agency}: <Visible text={alert.agency} />
          </span>
          {alert.assignee !== null && (
            <span>
              {messages.alert.assignee}: <Visible text={alert.assignee} />
            </span>
          )}
        </p>
        {alert.rule.description !== null && (
          <p className={classes.description}>
            <Visible text={prose(alert.rule.description)} />
          </p>
        )}
      </header>
      <VerdictBar key={alert.id} alert={alert} />
      <div className={classes.column}>
        <Section id="why" title={messages.alert.why}>
          {alert.correlation === null ? (
            <ExplanationView explanation={alert.explanation} />
          ) : (
            <CorrelationView correlation={alert.correlation} />
          )}
        </Section>
      </div>
      <div className={classes.column}>
        <KeyFields document={alert.document} />
        <Entities alert={alert} />
        <AttackChips alert={alert} />
      </div>
      <AlertEvents id={alert.id} />
      <RuleFacts rule={alert.rule} />
      <History alert={alert} />
    </article>
  );
}
