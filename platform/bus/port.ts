export const topics = ['canh.records'] as const;
export type Topic = (typeof topics)[number];

export interface Message {
  readonly key: string;
  readonly value: string;
}

export interface Delivered extends Message {
  /** Position in the partition; grows, but may skip numbers. */
  readonly offset: number;
}

export interface ReadLimit {
  readonly messages: number;
  readonly bytes: number;
}

/** A partitioned, durable log. Every implementation passes `test/contract/bus.ts`. */
export interface Bus {
  /** Fixed at set-up; a message's partition is chosen by its key. */
  readonly partitions: number;
  partitionOf(key: string): number;
  /** Appends in order; resolves with the last offset once the messages are durable. */
  append(topic: Topic, partition: number, messages: readonly Message[]): Promise<number>;
  /** Messages at or after `from`, oldest first; empty at the end. At least one message whatever its size. */
  read(topic: Topic, partition: number, from: number, limit: ReadLimit): Promise<readonly Delivered[]>;
  /** Tells `group`'s next offset, which serves lag alone. */
  commit(group: string, topic: Topic, partition: number, offset: number): Promise<void>;
  /** Messages not yet committed by `group`. */
  lag(group: string, topic: Topic, partition: number): Promise<number>;
  /** Forgets messages before `offset`; they must have been processed. */
  trim(topic: Topic, partition: number, offset: number): Promise<void>;
  close(): Promise<void>;
}
