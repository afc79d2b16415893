import type { AlertDetail } from '../../../api/contract/index.ts';
import { Visible } from '../evidence/evidence.tsx';
import { prose } from '../evidence/prose.ts';
import { useMessages } from '../i18n/language.tsx';
import { Section } from './section.tsx';
import classes from './alert.module.css';

/** What the rule says about itself; its false positives first, because they decide the verdict. */
export function RuleFacts({ rule }: { readonly rule: AlertDetail['rule'] }) {
  const messages = useMessages();
  const facts = [
    [messages.alert.ruleId, rule.id],
    [messages.alert.author, rule.author],
    [messages.alert.license, rule.license],
  ] as const;
  return (
    <Section id="rule" title={messages.alert.rule}>
      {rule.falsepositives.length > 0 && (
        <>
          <h3>{messages.alert.falsePositives}</h3>
          <ul className={classes.bullets}>
            {rule.falsepositives.map((text) => (
              <li key={text}>
                <Visible text={prose(text)} />
              </li>
            ))}
          </ul>
        </>
      )}
      {rule.references.length > 0 && (
        <>
          <h3>{messages.alert.references}</h3>
          <ul className={classes.bullets}>
            {rule.references.map((text) => (
              <li key={text}>
                <Reference text={text} />
              </li>
            ))}
          </ul>
        </>
      )}
      <dl className={classes.ruleFacts}>
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Visible text={value} />
              </dd>
            </div>
          ),
        )}
      </dl>
    </Section>
  );
}

/** Only web addresses become links: a rule may come from anybody. */
function Reference({ text }: { readonly text: string }) {
  if (!/^https?:\/\//i.test(text)) return <Visible text={text} />;
  return (
    <a href={text} target="_blank" rel="noreferrer">
      <Visible text={text} />
    </a>
  );
}
