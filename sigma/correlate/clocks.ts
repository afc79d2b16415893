import { wholeSecond } from './seconds.ts';
import type { Reader, Writer } from './codec.ts';
import type { TimedEvent } from './contract.ts';

/** How far ahead of its acceptance an event may move a watermark: clocks of hosts are wrong. */
export const futureMax = 5 * 60_000;

/** A collector whose newest time is further behind the trusted clock holds no window open while another does. */
const behindMax = 24 * 60 * 60_000;

/** What one collector of one agency has sent. */
export interface CollectorClock {
  readonly name: string;
  readonly agency: AgencyClock;
  /** Largest time, none further ahead than `futureMax`. */
  newest: number;
  /** Largest time of acceptance. */
  heard: number;
  /** Its own watermark. */
  watermark: number;
  idle: boolean;
  behind: boolean;
}

export interface AgencyClock {
  readonly name: string;
  /** Counts agencies as they were first seen. */
  readonly index: number;
  readonly collectors: Map<string, CollectorClock>;
  watermark: number;
  /** The collector that holds the watermark back; undefined where all are idle. */
  holder: CollectorClock | undefined;
}

/** Where watermarks stand. A caller moves it and then asks which moved. */
export class Clocks {
  readonly agencies = new Map<string, AgencyClock>();
  readonly byIndex: AgencyClock[] = [];
  /** Trusted clock: the largest time of acceptance. */
  now = -Infinity;
  city = -Infinity;
  /** Agencies whose watermark moved, and collectors that moved or became idle, since they were last taken. */
  movedAgencies: AgencyClock[] = [];
  movedCollectors: CollectorClock[] = [];
  readonly #latenessMs: number;
  readonly #idleMs: number;
  /** No collector becomes idle before the trusted clock reaches this. */
  #idleCheck = Infinity;
  #second = -Infinity;
  #last: CollectorClock | undefined;

  constructor(latenessMs: number, idleMs: number) {
    this.#latenessMs = latenessMs;
    this.#idleMs = idleMs;
  }

  /** Moves the clocks by an event and returns its collector's. */
  observe(event: TimedEvent): CollectorClock {
    const { time, accepted } = event;
    const collector = this.#collectorOf(event);
    const wasIdle = collector.idle;
    const now = accepted > this.now ? accepted : this.now;
    if (accepted > collector.heard) collector.heard = accepted;
    // Before the clock moves: who speaks is not idle.
    collector.idle = now - collector.heard >= this.#idleMs;
    if (wasIdle && !collector.idle)
      this.#idleCheck = Math.min(this.#idleCheck, collector.heard + this.#idleMs);
    let moved = wasIdle !== collector.idle;
    const newest = time < accepted + futureMax ? time : accepted + futureMax;
    if (newest > collector.newest) {
      collector.newest = newest;
      moved = this.#raise(collector) || moved;
    }
    if (now > this.now) this.#advance(now);
    if (moved) this.#judge(collector.agency);
    return collector;
  }

  /** Raises a collector's watermark to its newest time; whether that may concern its agency's. */
  #raise(collector: CollectorClock): boolean {
    const watermark = wholeSecond(collector.newest - this.#latenessMs);
    if (watermark <= collector.watermark) return false;
    collector.watermark = watermark;
    this.movedCollectors.push(collector);
    const { holder } = collector.agency;
    return holder === collector || holder === undefined || collector.behind;
  }

  /** Whether there is something to take. */
  get moved(): boolean {
    return this.movedAgencies.length > 0 || this.movedCollectors.length > 0;
  }

  takeAgencies(): readonly AgencyClock[] {
    const moved = this.movedAgencies;
    this.movedAgencies = [];
    return moved;
  }

  takeCollectors(): readonly CollectorClock[] {
    const moved = this.movedCollectors;
    this.movedCollectors = [];
    return moved;
  }

  /** Moves the trusted clock. */
  tick(accepted: number): void {
    if (accepted > this.now) this.#advance(accepted);
  }

  #collectorOf(event: TimedEvent): CollectorClock {
    const last = this.#last;
    if (last !== undefined && last.name === event.collector && last.agency.name === event.agency) return last;
    const agency = this.agency(event.agency);
    let collector = agency.collectors.get(event.collector);
    if (collector === undefined) {
      // Idle until its first event has been taken, so that this counts as its coming back.
      collector = {
        name: event.collector,
        agency,
        newest: -Infinity,
        heard: -Infinity,
        watermark: -Infinity,
        idle: true,
        behind: false,
      };
      agency.collectors.set(collector.name, collector);
    }
    this.#last = collector;
    return collector;
  }

  agency(name: string): AgencyClock {
    let agency = this.agencies.get(name);
    if (agency === undefined) {
      agency = {
        name,
        index: this.byIndex.length,
        collectors: new Map(),
        watermark: -Infinity,
        holder: undefined,
      };
      this.agencies.set(name, agency);
      this.byIndex.push(agency);
    }
    return agency;
  }

  #advance(now: number): void {
    this.now = now;
    if (now >= this.#idleCheck) this.#findIdle();
    const second = wholeSecond(now);
    if (second === this.#second) return;
    this.#second = second;
    for (const agency of this.agencies.values()) {
      const { holder } = agency;
      if (holder === undefined || (!holder.behind && now - holder.newest > behindMax)) this.#judge(agency);
    }
  }

  #findIdle(): void {
    this.#idleCheck = Infinity;
    for (const agency of this.agencies.values()) {
      let changed = false;
      for (const collector of agency.collectors.values()) {
        if (collector.idle) continue;
        if (this.now - collector.heard >= this.#idleMs) {
          collector.idle = true;
          changed = true;
          this.movedCollectors.push(collector);
        } else this.#idleCheck = Math.min(this.#idleCheck, collector.heard + this.#idleMs);
      }
      if (changed) this.#judge(agency);
    }
  }

  /** Sets an agency's watermark by those of its collectors that count. */
  #judge(agency: AgencyClock): void {
    let holder: CollectorClock | undefined;
    let behind: CollectorClock | undefined;
    for (const collector of agency.collectors.values()) {
      if (collector.idle) continue;
      collector.behind = this.now - collector.newest > behindMax;
      if (collector.behind) behind = lower(behind, collector);
      else holder = lower(holder, collector);
    }
    agency.holder = holder ?? behind;
    const watermark =
      agency.holder === undefined ? wholeSecond(this.now - this.#latenessMs) : agency.holder.watermark;
    if (watermark <= agency.watermark) return;
    agency.watermark = watermark;
    this.movedAgencies.push(agency);
  }

  /** Sets the watermark of the city; whether it moved. */
  judgeCity(): boolean {
    let least = Infinity;
    for (const { watermark } of this.agencies.values()) least = Math.min(least, watermark);
    if (least === Infinity || least <= this.city) return false;
    this.city = least;
    return true;
  }

  write(writer: Writer): void {
    for (const number of [this.now, this.city, this.#idleCheck, this.#second]) writer.float(number);
    writer.count(this.agencies.size);
    for (const { name, collectors, watermark, holder } of this.agencies.values()) {
      writer.text(name);
      writer.float(watermark);
      writer.count(collectors.size);
      for (const collector of collectors.values()) {
        writer.text(collector.name);
        for (const number of [collector.newest, collector.heard, collector.watermark]) writer.float(number);
        for (const flag of [collector.idle, collector.behind, holder === collector]) writer.flag(flag);
      }
    }
  }

  read(reader: Reader): void {
    [this.now, this.city] = [reader.float(), reader.float()];
    [this.#idleCheck, this.#second] = [reader.float(), reader.float()];
    for (let agencies = reader.count(); agencies > 0; agencies -= 1) {
      const agency = this.agency(reader.text());
      agency.watermark = reader.float();
      for (let left = reader.count(); left > 0; left -= 1) {
        const name = reader.text();
        const [newest, heard, watermark] = [reader.float(), reader.float(), reader.float()];
        const [idle, behind, holds] = [reader.flag(), reader.flag(), reader.flag()];
        const collector = { name, agency, newest, heard, watermark, idle, behind };
        agency.collectors.set(name, collector);
        if (holds) agency.holder = collector;
      }
    }
  }
}

function lower(a: CollectorClock | undefined, b: CollectorClock): CollectorClock {
  return a === undefined || b.watermark < a.watermark ? b : a;
}
