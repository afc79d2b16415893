import { addToEpisode, beginEpisode, cloneEpisode, confirmEpisode, type Episode } from './episode.ts';
import { readEpisode, writeEpisode, type Reader, type Writer } from './codec.ts';
import { secondAtOrBehind, secondBehind } from './seconds.ts';
import { createWindow, type Window } from './window.ts';
import type { Item } from './item.ts';
import type { Plan } from './plan.ts';
import type { EpisodeStep, Sequence } from './sequence.ts';

/** Episodes of windows that each match closes. */
export class ClosedSequence implements Sequence {
  episode: Episode | undefined;
  readonly steps: EpisodeStep[] = [];
  readonly #plan: Plan;
  readonly #constituentsMax: number;
  #window: Window;
  /** Time of the newest match taken that a later window may hold; -Infinity for none. */
  #newest = -Infinity;

  constructor(plan: Plan, constituentsMax: number) {
    this.#plan = plan;
    this.#constituentsMax = constituentsMax;
    this.#window = createWindow(plan);
  }

  get lossy(): boolean {
    return this.#window.lossy;
  }

  take(item: Item): boolean {
    this.#endBefore(item.time);
    const value = this.#window.take(item);
    this.#newest = item.time;
    const satisfied = !Number.isNaN(value);
    if (this.episode !== undefined) {
      addToEpisode(this.episode, item, this.#constituentsMax);
      if (satisfied) confirmEpisode(this.episode, item.time, value, item);
    } else if (satisfied) {
      const matches = this.#window.matches();
      const constituentsMax = this.#constituentsMax;
      this.episode = beginEpisode({ final: item, at: item.time, value, matches, constituentsMax });
      this.steps.push({ kind: 'began', episode: this.episode });
    }
    return satisfied;
  }

  #endBefore(time: number): void {
    const episode = this.episode;
    if (episode === undefined || time <= episode.last + this.#plan.timespanMs) return;
    this.steps.push({ kind: 'ended', episode });
    this.episode = undefined;
  }

  advance(watermark: number): void {
    this.#endBefore(watermark);
    const before = watermark - this.#plan.timespanMs;
    if (this.#newest <= before) {
      this.#newest = -Infinity;
      this.#window = createWindow(this.#plan);
    } else this.#window.expire(before);
  }

  get size(): number {
    return this.#window.size + (this.episode?.kept.length ?? 0);
  }

  due(): number {
    const { timespanMs } = this.#plan;
    if (this.episode !== undefined) return secondBehind(this.episode.last + timespanMs);
    return this.#newest === -Infinity ? Infinity : secondAtOrBehind(this.#newest + timespanMs);
  }

  held(): readonly Item[] {
    return this.#window.held();
  }

  clone(): Sequence {
    const copy = new ClosedSequence(this.#plan, this.#constituentsMax);
    copy.episode = this.episode === undefined ? undefined : cloneEpisode(this.episode);
    copy.#window = this.#window.clone();
    copy.#newest = this.#newest;
    return copy;
  }

  encode(writer: Writer, writeItem: (item: Item) => void): void {
    const held = this.#window.held();
    writer.flag(this.#window.lossy);
    writer.float(this.#newest);
    writer.count(held.length);
    held.forEach(writeItem);
    writer.flag(this.episode !== undefined);
    if (this.episode !== undefined) writeEpisode(writer, this.episode, writeItem);
  }

  decode(reader: Reader, readItem: () => Item): void {
    const lossy = reader.flag();
    this.#newest = reader.float();
    for (let left = reader.count(); left > 0; left -= 1) this.#window.take(readItem());
    this.#window.lossy = lossy;
    this.episode = reader.flag() ? readEpisode(reader, readItem) : undefined;
  }
}
