import { makeSignal } from './signal.ts';
import type { EventRef, Signal } from './contract.ts';
import type { Episode } from './episode.ts';
import type { Alert, Group, Satisfied } from './group.ts';

type Tell = (signal: Signal) => void;

/** What arrived satisfied windows at once: an alert begins or grows. */
export function tellArrival(group: Group, trigger: EventRef, satisfied: Satisfied, tell: Tell): void {
  const { low, high, episode } = satisfied;
  // Others that it joins as well turn out to be the same when the episode is over: one may yet join an earlier one.
  const [alert] = group.joined(low, high);
  if (alert === undefined) {
    raise(group, { trigger, low, high }, episode, tell);
    return;
  }
  alert.low = Math.min(alert.low, low);
  alert.high = Math.max(alert.high, high);
  tellGrowth(group, alert, episode, tell);
}

/** A match too late to be counted completes a window: told once, and nothing follows. */
export function tellStray(
  group: Group,
  trigger: EventRef,
  { low, high, episode }: Satisfied,
  tell: Tell,
): void {
  const { timespanMs } = group.plan;
  const covered = group.alerts.some(
    (alert) => alert.low - timespanMs <= high && low <= alert.high + timespanMs,
  );
  if (covered) return;
  const alert = { trigger, revision: 0, signalled: episode.count, low, high, stray: true, told: undefined };
  group.alerts.push(alert);
  tell(makeSignal('fired', { group, alert, episode }));
}

/** An episode began in order. */
export function tellBeginning(group: Group, episode: Episode, tell: Tell): void {
  if (group.plan.city) return;
  const [alert] = group.joined(episode.at, episode.last);
  if (alert === undefined)
    raise(group, { trigger: episode.final.event, low: episode.at, high: episode.last }, episode, tell);
  else {
    alert.low = Math.min(alert.low, episode.at);
    alert.high = Math.max(alert.high, episode.at);
  }
}

/** How an episode that is not over stands after settling. */
export function tellProgress(group: Group, episode: Episode, tell: Tell): void {
  const [alert] = group.joined(episode.at, episode.last);
  if (alert === undefined) return;
  alert.high = Math.max(alert.high, episode.last);
  if (!group.plan.eager || group.negative) tellGrowth(group, alert, episode, tell);
}

/** An episode is over: the first alert that was raised for it ends with it, the others were the same. */
export function tellEnd(group: Group, episode: Episode, tell: Tell): void {
  const [first, ...others] = group.alerts.filter(
    ({ low, high, stray }) => !stray && low <= episode.last && high >= episode.at,
  );
  const beginning = { trigger: episode.final.event, low: episode.at, high: episode.last };
  const alert = first ?? raise(group, beginning, episode, tell);
  drop(group, alert);
  tell(makeSignal('final', { group, alert, episode }, { final: episode.final.event }));
  for (const other of others) {
    drop(group, other);
    tell(makeSignal('duplicate', { group, alert: other, episode }, { of: alert.trigger }));
  }
}

/** Ends alerts of which nothing is left once everything is in order, and forgets strays. */
export function tellWithdrawn(group: Group, watermark: number, tell: Tell): void {
  for (const alert of group.alerts) {
    if (watermark <= alert.high + group.plan.timespanMs) continue;
    const { episode } = group.settled;
    if (episode !== undefined && alert.low <= episode.last && alert.high >= episode.at) continue;
    drop(group, alert);
    if (alert.told !== undefined && !alert.stray)
      tell(makeSignal('final', { group, alert, episode: alert.told }));
  }
}

type Beginning = Pick<Alert, 'trigger' | 'low' | 'high'>;

function raise(group: Group, beginning: Beginning, episode: Episode, tell: Tell): Alert {
  const alert = { ...beginning, revision: 0, signalled: episode.count, stray: false, told: undefined };
  group.alerts.push(alert);
  tell(makeSignal('fired', { group, alert, episode }));
  return alert;
}

function tellGrowth(group: Group, alert: Alert, episode: Episode, tell: Tell): void {
  if (episode.count < 2 * alert.signalled) return;
  alert.signalled = episode.count;
  tell(makeSignal('updated', { group, alert, episode }));
}

function drop(group: Group, alert: Alert): void {
  group.alerts = group.alerts.filter((other) => other !== alert);
}
