import { Tabs, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { EventItem } from '../../../api/contract/index.ts';
import { Evidence } from '../evidence/evidence.tsx';
import { flatten } from '../evidence/flatten.ts';
import { useMessages } from '../i18n/language.tsx';
import { FindLink } from './find-link.tsx';
import classes from './events.module.css';

/** One event in three views: the line as it came, its fields, and the document as it is stored. */
export function EventView({ event }: { readonly event: EventItem }) {
  const messages = useMessages();
  return (
    <Tabs defaultValue="original" keepMounted={false}>
      <Tabs.List aria-label={messages.event.views}>
        <Tabs.Tab value="original">{messages.event.original}</Tabs.Tab>
        <Tabs.Tab value="fields">{messages.event.fields}</Tabs.Tab>
        <Tabs.Tab value="json">{messages.event.json}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="original" className={classes.panel}>
        <div className={classes.block}>
          <Evidence value={event.original} />
        </div>
      </Tabs.Panel>
      <Tabs.Panel value="fields" className={classes.panel}>
        <FieldTable document={event.document} />
      </Tabs.Panel>
      <Tabs.Panel value="json" className={classes.panel}>
        <div className={classes.block}>
          <JsonText value={event.document} />
        </div>
      </Tabs.Panel>
    </Tabs>
  );
}

/** Line by line, because the line feeds are ours; inside the strings JSON has escaped them. */
function JsonText({ value }: { readonly value: unknown }) {
  const lines = JSON.stringify(value, null, 2).split('\n');
  return lines.map((line, index) => (
    <div key={index}>
      <Evidence value={line} />
    </div>
  ));
}

function FieldTable({ document }: { readonly document: EventItem['document'] }) {
  const messages = useMessages();
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const fields = flatten(document)
    .filter(({ name }) => name !== 'event.original')
    .filter(({ name, value }) => name.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted))
    .sort((a, b) => a.name.localeCompare(b.name));
  return (
    <>
      <TextInput
        size="xs"
        className={classes.filter}
        aria-label={messages.event.filter}
        placeholder={messages.event.filter}
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      {fields.length === 0 && <p>{messages.event.noFields}</p>}
      <table className={classes.table}>
        <thead className="sr-only">
          <tr>
            <th scope="col">{messages.event.field}</th>
            <th scope="col">{messages.event.value}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, value }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>
                <Evidence value={value} />
                {value !== '' && <FindLink field={name} value={value} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
