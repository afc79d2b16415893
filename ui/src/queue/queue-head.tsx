import { Button, NativeSelect } from '@mantine/core';
import { useMessages } from '../i18n/language.tsx';
import { useTimeStyle } from '../settings/context.tsx';
import { formatCount } from '../time/format.ts';
import { sorts, type QueueSearch } from './search.ts';
import type { QueueData } from './use-queue.ts';
import classes from './queue.module.css';

interface QueueHeadProps {
  readonly queue: QueueData;
  readonly search: QueueSearch;
  readonly onChange: (part: Partial<QueueSearch>) => void;
  readonly onTakeNew: () => void;
}

/** Title with the count, what has come in since, order and grouping. */
export function QueueHead({ queue, search, onChange, onTakeNew }: QueueHeadProps) {
  const messages = useMessages();
  return (
    <div className={classes.head}>
      <h1>{messages.queue.title}</h1>
      <Total queue={queue} />
      <span role="status">
        {queue.newCount > 0 && (
          <Button variant="light" title={`${messages.queue.takeNew} (n)`} onClick={onTakeNew}>
            {messages.queue.newAlerts(queue.newCount >= 100 ? '100+' : String(queue.newCount))}
          </Button>
        )}
      </span>
      <div className={classes.tools}>
        <Button
          variant={search.grouped ? 'light' : 'default'}
          aria-pressed={search.grouped}
          title={`${messages.queue.groupHint} (v)`}
          onClick={() => onChange({ grouped: !search.grouped })}
        >
          {messages.queue.group}
        </Button>
        <NativeSelect
          aria-label={messages.queue.sort}
          value={search.sort}
          onChange={(event) => {
            const { value } = event.currentTarget;
            onChange({ sort: sorts.find((sort) => sort === value) ?? 'time:desc' });
          }}
          data={sorts.map((value) => ({ value, label: messages.queue.sorts[value] }))}
        />
      </div>
    </div>
  );
}

function Total({ queue: { total, alerts } }: { readonly queue: QueueData }) {
  const messages = useMessages();
  const { language } = useTimeStyle();
  if (total === undefined) return null;
  const partial = total.relation === 'gte';
  const count = `${formatCount(total.value, language)}${partial ? '+' : ''}`;
  return (
    <span className={classes.total} role="status" title={partial ? messages.queue.partial : undefined}>
      {messages.queue.count(count, total.value !== 1)}
      {alerts.length < total.value && `, ${messages.queue.loaded(formatCount(alerts.length, language))}`}
    </span>
  );
}
