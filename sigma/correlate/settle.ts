import { tellBeginning, tellEnd, tellProgress, tellWithdrawn } from './alerting.ts';
import { groupValues, itemValue, type FieldOf } from './extract.ts';
import { joinParts } from './values.ts';
import type { Episode } from './episode.ts';
import type { Group, Place } from './group.ts';
import type { GroupClock } from './group-clock.ts';
import type { GroupStore, Use } from './group-store.ts';
import type { Signal } from './contract.ts';

/** A signal with the place of its correlation. */
export interface Told {
  readonly index: number;
  readonly signal: Signal;
}

/**
 * Settles what is due at a watermark, inner correlations before those that refer to them: what the inner ones tell of
 * lies behind this watermark and ahead of the one before, so the outer ones have not passed it yet.
 */
export function settleClock(store: GroupStore, clock: GroupClock, watermark: number, told: Told[]): void {
  if (!clock.queue.isDue(watermark)) return;
  const ready: Group[][] = store.levels.map(() => []);
  for (const level of store.levels) {
    for (const group of clock.take(watermark)) ready[group.plan.level]?.push(group);
    for (const group of ready[level] ?? []) settleGroup(store, group, watermark, told);
  }
  // Groups that became due again at once, as those whose end this watermark has passed as well.
  settleClock(store, clock, watermark, told);
}

function settleGroup(store: GroupStore, group: Group, watermark: number, told: Told[]): void {
  group.settle(watermark);
  tellSettled(store, group, watermark, told);
  if (group.empty) store.remove(group);
  else {
    store.touch(group);
    group.place.clock.schedule(group);
  }
}

/** Above this there is no compact group. */
const matchesMost = 2 ** 31;

/** Makes room: the largest groups settle early what they hold, then those with the least progress are given up. */
export function relieve(store: GroupStore, told: Told[]): void {
  const { budget } = store;
  for (let group = budget.largest(); group !== undefined && budget.exceeded; group = budget.largest()) {
    group.settleEarly();
    tellSettled(store, group, -Infinity, told);
    store.touch(group);
    group.place.clock.schedule(group);
  }
  for (let matchesMax = 1; !budget.roomy;) {
    const compact = budget.bytes - budget.fullBytes;
    const group = budget.weakest();
    if (matchesMax < matchesMost && (compact > budget.fullBytes || group === undefined)) {
      if (!store.giveUpCompact(matchesMax)) matchesMax *= 2;
    } else if (group === undefined) break;
    else {
      store.giveUp(group);
      group.settle(Infinity);
      tellSettled(store, group, Infinity, told);
      store.remove(group);
    }
  }
}

function tellSettled(store: GroupStore, group: Group, watermark: number, told: Told[]): void {
  const { plan, settled } = group;
  const tell = (signal: Signal): void => {
    if (!plan.quiet) told.push({ index: plan.index, signal });
  };
  for (const { kind, episode } of settled.steps.splice(0)) {
    if (kind === 'began') {
      feedOuter(store, group, episode);
      tellBeginning(group, episode, tell);
    } else tellEnd(group, episode, tell);
  }
  if (settled.episode !== undefined) tellProgress(group, settled.episode, tell);
  if (group.alerts.length > 0) tellWithdrawn(group, watermark, tell);
}

/** Tells an episode to the correlations of its correlation. */
function feedOuter(store: GroupStore, group: Group, episode: Episode): void {
  const { correlation } = group.plan;
  const uses = store.uses.get(correlation.key);
  if (uses === undefined) return;
  const field: FieldOf = (name) => group.place.values[correlation.groupBy.indexOf(name)];
  for (const use of uses) takeEpisode(store, use, { group, episode, field });
}

interface Inner {
  readonly group: Group;
  readonly episode: Episode;
  readonly field: FieldOf;
}

function takeEpisode(store: GroupStore, { runtime, source }: Use, { group, episode, field }: Inner): void {
  const { plan } = runtime;
  const from = plan.sources[source];
  const values = from === undefined ? undefined : groupValues(from, field);
  const value = from === undefined || values === undefined ? null : itemValue(plan, from, field);
  if (values === undefined || value === null) return;
  const { final, at } = episode;
  const event = { id: final.event.id, time: at, accepted: final.event.accepted };
  const place = placeFor(store, { inner: group, city: plan.city, values, time: at });
  const outer = store.groupAt(runtime, place, at);
  const item = { time: at, order: final.order, event, source, value };
  if (group.lowerBound) outer.lossy = true;
  if (outer.isPassed(item)) return;
  outer.add(item);
  store.touch(outer);
  outer.place.clock.schedule(outer);
}

interface Target {
  readonly inner: Group;
  readonly city: boolean;
  readonly values: readonly string[];
  readonly time: number;
}

/** What is late stays late, with the watermark that it had; so does what an agency tells behind the city's. */
function placeFor(store: GroupStore, { inner, city, values, time }: Target): Place {
  const { place } = inner;
  const agency = city ? '' : place.agency;
  const key = joinParts([agency, ...values]);
  const behind = city && !inner.plan.city && time < store.clocks.city;
  const lateOf = place.lateOf ?? (behind ? place.agency : undefined);
  if (lateOf !== undefined)
    return { key: store.lateKey(key, lateOf), agency, values, clock: place.clock, lateOf };
  const clock = city || inner.plan.city ? store.cityClock : place.clock;
  return { key, agency, values, clock, lateOf: undefined };
}
