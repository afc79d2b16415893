import { useSyncExternalStore } from 'react';
import { useMessages } from '../i18n/language.tsx';
import type { Messages } from '../i18n/en.ts';
import { useTimeStyle } from '../settings/context.tsx';
import { formatDateTime, relative } from './format.ts';
import { offsetLabel } from './zone.ts';

const TICK_MS = 30_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** The wall clock in steps of half a minute, one timer for all who show it. */
function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

interface WhenProps {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** The absolute time as text, instead of how long ago it was. */
  readonly absolute?: boolean;
}

/** A moment; whichever way it is written, the absolute time with its offset is in the title. */
export function When({ time, absolute = false }: WhenProps) {
  const messages = useMessages();
  const { zone, language } = useTimeStyle();
  const reference = useNow();
  const timeMs = Date.parse(time);
  if (Number.isNaN(timeMs)) return <span>{time}</span>;
  const full = formatDateTime(timeMs, zone, language);
  return (
    <time dateTime={time} title={`${full} ${offsetLabel(timeMs, zone)}`}>
      {absolute ? full : agoText(timeMs, reference, messages)}
    </time>
  );
}

function agoText(timeMs: number, nowMs: number, messages: Messages): string {
  const { unit, count } = relative(timeMs, nowMs);
  return unit === 'now' ? messages.ago.now : messages.ago[unit](count);
}
