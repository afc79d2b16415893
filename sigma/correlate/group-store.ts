import { Budget, stateBytesDefault } from './budget.ts';
import { CompactLane } from './compact-lane.ts';
import { noSlot } from './compact-keys.ts';
import { GroupClock } from './group-clock.ts';
import { Group, type Place } from './group.ts';
import { makePlans, type Plan } from './plan.ts';
import { reviveGroups } from './snapshot.ts';
import { joinParts } from './values.ts';
import type { AgencyClock, Clocks, CollectorClock } from './clocks.ts';
import type { CorrelatorOptions, CorrelatorStats } from './contract.ts';
import type { RuleSet } from '../language/rule.ts';

/** Parts that groups are kept in: a snapshot writes those that changed. */
export const bucketsMax = 64;

/** Constituents told of an episode. */
const constituentsDefault = 100;

/** Groups of one correlation by their keys. */
export interface Runtime {
  readonly plan: Plan;
  readonly groups: Map<string, Group>;
  /** Groups far from satisfied, of correlations that only count. */
  lane: CompactLane | undefined;
  /** Groups that begin before this may lack what was given up. */
  lossyUntil: number;
}

/** Where a rule or an inner correlation is referred to. */
export interface Use {
  readonly runtime: Runtime;
  /** Its place among the plan's sources. */
  readonly source: number;
}

/** All groups, and how to find them: by correlation and key, by clock, by part of the state. */
export class GroupStore {
  runtimes = new Map<string, Runtime>();
  /** By key of rule or correlation. */
  uses = new Map<string, readonly Use[]>();
  levels: readonly number[] = [];
  spansCity = false;
  readonly clocks: Clocks;
  readonly cityClock = new GroupClock('', { city: true });
  readonly lateClocks = new Map<CollectorClock, GroupClock>();
  readonly counts = { lateCorrelated: 0, late: 0, missingField: 0, evicted: 0 };
  readonly buckets: readonly Set<Group>[] = Array.from({ length: bucketsMax }, () => new Set());
  /** By part of the state: 1 where something changed since the last snapshot. */
  readonly dirty = new Uint8Array(bucketsMax);
  readonly constituentsMax: number;
  readonly budget: Budget;
  readonly #agencyClocks = new Map<string, GroupClock>();

  constructor(
    ruleSet: RuleSet,
    clocks: Clocks,
    { constituentsMax = constituentsDefault, stateBytesMax = stateBytesDefault }: CorrelatorOptions,
  ) {
    this.budget = new Budget(stateBytesMax);
    this.clocks = clocks;
    this.constituentsMax = constituentsMax;
    this.#adopt(makePlans(ruleSet));
  }

  #adopt(plans: readonly Plan[]): void {
    this.runtimes = new Map(
      plans.map((plan) => [
        plan.id,
        { plan, groups: new Map<string, Group>(), lane: this.#laneFor(plan), lossyUntil: -Infinity },
      ]),
    );
    const uses = new Map<string, Use[]>();
    for (const runtime of this.runtimes.values())
      for (const [source, { key }] of runtime.plan.sources.entries()) {
        const list = uses.get(key);
        if (list === undefined) uses.set(key, [{ runtime, source }]);
        else list.push({ runtime, source });
      }
    this.uses = uses;
    this.levels = [...new Set(plans.map(({ level }) => level))].toSorted((a, b) => a - b);
    this.spansCity = plans.some(({ city }) => city);
  }

  #laneFor(plan: Plan): CompactLane | undefined {
    const counts = plan.figure === 'events' || plan.figure === 'values';
    return plan.eager && counts ? new CompactLane(plan, this.budget, fnv(plan.id)) : undefined;
  }

  /** Takes other rules; groups of correlations that mean the same go on under the new ones. */
  reload(ruleSet: RuleSet): void {
    const before = this.runtimes;
    this.#adopt(makePlans(ruleSet));
    for (const [id, old] of before) {
      const runtime = this.runtimes.get(id);
      if (runtime === undefined) this.#forget(old);
      else {
        runtime.lossyUntil = old.lossyUntil;
        if (sameSources(old.plan, runtime.plan)) moveGroups(old, runtime);
        else reviveGroups(this, runtime, old);
      }
    }
  }

  /** Drops the state of a correlation that is gone. */
  #forget({ groups, lane }: Runtime): void {
    for (const group of groups.values()) this.remove(group);
    lane?.discard();
    for (let bucket = 0; lane !== undefined && bucket < bucketsMax; bucket += 1) this.dirty[bucket] = 1;
  }

  /** The group at a place; a new one begins at a time. */
  groupAt(runtime: Runtime, place: Place, time: number): Group {
    const found = runtime.groups.get(place.key);
    if (found !== undefined) return found;
    const group = this.#make(runtime, place);
    group.lossy = time < runtime.lossyUntil;
    if (runtime.lane !== undefined && place.lateOf === undefined) {
      group.slot = runtime.lane.slotFor(this.clocks.agency(place.agency).index, place.values);
      if (group.slot !== noSlot) runtime.lane.bind(group.slot, group);
    }
    return group;
  }

  #make(runtime: Runtime, place: Place): Group {
    const bucket = bucketOf(runtime.plan.id, place.key);
    const group = new Group(runtime.plan, place, { bucket, constituentsMax: this.constituentsMax });
    runtime.groups.set(place.key, group);
    this.buckets[bucket]?.add(group);
    return group;
  }

  /** Makes a full group of a compact one. */
  raise(runtime: Runtime, slot: number, { name, watermark }: AgencyClock): Group {
    const { lane } = runtime;
    if (lane === undefined) throw new Error('a slot without its lane');
    const values = lane.valuesOf(slot);
    const place = { key: joinParts([name, ...values]), agency: name, values, lateOf: undefined };
    const group = this.#make(runtime, { ...place, clock: this.agencyClock(name) });
    this.dirty[lane.bucket(slot)] = 1;
    group.slot = slot;
    const { items, lossy } = lane.raise(slot, group);
    group.lossy = lossy;
    group.fill(items, watermark);
    return group;
  }

  /** Forgets compact groups of an agency that its watermark has passed. */
  expireCompact(place: number, watermark: number): void {
    for (const { lane } of this.runtimes.values()) lane?.expire(place, watermark, this.dirty);
  }

  /** Gives up compact groups with at most so many matches until there is room; false where that was not enough. */
  giveUpCompact(matchesMax: number): boolean {
    const lanes = [...this.runtimes.values()].flatMap(({ plan, lane }) =>
      lane === undefined ? [] : [{ plan, lane }],
    );
    for (const { plan, lane } of lanes.toSorted((a, b) => b.lane.bytes - a.lane.bytes)) {
      lane.giveUp(matchesMax, (slot, newest) => {
        this.dirty[lane.bucket(slot)] = 1;
        this.counts.evicted += 1;
        this.#lose(plan, newest);
      });
      if (this.budget.roomy) return true;
    }
    return false;
  }

  /** Its part of the state is to be written again. */
  touch(group: Group): void {
    this.dirty[group.bucket] = 1;
    this.budget.account(group);
  }

  /** What this group held is lost to it and to whatever its correlation tells. */
  giveUp(group: Group): void {
    this.counts.evicted += 1;
    group.lossy = true;
    const newest = group.pending.at(-1)?.time ?? group.settled.held().at(-1)?.time ?? -Infinity;
    this.#lose(group.plan, Math.max(newest, group.settled.episode?.last ?? -Infinity));
  }

  #lose(plan: Plan, newest: number): void {
    const runtime = this.runtimes.get(plan.id);
    const until = newest + 2 * plan.timespanMs;
    if (runtime === undefined || until <= runtime.lossyUntil) return;
    runtime.lossyUntil = until;
    for (const outer of this.uses.get(plan.correlation.key) ?? []) this.#lose(outer.runtime.plan, until);
  }

  remove(group: Group): void {
    group.gone = true;
    this.runtimes.get(group.plan.id)?.groups.delete(group.place.key);
    this.buckets[group.bucket]?.delete(group);
    if (group.slot !== noSlot) this.runtimes.get(group.plan.id)?.lane?.drop(group.slot);
    group.slot = noSlot;
    this.dirty[group.bucket] = 1;
    this.budget.forget(group);
  }

  agencyClock(name: string): GroupClock {
    let clock = this.#agencyClocks.get(name);
    if (clock === undefined) this.#agencyClocks.set(name, (clock = new GroupClock(name)));
    return clock;
  }

  lateClock(collector: CollectorClock): GroupClock {
    let clock = this.lateClocks.get(collector);
    if (clock === undefined)
      this.lateClocks.set(collector, (clock = new GroupClock(collector.agency.name, { collector })));
    return clock;
  }

  /** The key of the group that matches late for another group are counted in. */
  lateKey(key: string, lateOf: string): string {
    return `${key}\u0000\u0003${lateOf}`;
  }

  /** In the order in which inner correlations tell outer ones. */
  allClocks(): readonly GroupClock[] {
    return [...this.lateClocks.values(), ...this.#agencyClocks.values(), this.cityClock];
  }

  stats(): CorrelatorStats {
    let groups = 0;
    for (const { groups: full, lane } of this.runtimes.values()) {
      groups += full.size;
      // A full group of a lane has a slot there as well.
      if (lane !== undefined) groups += lane.size - lane.groups.size;
    }
    return { groups, bytes: this.budget.bytes, ...this.counts };
  }
}

/** Groups go on under another correlation of the same meaning. */
function moveGroups({ groups, lane }: Runtime, runtime: Runtime): void {
  for (const [key, group] of groups) {
    group.plan = runtime.plan;
    runtime.groups.set(key, group);
  }
  runtime.lane = lane;
}

function sameSources(a: Plan, b: Plan): boolean {
  return (
    a.sources.length === b.sources.length && a.sources.every(({ hash }, at) => hash === b.sources[at]?.hash)
  );
}

function bucketOf(id: string, key: string): number {
  const hash = fnv(key, fnv(id));
  return (hash ^ (hash >>> 16)) & (bucketsMax - 1);
}

/** FNV-1a over UTF-16 units: where a group is kept must be the same in every run. */
function fnv(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
