import type { AlertDetail } from '../../../api/contract/index.ts';
import { Evidence } from '../evidence/evidence.tsx';
import { flatten } from '../evidence/flatten.ts';
import { FindLink } from '../events/find-link.tsx';
import { useMessages } from '../i18n/language.tsx';
import { Section } from './section.tsx';
import classes from './alert.module.css';

/** ECS fields that an analyst reads first, in this order. */
const keyFields = [
  'host.name',
  'user.name',
  'user.domain',
  'user.target.name',
  'source.ip',
  'source.port',
  'destination.ip',
  'destination.port',
  'process.executable',
  'process.command_line',
  'process.parent.executable',
  'process.parent.command_line',
  'file.path',
  'registry.path',
  'dns.question.name',
  'url.original',
  'url.path',
  'http.request.method',
  'http.response.status_code',
  'user_agent.original',
  'winlog.channel',
  'event.code',
];

export function KeyFields({ document }: { readonly document: AlertDetail['document'] }) {
  const messages = useMessages();
  const held = new Map(flatten(document).map(({ name, value }) => [name, value]));
  const found = keyFields.flatMap((name) => {
    const value = held.get(name);
    return value === undefined || value === '' ? [] : [{ name, value }];
  });
  if (found.length === 0) return null;
  return (
    <Section id="key-fields" title={messages.alert.keyFields}>
      <dl className={classes.fields}>
        {found.map(({ name, value }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <Evidence value={value} />
              <FindLink field={name} value={value} />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
