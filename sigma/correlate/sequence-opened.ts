import { addToEpisode, beginEpisode, cloneEpisode, confirmEpisode, type Episode } from './episode.ts';
import { readEpisode, writeEpisode, type Reader, type Writer } from './codec.ts';
import { secondAtOrBehind, secondBehind } from './seconds.ts';
import { OpenedWindow } from './window-opened.ts';
import type { Item } from './item.ts';
import type { Plan } from './plan.ts';
import type { EpisodeStep, Sequence } from './sequence.ts';

/** Episodes of windows that a match opens: judged when they are complete. */
export class OpenedSequence implements Sequence {
  episode: Episode | undefined;
  readonly steps: EpisodeStep[] = [];
  readonly #plan: Plan;
  readonly #constituentsMax: number;
  #window: OpenedWindow | undefined;
  lossy = false;

  constructor(plan: Plan, constituentsMax: number) {
    this.#plan = plan;
    this.#constituentsMax = constituentsMax;
  }

  take(item: Item): boolean {
    this.#completeBefore(item.time);
    this.#window ??= new OpenedWindow(this.#plan, item.time, this.#constituentsMax);
    this.#window.take(item);
    return false;
  }

  /** Judges the window if it ends at a time or before. */
  #completeBefore(time: number): void {
    const window = this.#window;
    if (window === undefined || window.end > time) return;
    this.#window = undefined;
    this.lossy ||= window.lossy;
    this.#endBefore(window.end);
    const value = window.judge();
    const final = window.last;
    if (Number.isNaN(value) || final === undefined) return;
    const constituentsMax = this.#constituentsMax;
    if (this.episode === undefined) {
      const matches = window.constituents();
      this.episode = beginEpisode({ final, at: window.end, value, matches, constituentsMax });
      this.episode.count = window.constituentCount();
      this.steps.push({ kind: 'began', episode: this.episode });
    } else {
      for (const item of window.earliest) addToEpisode(this.episode, item, constituentsMax);
      this.episode.tail = window.count;
      confirmEpisode(this.episode, window.end, value, final);
    }
  }

  #endBefore(time: number): void {
    const episode = this.episode;
    if (episode === undefined || time <= episode.last + this.#plan.timespanMs) return;
    this.steps.push({ kind: 'ended', episode });
    this.episode = undefined;
  }

  advance(watermark: number): void {
    this.#completeBefore(watermark);
    this.#endBefore(watermark);
  }

  get size(): number {
    return (this.#window?.size ?? 0) + (this.episode?.kept.length ?? 0);
  }

  due(): number {
    const complete = this.#window === undefined ? Infinity : secondAtOrBehind(this.#window.end);
    const over =
      this.episode === undefined ? Infinity : secondBehind(this.episode.last + this.#plan.timespanMs);
    return Math.min(complete, over);
  }

  held(): readonly Item[] {
    return this.#window?.held() ?? [];
  }

  clone(): Sequence {
    const copy = new OpenedSequence(this.#plan, this.#constituentsMax);
    copy.episode = this.episode === undefined ? undefined : cloneEpisode(this.episode);
    copy.#window = this.#window?.clone();
    copy.lossy = this.lossy;
    return copy;
  }

  encode(writer: Writer, writeItem: (item: Item) => void): void {
    writer.flag(this.lossy);
    writer.flag(this.#window !== undefined);
    if (this.#window !== undefined) {
      writer.float(this.#window.start);
      this.#window.encode(writer, writeItem);
    }
    writer.flag(this.episode !== undefined);
    if (this.episode !== undefined) writeEpisode(writer, this.episode, writeItem);
  }

  decode(reader: Reader, readItem: () => Item): void {
    this.lossy = reader.flag();
    if (reader.flag()) {
      this.#window = new OpenedWindow(this.#plan, reader.float(), this.#constituentsMax);
      this.#window.decode(reader, readItem);
    }
    this.episode = reader.flag() ? readEpisode(reader, readItem) : undefined;
  }
}
