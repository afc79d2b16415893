import { fold } from '../../../sigma/language/fold.ts';
import { textOf } from '../../../sigma/match/compare.ts';
import { figureOf, isOpened, satisfied, valueToTell } from './condition.ts';
import type { TimedEvent } from '../../../sigma/correlate/contract.ts';
import type { Correlation, Reference, RuleSet } from '../../../sigma/language/rule.ts';
import type { Match } from '../../../sigma/match/matcher.ts';

/** One event with its matches, as `correlate` takes them. */
export interface Arrival {
  readonly event: TimedEvent;
  readonly matches: readonly Match[];
}

/** What is final of one episode: all of it that may not depend on the order of arrival. */
export interface Final {
  /** `key` of the correlation. */
  readonly correlation: string;
  readonly agency: string;
  readonly group: readonly (readonly [field: string, value: string])[];
  /** Id of the first event at which the episode was satisfied. */
  readonly final: string;
  readonly count: number;
  /** The figure of the last satisfied window. */
  readonly value: number;
  readonly first: number;
  readonly last: number;
  readonly late: boolean;
  /** Ids of the first hundred events, and the keys of what matched them. */
  readonly constituents: readonly (readonly [event: string, rule: string])[];
}

/**
 * How a match came: in its place; behind the watermark but not its collector's, and then what tells its group apart; or
 * behind both.
 */
export type Punctuality = 'in time' | 'too late' | { readonly late: string };
export type PunctualityOf = (event: TimedEvent, scope: Correlation['scope']) => Punctuality;

/** One match of what a correlation refers to: by an event, or by an episode of another correlation. */
export interface Hit {
  readonly key: string;
  readonly place: number;
  readonly event: string;
  readonly time: number;
  readonly order: number;
  readonly agency: string;
  /** The collector, of a match that is told apart by it. */
  readonly late: string | undefined;
  /** Settles what nothing else does: the group of an inner episode. */
  readonly tie: string;
  field(name: string): unknown;
}

interface Group {
  readonly agency: string;
  readonly values: readonly string[];
  readonly late: string | undefined;
  readonly hits: Hit[];
}

interface Window {
  /** The time by which it belongs to an episode. */
  readonly judged: number;
  readonly hits: readonly Hit[];
}

interface Episode {
  readonly group: Group;
  readonly windows: readonly Window[];
}

const constituentsMax = 100;
/** Of longer texts only so many characters tell groups and values apart. */
const textCharsMax = 1024;

/**
 * The finals of a stream by brute force: everything is sorted, every window is looked at, and nothing is remembered
 * from one window to the next. This is what `DECISIONS.md` says, written down as directly as possible.
 */
export function finalsOf(
  { correlations, quiet }: RuleSet,
  arrivals: readonly Arrival[],
  punctuality: PunctualityOf = () => 'in time',
): readonly Final[] {
  const episodes = new Map<string, readonly Hit[]>();
  const finals: Final[] = [];
  for (const correlation of correlations) {
    const hits = distinctOf(correlation).flatMap(([reference, place]) =>
      reference.kind === 'correlation'
        ? (episodes.get(reference.key) ?? []).map((hit) => ({ ...hit, place }))
        : arrivals.flatMap((arrival) => hitOf(arrival, reference, { place, correlation, punctuality })),
    );
    const found = groupsOf(correlation, hits).flatMap((group) => episodesOf(correlation, group));
    if (!quiet.has(correlation.key)) finals.push(...found.map((episode) => finalOf(correlation, episode)));
    episodes.set(
      correlation.key,
      found.map((episode) => innerHit(correlation, episode)),
    );
  }
  return finals;
}

/** References with their places, each rule once. */
function distinctOf({ refers }: Correlation): readonly (readonly [Reference, number])[] {
  return refers.flatMap((reference, place) =>
    refers.findIndex(({ key }) => key === reference.key) === place ? [[reference, place] as const] : [],
  );
}

interface Context {
  readonly place: number;
  readonly correlation: Correlation;
  readonly punctuality: PunctualityOf;
}

function hitOf({ event, matches }: Arrival, { key }: Reference, context: Context): readonly Hit[] {
  if (!matches.some(({ rule }) => rule.key === key)) return [];
  const { place, correlation, punctuality } = context;
  const came = punctuality(event, correlation.scope);
  if (came === 'too late') return [];
  return [
    {
      key,
      place,
      event: event.id,
      time: event.time,
      order: event.order,
      agency: event.agency,
      late: came === 'in time' ? undefined : came.late,
      tie: '',
      field: (name) => event.field(name),
    },
  ];
}

/** How many matches of an event a correlation counts: those of its rules that have the fields that group and count. */
export function countedMatches(correlation: Correlation, arrival: Arrival): number {
  return groupsOf(correlation, matchesOf(correlation, arrival)).reduce(
    (sum, { hits }) => sum + hits.length,
    0,
  );
}

/** How many matches of an event a correlation would count, had they all fields. */
export function matchesOf(correlation: Correlation, arrival: Arrival): readonly Hit[] {
  return distinctOf(correlation).flatMap(([reference, place]) =>
    hitOf(arrival, reference, { place, correlation, punctuality: () => 'in time' }),
  );
}

/** An episode as a match of what refers to its correlation. */
function innerHit(correlation: Correlation, { group, windows }: Episode): Hit {
  const [first] = windows;
  if (first === undefined) throw new Error('an episode has a window');
  const firing = lastHit(first);
  return {
    key: correlation.key,
    place: 0,
    event: firing.event,
    time: first.judged,
    order: firing.order,
    agency: group.agency,
    late: group.late,
    tie: JSON.stringify(group.values),
    field: (name) => group.values[correlation.groupBy.indexOf(name)],
  };
}

function groupsOf(correlation: Correlation, hits: readonly Hit[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const hit of hits) {
    const values = textsOf(correlation, hit, correlation.groupBy);
    if (values === undefined || figureOf(correlation, [hit]) === undefined) continue;
    const agency = correlation.scope === 'city' ? '' : hit.agency;
    const key = JSON.stringify([agency, hit.late ?? null, ...values]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { agency, values, late: hit.late, hits: [hit] });
    else group.hits.push(hit);
  }
  for (const { hits: inGroup } of groups.values()) inGroup.sort(compareHits);
  return [...groups.values()];
}

function compareHits(a: Hit, b: Hit): number {
  return (
    a.time - b.time ||
    a.order - b.order ||
    compareTexts(a.event, b.event) ||
    a.place - b.place ||
    compareTexts(a.tie, b.tie)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The folded texts of fields or aliases; undefined where one is missing. */
export function textsOf(
  correlation: Correlation,
  hit: Hit,
  names: readonly string[],
): readonly string[] | undefined {
  const texts: string[] = [];
  for (const name of names) {
    const value = valueOf(correlation, hit, name);
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0))
      return undefined;
    texts.push(fold(textOf(value) ?? '').slice(0, textCharsMax));
  }
  return texts;
}

/** An alias that says nothing of a rule stands for the field of its own name. */
export function valueOf({ aliases, refers }: Correlation, hit: Hit, name: string): unknown {
  return hit.field(aliases.get(name)?.get(refers[hit.place]?.written ?? '') ?? name);
}

function windowsOf(correlation: Correlation, hits: readonly Hit[]): readonly Window[] {
  const { timespanMs } = correlation;
  if (!isOpened(correlation))
    return hits.map(({ time }, index) => ({
      judged: time,
      hits: hits.slice(0, index + 1).filter((hit) => hit.time > time - timespanMs),
    }));
  const windows: Window[] = [];
  let rest = hits;
  for (let opener = rest[0]; opener !== undefined; opener = rest[0]) {
    const judged = opener.time + timespanMs;
    windows.push({ judged, hits: rest.filter(({ time }) => time < judged) });
    rest = rest.filter(({ time }) => time >= judged);
  }
  return windows;
}

function episodesOf(correlation: Correlation, group: Group): readonly Episode[] {
  const episodes: { readonly group: Group; readonly windows: Window[] }[] = [];
  for (const window of windowsOf(correlation, group.hits)) {
    if (!satisfied(correlation, window.hits)) continue;
    const episode = episodes.at(-1);
    const before = episode?.windows.at(-1);
    if (
      episode === undefined ||
      before === undefined ||
      window.judged - before.judged > correlation.timespanMs
    )
      episodes.push({ group, windows: [window] });
    else episode.windows.push(window);
  }
  return episodes;
}

function finalOf(correlation: Correlation, { group, windows }: Episode): Final {
  const [firstWindow] = windows;
  const lastWindow = windows.at(-1);
  if (firstWindow === undefined || lastWindow === undefined) throw new Error('an episode has a window');
  const from = group.hits.indexOf(lastHit(firstWindow));
  const to = group.hits.indexOf(lastHit(lastWindow));
  const all = [...chosen(correlation, firstWindow.hits), ...group.hits.slice(from + 1, to + 1)];
  return {
    correlation: correlation.key,
    agency: group.agency,
    group: correlation.groupBy.map((field, index) => [field, group.values[index] ?? ''] as const),
    final: lastHit(firstWindow).event,
    count: all.length,
    value: valueToTell(correlation, lastWindow.hits),
    first: all[0]?.time ?? Number.NaN,
    last: all.at(-1)?.time ?? Number.NaN,
    late: group.late !== undefined,
    constituents: all.slice(0, constituentsMax).map(({ event, key }) => [event, key] as const),
  };
}

function lastHit({ hits }: Window): Hit {
  const hit = hits.at(-1);
  if (hit === undefined) throw new Error('a window has a match');
  return hit;
}

/** Those matches of the first satisfied window that the episode keeps. */
function chosen(correlation: Correlation, hits: readonly Hit[]): readonly Hit[] {
  switch (correlation.type) {
    case 'event_count':
    case 'value_sum':
    case 'value_avg':
    case 'value_percentile':
    case 'value_median':
      return hits;
    case 'value_count':
      return lastOfEach(hits, (hit) => JSON.stringify(textsOf(correlation, hit, countedFields(correlation))));
    case 'temporal':
      return lastOfEach(hits, ({ key }) => key);
    case 'temporal_ordered':
      return latestChain(correlation, hits) ?? [];
  }
}

function lastOfEach(hits: readonly Hit[], nameOf: (hit: Hit) => string): readonly Hit[] {
  return hits.filter((hit, index) => !hits.slice(index + 1).some((later) => nameOf(later) === nameOf(hit)));
}

export function countedFields({ condition }: Correlation): readonly string[] {
  return condition.kind === 'predicates' ? condition.fields : [];
}

/** From the last match backwards, for each step the latest match of another event before it. */
export function latestChain({ refers }: Correlation, hits: readonly Hit[]): readonly Hit[] | undefined {
  const chain: Hit[] = [];
  let before = hits.length;
  for (const { key } of refers.toReversed()) {
    const end = chain.length === 0 ? hits.slice(-1) : hits.slice(0, before);
    const next = chain[0];
    const found = end.findLast((hit) => hit.key === key && hit.event !== next?.event);
    if (found === undefined) return undefined;
    chain.unshift(found);
    before = hits.indexOf(found);
  }
  return chain;
}
