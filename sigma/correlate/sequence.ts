import { ClosedSequence } from './sequence-closed.ts';
import { OpenedSequence } from './sequence-opened.ts';
import type { Episode } from './episode.ts';
import type { Item } from './item.ts';
import type { Plan } from './plan.ts';
import type { Reader, Writer } from './codec.ts';

/**
 * What a correlation makes of the matches of one group, taken in order: the definition of its episodes. Nothing here
 * knows of arrival or watermarks other than "all matches before this time have been taken".
 */
export interface Sequence {
  /** The episode that is not over. */
  readonly episode: Episode | undefined;
  /** Episodes that began or ended since this was emptied by who reads it, in order. */
  readonly steps: EpisodeStep[];
  readonly lossy: boolean;
  /** Takes the next match; whether it closes a satisfied window. */
  take(item: Item): boolean;
  /** Every match before a time has been taken. */
  advance(watermark: number): void;
  /** The least watermark, in whole seconds, at which `advance` has something to do; Infinity where nothing is left. */
  due(): number;
  /** How many matches it keeps. */
  readonly size: number;
  /** What it keeps of past matches, in order. */
  held(): readonly Item[];
  clone(): Sequence;
  encode(writer: Writer, writeItem: (item: Item) => void): void;
  decode(reader: Reader, readItem: () => Item): void;
}

export interface EpisodeStep {
  readonly kind: 'began' | 'ended';
  readonly episode: Episode;
}

export function createSequence(plan: Plan, constituentsMax: number): Sequence {
  return plan.judged === 'closed'
    ? new ClosedSequence(plan, constituentsMax)
    : new OpenedSequence(plan, constituentsMax);
}
