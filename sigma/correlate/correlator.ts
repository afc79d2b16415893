import { Clocks } from './clocks.ts';
import { GroupStore } from './group-store.ts';
import { Intake } from './intake.ts';
import { restoreState, snapshotState } from './snapshot.ts';
import { relieve, settleClock, type Told } from './settle.ts';
import type {
  Correlator,
  CorrelatorOptions,
  CorrelatorStats,
  Signal,
  StatePart,
  TimedEvent,
} from './contract.ts';
import type { RuleSet } from '../language/rule.ts';
import type { Match } from '../match/engine.ts';

const defaults = { latenessMs: 120_000, idleMs: 60_000 };

/** A correlator over the correlations of a rule set; throws `StateRefused` where `state` cannot be read. */
export function createCorrelator(ruleSet: RuleSet, options: CorrelatorOptions = {}): Correlator {
  return new EventTimeCorrelator(ruleSet, options);
}

/** Most events tell of nothing. */
const nothing: readonly Signal[] = [];

class EventTimeCorrelator implements Correlator {
  readonly #clocks: Clocks;
  readonly #store: GroupStore;
  readonly #intake: Intake;
  /** What is told by the call that runs. */
  #signals: Signal[] = [];

  constructor(ruleSet: RuleSet, options: CorrelatorOptions) {
    const { latenessMs = defaults.latenessMs, idleMs = defaults.idleMs } = options;
    this.#clocks = new Clocks(latenessMs, idleMs);
    this.#store = new GroupStore(ruleSet, this.#clocks, options);
    this.#intake = new Intake(this.#store, options, (signal) => this.#signals.push(signal));
    restoreState(this.#store, this.#clocks, options.state ?? []);
  }

  correlate(event: TimedEvent, matches: readonly Match[]): readonly Signal[] {
    const collector = this.#clocks.observe(event);
    if (this.#clocks.moved) this.#settleMoved();
    for (const { rule } of matches) {
      const uses = this.#store.uses.get(rule.key);
      if (uses !== undefined) for (const use of uses) this.#intake.take(use, event, collector);
    }
    // Late matches of a collector that is idle all the same: nothing will settle them later.
    if (collector.idle && matches.length > 0) {
      this.#clocks.movedCollectors.push(collector);
      this.#settleMoved();
    }
    if (this.#store.budget.exceeded) this.#relieve();
    return this.#take();
  }

  tick(accepted: number): readonly Signal[] {
    this.#clocks.tick(accepted);
    if (this.#clocks.moved) this.#settleMoved();
    return this.#take();
  }

  end(): readonly Signal[] {
    const told: Told[] = [];
    for (const clock of this.#store.allClocks()) settleClock(this.#store, clock, Infinity, told);
    for (const { index } of this.#clocks.byIndex) this.#store.expireCompact(index, Infinity);
    return inOrder(told);
  }

  reload(ruleSet: RuleSet): void {
    this.#store.reload(ruleSet);
  }

  snapshot({ all = false }: { readonly all?: boolean } = {}): readonly StatePart[] {
    return snapshotState(this.#store, this.#clocks, all);
  }

  stats(): CorrelatorStats {
    return this.#store.stats();
  }

  #take(): readonly Signal[] {
    const signals = this.#signals;
    if (signals.length === 0) return nothing;
    this.#signals = [];
    return signals;
  }

  #settleMoved(): void {
    const told: Told[] = [];
    for (const collector of this.#clocks.takeCollectors()) {
      const clock = this.#store.lateClocks.get(collector);
      if (clock !== undefined)
        settleClock(this.#store, clock, collector.idle ? Infinity : collector.watermark, told);
    }
    const agencies = this.#clocks.takeAgencies();
    for (const { name, index, watermark } of agencies) {
      settleClock(this.#store, this.#store.agencyClock(name), watermark, told);
      this.#store.expireCompact(index, watermark);
    }
    if (agencies.length > 0 && this.#store.spansCity && this.#clocks.judgeCity())
      settleClock(this.#store, this.#store.cityClock, this.#clocks.city, told);
    for (const signal of inOrder(told)) this.#signals.push(signal);
  }

  #relieve(): void {
    const told: Told[] = [];
    relieve(this.#store, told);
    for (const { signal } of told) this.#signals.push(signal);
  }
}

/** What settling told, in an order that does not depend on how state is kept. */
function inOrder(told: readonly Told[]): readonly Signal[] {
  const compare = (a: Told, b: Told): number =>
    a.index - b.index ||
    (a.signal.groupKey < b.signal.groupKey ? -1 : a.signal.groupKey > b.signal.groupKey ? 1 : 0);
  return told.toSorted(compare).map(({ signal }) => signal);
}
