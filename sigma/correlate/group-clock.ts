import { DueQueue } from './due.ts';
import type { CollectorClock } from './clocks.ts';
import type { Group } from './group.ts';

/** What settles groups: the watermark of an agency, of the city, or, for late matches, of one collector. */
export class GroupClock {
  /** Empty for the city. */
  readonly agency: string;
  readonly collector: CollectorClock | undefined;
  readonly queue = new DueQueue<Group>();

  readonly city: boolean;

  constructor(
    agency: string,
    { collector, city = false }: { collector?: CollectorClock; city?: boolean } = {},
  ) {
    this.agency = agency;
    this.collector = collector;
    this.city = city;
  }

  /** Puts a group where it is next due, unless it waits there or earlier. */
  schedule(group: Group): void {
    const due = group.nextDue();
    if (due >= group.due) return;
    group.due = due;
    this.queue.add(due, group);
  }

  /** Takes out the groups that are due at a watermark. */
  take(watermark: number): Group[] {
    const groups: Group[] = [];
    for (const group of this.queue.take(watermark)) {
      // An entry that was overtaken by an earlier one is left behind in the queue.
      if (group.due > watermark || group.gone) continue;
      group.due = Infinity;
      groups.push(group);
    }
    return groups;
  }
}
