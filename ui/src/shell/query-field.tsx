import { CloseButton, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useMessages } from '../i18n/language.tsx';
import { useAddress } from '../queue/use-address.ts';
import { queryFieldId } from './global-keys.ts';
import { Icon } from './icons.tsx';
import classes from './shell.module.css';

const QUERY_CHARS_MAX = 4000;

/** The query of the page; on pages without one it searches the alerts. */
export function QueryField() {
  const messages = useMessages();
  const { page, search, change } = useAddress();
  const [text, setText] = useState(page === undefined ? '' : search.q);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change({ q: text.trim().normalize('NFC'), peek: '' });
  };
  const clear = () => {
    setText('');
    if (search.q !== '') change({ q: '', peek: '' });
  };
  return (
    <form role="search" className={classes.query} onSubmit={submit}>
      <TextInput
        id={queryFieldId}
        type="text"
        aria-label={page === '/search' ? messages.bar.searchEvents : messages.bar.search}
        placeholder={messages.bar.placeholder}
        leftSection={<Icon name="search" size={16} />}
        rightSection={
          text === '' ? null : <CloseButton size={26} aria-label={messages.queue.dropQuery} onClick={clear} />
        }
        enterKeyHint="search"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={QUERY_CHARS_MAX}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
    </form>
  );
}
