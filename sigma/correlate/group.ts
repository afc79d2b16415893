import { compareItems, insertItem, type Item } from './item.ts';
import { secondBehind } from './seconds.ts';
import { createSequence, type Sequence } from './sequence.ts';
import type { Episode } from './episode.ts';
import type { EventRef } from './contract.ts';
import type { Plan } from './plan.ts';
import type { GroupClock } from './group-clock.ts';

/** An alert that was raised for an episode, or for a part of what may yet become one. */
export interface Alert {
  readonly trigger: EventRef;
  revision: number;
  /** Matches at the last signal. */
  signalled: number;
  /** First and last satisfied window that is known to belong to it. */
  low: number;
  high: number;
  /** Raised by a match that came too late to be counted: nothing follows. */
  readonly stray: boolean;
  /** What the last signal told, kept where nothing may be left of it in the end. */
  told: Episode | undefined;
}

/** What arrived made windows satisfied: the first and last of them, and the episode that they belong to. */
export interface Satisfied {
  readonly low: number;
  readonly high: number;
  readonly episode: Episode;
}

/** Where a group stands: what tells it apart, and whose watermark settles it. */
export interface Place {
  readonly key: string;
  /** Empty where the correlation spans the city. */
  readonly agency: string;
  readonly values: readonly string[];
  readonly clock: GroupClock;
  /** Of matches behind the watermark: what tells their group apart from the one that they are late for. */
  readonly lateOf: string | undefined;
}

/** One group of one correlation: what is settled in order, and what lies ahead of the watermark. */
export class Group {
  /** Another one of the same meaning after a reload. */
  plan: Plan;
  readonly place: Place;
  /** Everything behind the watermark, taken in order. */
  readonly settled: Sequence;
  /** What the watermark has not passed, in order. */
  pending: Item[] = [];
  /** Raised and not ended, in the order of raising. */
  alerts: Alert[] = [];
  /** State was given up, so that there may be more to its signals. */
  lossy = false;
  /** A sum holds a negative number: it may fall again. */
  negative = false;
  /** The second at which it waits in its clock's queue. */
  due = Infinity;
  /** Given up or empty: queues may still name it. */
  gone = false;
  /** Its slot in the compact lane of its correlation, if it has one. */
  slot = -1;
  /** For the budget: its bytes, how far it has come, and the number of its last match. */
  bytes = 0;
  progress = 0;
  touched = 0;
  /** Of a group that was settled early: the last match taken. What stands before it cannot be counted any more. */
  early: Item | undefined;
  /** The part of the state that it belongs to. */
  readonly bucket: number;
  readonly #constituentsMax: number;
  /** `settled` with everything pending taken; made where it is needed. */
  #ahead: Sequence | undefined;
  /** Matches that `#ahead` has not taken, because they could not change what is signalled. */
  #missing = 0;

  constructor(
    plan: Plan,
    place: Place,
    options: { readonly bucket: number; readonly constituentsMax: number },
  ) {
    this.plan = plan;
    this.place = place;
    this.bucket = options.bucket;
    this.#constituentsMax = options.constituentsMax;
    this.settled = createSequence(plan, options.constituentsMax);
  }

  get lowerBound(): boolean {
    return this.lossy || this.settled.lossy;
  }

  /** Nothing is left that could matter. */
  get empty(): boolean {
    return this.pending.length === 0 && this.alerts.length === 0 && this.settled.due() === Infinity;
  }

  /** Takes a match that is not behind the watermark; what it satisfies at once, for a correlation that fires so. */
  add(item: Item): Satisfied | undefined {
    const at = insertItem(this.pending, item);
    if (!this.plan.eager) return undefined;
    if (this.plan.figure === 'sum' && typeof item.value === 'number' && item.value < 0) this.negative = true;
    const isLast = at === this.pending.length - 1;
    const covering = this.#covering(item.time);
    // Inside what an alert already tells, a match out of order says nothing new; a flood may bring thousands a second.
    if (!isLast && covering !== undefined && covering.low <= item.time && item.time <= covering.high) {
      this.#missing += 1;
      return undefined;
    }
    if (isLast && this.#ahead !== undefined) {
      const satisfied = this.#ahead.take(item);
      this.#ahead.steps.length = 0;
      const { episode } = this.#ahead;
      if (this.#missing === 0 || (satisfied && covering !== undefined)) {
        if (!satisfied || episode === undefined || this.negative) return undefined;
        return { low: item.time, high: item.time, episode };
      }
    }
    const found = this.#lookAhead(at);
    return this.negative ? undefined : found;
  }

  /**
   * The alert that a window judged at a time belongs to, where no match could make it signal again: not even if every
   * match that is held were one of its episode. It depends on nothing but the state that a snapshot keeps.
   */
  #covering(time: number): Alert | undefined {
    const [alert] = this.joined(time, time);
    const most = (this.settled.episode?.count ?? this.settled.size) + this.pending.length;
    return alert !== undefined && most < 2 * alert.signalled ? alert : undefined;
  }

  /** Takes everything pending ahead of the watermark; what the windows that hold the match at a place satisfy. */
  #lookAhead(at: number): Satisfied | undefined {
    const ahead = this.settled.clone();
    const until = (this.pending[at]?.time ?? 0) + this.plan.timespanMs;
    let found: Satisfied | undefined;
    for (const [index, item] of this.pending.entries()) {
      const satisfied = ahead.take(item);
      if (!satisfied || index < at || item.time >= until || ahead.episode === undefined) continue;
      found = { low: found?.low ?? item.time, high: item.time, episode: ahead.episode };
    }
    ahead.steps.length = 0;
    this.#ahead = ahead;
    this.#missing = 0;
    return found;
  }

  /** Whether a match that cannot be counted any more completes a window of what is still held. */
  completes(item: Item): Satisfied | undefined {
    const items = [...new Set([...this.settled.held(), ...this.pending])].toSorted(compareItems);
    const at = insertItem(items, item);
    const sequence = createSequence(this.plan, this.#constituentsMax);
    let found: Satisfied | undefined;
    for (const [index, each] of items.entries()) {
      const satisfied = sequence.take(each);
      if (index < at || each.time >= item.time + this.plan.timespanMs) continue;
      if (satisfied && sequence.episode !== undefined && found === undefined)
        found = { low: each.time, high: each.time, episode: sequence.episode };
    }
    return found;
  }

  /** Settles every match before a watermark. */
  settle(watermark: number): void {
    let passed = 0;
    for (const item of this.pending) {
      if (item.time >= watermark) break;
      this.settled.take(item);
      passed += 1;
    }
    if (passed > 0) this.pending = this.pending.slice(passed);
    this.settled.advance(watermark);
    if (this.pending.length === 0) this.#ahead = undefined;
    else this.#ahead?.advance(Math.min(watermark, this.pending[0]?.time ?? watermark));
  }

  /** Takes over matches in order that satisfied nothing. */
  fill(items: readonly Item[], watermark: number): void {
    for (const item of items)
      if (item.time < watermark) this.settled.take(item);
      else this.pending.push(item);
    this.settled.advance(watermark);
  }

  /** Settles everything pending before its time, for want of room. */
  settleEarly(): void {
    for (const item of this.pending) this.settled.take(item);
    this.early = this.pending.at(-1) ?? this.early;
    this.pending = [];
    this.#ahead = undefined;
    this.lossy = true;
  }

  /** Whether a match stands before what was settled early. */
  isPassed(item: Item): boolean {
    return this.early !== undefined && compareItems(item, this.early) <= 0;
  }

  /** The alerts that a run of satisfied windows joins. */
  joined(low: number, high: number): Alert[] {
    const { timespanMs } = this.plan;
    return this.alerts.filter(
      (alert) => !alert.stray && alert.low - timespanMs <= high && low <= alert.high + timespanMs,
    );
  }

  /** The least watermark at which settling it does something. */
  nextDue(): number {
    let due = this.settled.due();
    const [first] = this.pending;
    if (first !== undefined) due = Math.min(due, secondBehind(first.time));
    if (this.settled.episode === undefined)
      for (const alert of this.alerts) due = Math.min(due, secondBehind(alert.high + this.plan.timespanMs));
    return due;
  }
}
