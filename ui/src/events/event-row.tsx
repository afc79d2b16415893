import { memo, useId, useState } from 'react';
import type { EventItem } from '../../../api/contract/index.ts';
import { Visible } from '../evidence/evidence.tsx';
import { Icon } from '../shell/icons.tsx';
import { When } from '../time/when.tsx';
import { EventView } from './event-view.tsx';
import classes from './events.module.css';

const LINE_CHARS_MAX = 400;

/** An event as one line, unfolded where it stands. */
export const EventRow = memo(function EventRow({ event }: { readonly event: EventItem }) {
  const [open, setOpen] = useState(false);
  const detail = useId();
  return (
    <li className={classes.item}>
      <button
        type="button"
        className={classes.line}
        aria-expanded={open}
        aria-controls={open ? detail : undefined}
        onClick={() => setOpen(!open)}
      >
        <Icon name="right" size={14} />
        <When time={event.time} absolute />
        <span className={classes.agency}>
          <Visible text={event.agency} />
        </span>
        <span className={classes.original}>
          <Visible text={event.original.slice(0, LINE_CHARS_MAX)} />
        </span>
      </button>
      {open && (
        <div id={detail} className={classes.detail}>
          <EventView event={event} />
        </div>
      )}
    </li>
  );
});
