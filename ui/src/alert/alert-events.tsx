import { useQuery } from '@tanstack/react-query';
import { alertEventsQuery } from '../api/queries.ts';
import { EventView } from '../events/event-view.tsx';
import { useMessages } from '../i18n/language.tsx';
import { Delayed } from '../pages/delayed.tsx';
import { ProblemBanner } from '../pages/problem-banner.tsx';
import { When } from '../time/when.tsx';
import { Section } from './section.tsx';
import classes from './alert.module.css';

const EVENTS_SHOWN = 20;

/** The events that the alert rests on. */
export function AlertEvents({ id }: { readonly id: string }) {
  const messages = useMessages();
  const events = useQuery(alertEventsQuery(id));
  const all = events.data?.events ?? [];
  return (
    <Section
      id="events"
      title={`${messages.alert.events} (${events.data === undefined ? '…' : messages.alert.eventsCount(all.length)})`}
      wide
    >
      {events.error !== null && <ProblemBanner error={events.error} retry={() => void events.refetch()} />}
      {events.isPending && <Delayed rows={3} />}
      {all.slice(0, EVENTS_SHOWN).map((event) => (
        <div key={event.id} className={classes.event}>
          <p className={classes.eventTime}>
            <When time={event.time} absolute />
          </p>
          <EventView event={event} />
        </div>
      ))}
    </Section>
  );
}
