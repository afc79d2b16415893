import type { Group } from './group.ts';

/** Bytes of state before groups are given up, where the caller says nothing. */
export const stateBytesDefault = 64 * 1024 * 1024;

/** What the parts of the state take, measured and rounded up. */
const groupBytes = 1200;
const itemBytes = 240;
const alertBytes = 200;

/** Groups with fewer matches pending are not settled early: that would free nothing worth it. */
const earlyMin = 64;

const progressClasses = 8;
const sizeClasses = 48;

/**
 * Keeps the state within its bytes. Groups are held by how large they are and by how far they have come, each class in
 * the order of their last match, so that whom to give up is found without looking at all of them.
 */
export class Budget {
  bytes = 0;
  /** Those of them that full groups take; the rest is compact. */
  fullBytes = 0;
  /** Grows with every match; orders groups by their last one. */
  touches = 0;
  readonly bytesMax: number;
  readonly #bySize: readonly Set<Group>[] = Array.from({ length: sizeClasses }, () => new Set());
  readonly #byProgress: readonly Set<Group>[] = Array.from({ length: progressClasses }, () => new Set());

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  get exceeded(): boolean {
    return this.bytes > this.bytesMax;
  }

  /** Some room is made at once, so that it is not made for every event. */
  get roomy(): boolean {
    return this.bytes <= this.bytesMax - this.bytesMax / 32;
  }

  /** Counts a group as it is now. */
  account(group: Group): void {
    this.touches += 1;
    group.touched = this.touches;
    this.place(group);
  }

  /** As `account`, at the place in order that it had. */
  place(group: Group): void {
    const bytes = bytesOf(group);
    this.bytes += bytes - group.bytes;
    this.fullBytes += bytes - group.bytes;
    const size = sizeClass(bytes);
    if (group.bytes === 0 || size !== sizeClass(group.bytes)) {
      this.#bySize[sizeClass(group.bytes)]?.delete(group);
      this.#bySize[size]?.add(group);
    }
    group.bytes = bytes;
    this.#byProgress[group.progress]?.delete(group);
    group.progress = progressOf(group);
    this.#byProgress[group.progress]?.add(group);
  }

  forget(group: Group): void {
    this.bytes -= group.bytes;
    this.fullBytes -= group.bytes;
    this.#bySize[sizeClass(group.bytes)]?.delete(group);
    this.#byProgress[group.progress]?.delete(group);
    group.bytes = 0;
  }

  /** The group to settle early, if one of the largest holds enough. */
  largest(): Group | undefined {
    for (const groups of this.#bySize.toReversed())
      for (const group of groups) return group.pending.length >= earlyMin ? group : undefined;
    return undefined;
  }

  /** The group to give up: of those with the least progress the one whose last match is the oldest. */
  weakest(): Group | undefined {
    for (const groups of this.#byProgress) for (const group of groups) return group;
    return undefined;
  }
}

function bytesOf(group: Group): number {
  const { place, pending, settled, alerts } = group;
  return (
    groupBytes +
    4 * place.key.length +
    itemBytes * (pending.length + settled.size) +
    alertBytes * alerts.length
  );
}

function sizeClass(bytes: number): number {
  return Math.min(sizeClasses - 1, Math.floor(2 * Math.log2(bytes + 1)));
}

/** How far a group has come, from 0; the last is for what has fired. */
function progressOf({ plan, alerts, settled, pending }: Group): number {
  const last = progressClasses - 1;
  if (alerts.length > 0 || settled.episode !== undefined) return last;
  const needed = plan.figure === 'rules' || plan.figure === 'chain' ? plan.sources.length : plan.least;
  const share = (pending.length + settled.size - 1) / Math.max(1, needed - 1);
  return Math.max(0, Math.min(last - 1, Math.floor(share * last)));
}
