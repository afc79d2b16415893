import type { Item } from './item.ts';

/** A run of satisfied windows of one group, told in order. */
export interface Episode {
  /** The match at which the first window was satisfied. */
  readonly final: Item;
  /** When the first and the last satisfied window were judged. */
  readonly at: number;
  last: number;
  /** Figure of the last satisfied window. */
  value: number;
  /** Matches up to the last satisfied window, and those behind it, which only count if another follows. */
  count: number;
  tail: number;
  /** The earliest matches, those behind the last satisfied window among them. */
  readonly kept: Item[];
  /** How many of `kept` are up to the last satisfied window. */
  confirmed: number;
  /** Time of the last match up to the last satisfied window. */
  lastMatch: number;
}

interface Beginning {
  readonly final: Item;
  readonly at: number;
  readonly value: number;
  readonly matches: readonly Item[];
  readonly constituentsMax: number;
}

export function beginEpisode({ final, at, value, matches, constituentsMax }: Beginning): Episode {
  const kept = matches.slice(0, constituentsMax);
  return {
    final,
    at,
    last: at,
    value,
    count: matches.length,
    tail: 0,
    kept,
    confirmed: kept.length,
    lastMatch: final.time,
  };
}

/** A further match; it belongs to the episode for sure once `confirm` follows. */
export function addToEpisode(episode: Episode, item: Item, constituentsMax: number): void {
  episode.tail += 1;
  if (episode.kept.length < constituentsMax) episode.kept.push(item);
}

/** A further window is satisfied, judged at a time: everything added so far belongs to the episode. */
export function confirmEpisode(episode: Episode, at: number, value: number, last: Item): void {
  episode.last = at;
  episode.value = value;
  episode.count += episode.tail;
  episode.tail = 0;
  episode.confirmed = episode.kept.length;
  episode.lastMatch = last.time;
}

export function cloneEpisode(episode: Episode): Episode {
  return { ...episode, kept: [...episode.kept] };
}
