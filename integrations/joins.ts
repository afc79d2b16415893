import type { JsonValue } from '../platform/event.ts';
import {
  asArray,
  asObject,
  lineFromSnapshot,
  lineToSnapshot,
  toLine,
  type CompleteLine,
} from './complete-line.ts';
import type { Joining, Line } from './contract.ts';

/** Open groups of one integration; past it the oldest is closed. */
export const JOIN_GROUPS_MAX = 10_000;
/** Characters that the open groups of one integration hold; past it the oldest is closed. */
export const JOIN_CHARS_MAX = 16 * 1024 * 1024;

/** One line with what the parsers see of it. */
export interface Member {
  readonly complete: CompleteLine;
  readonly line: Line;
}

interface Group {
  readonly members: Member[];
  chars: number;
}

/** The groups of one integration whose records are still coming. */
export class Joins {
  readonly #joining: Joining;
  readonly #groups = new Map<string, Group>();
  #chars = 0;

  constructor(joining: Joining) {
    this.#joining = joining;
  }

  /** Adds a line to its group; returns the groups that this closes. */
  add(key: string, member: Member): readonly (readonly Member[])[] {
    const { agency, collector, input, path } = member.complete.record;
    const scoped = [agency, collector, input, path ?? '', key].join('\0');
    const group = this.#append(scoped, member);
    if (group.members.length >= this.#joining.linesMax || this.#joining.isLast(member.line)) {
      return [this.#close(scoped, group)];
    }
    const closed: (readonly Member[])[] = [];
    while (this.#groups.size > JOIN_GROUPS_MAX || this.#chars > JOIN_CHARS_MAX)
      closed.push(...this.#closeOldest());
    return closed;
  }

  /** Closes the groups that the partition's clock has left behind. */
  expire(clock: number): readonly (readonly Member[])[] {
    const closed: (readonly Member[])[] = [];
    for (const [key, group] of this.#groups) {
      const accepted = group.members[0]?.complete.record.accepted ?? 0;
      if (clock - accepted <= this.#joining.timeoutMs) break;
      closed.push(this.#close(key, group));
    }
    return closed;
  }

  /** Closes everything. */
  end(): readonly (readonly Member[])[] {
    return [...this.#groups].map(([key, group]) => this.#close(key, group));
  }

  /** Records that wait. */
  get pending(): number {
    let records = 0;
    for (const group of this.#groups.values()) {
      for (const member of group.members) records += member.complete.records;
    }
    return records;
  }

  snapshot(): JsonValue {
    return [...this.#groups].map(([key, group]) => ({
      key,
      lines: group.members.map((member) => lineToSnapshot(member.complete)),
    }));
  }

  restore(snapshot: JsonValue | undefined): void {
    for (const item of asArray(snapshot)) {
      const { key, lines } = asObject(item);
      for (const line of asArray(lines)) {
        const complete = lineFromSnapshot(line);
        this.#append(typeof key === 'string' ? key : '', { complete, line: toLine(complete) });
      }
    }
  }

  #append(key: string, member: Member): Group {
    const group = this.#groups.get(key) ?? { members: [], chars: 0 };
    group.members.push(member);
    group.chars += member.line.original.length;
    this.#chars += member.line.original.length;
    this.#groups.set(key, group);
    return group;
  }

  #close(key: string, group: Group): readonly Member[] {
    this.#groups.delete(key);
    this.#chars -= group.chars;
    return group.members;
  }

  #closeOldest(): readonly (readonly Member[])[] {
    for (const [key, group] of this.#groups) return [this.#close(key, group)];
    return [];
  }
}
