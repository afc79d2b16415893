import { Link } from '@tanstack/react-router';
import { useMessages } from '../i18n/language.tsx';
import { term } from '../queue/filter.ts';
import { defaultSearch, encodeSearch } from '../queue/search.ts';
import { Icon } from '../shell/icons.tsx';
import classes from './events.module.css';

const VALUE_CHARS_MAX = 300;

/** From a value to the events that have it. */
export function FindLink({ field, value }: { readonly field: string; readonly value: string }) {
  const messages = useMessages();
  if (value.length > VALUE_CHARS_MAX) return null;
  const label = messages.event.find(`${field}: ${value}`);
  return (
    <Link
      to="/search"
      search={encodeSearch({ ...defaultSearch, q: term(field, value), filters: defaultSearch.filters })}
      className={classes.find}
      aria-label={label}
      title={label}
    >
      <Icon name="search" size={14} />
    </Link>
  );
}
