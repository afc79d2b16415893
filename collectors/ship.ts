import { setTimeout as delay } from 'node:timers/promises';
import type { Bus, Message } from '../platform/bus/port.ts';
import type { Clock } from '../platform/clock.ts';
import { CanhError, messageOf } from '../platform/errors/index.ts';
import type { Logger } from '../platform/log.ts';
import { encodeEntry } from '../platform/record.ts';
import type { ComponentHealth } from '../platform/stage.ts';
import type { CollectorMetrics } from './metrics.ts';
import type { Spool, SpooledBatch } from './spool.ts';

/** Largest batch that is appended to the bus at once, unless a single row of the spool is larger. */
const SHIP_RECORDS_MAX = 8192;
const SHIP_BYTES_MAX = 4 * 1024 * 1024;
/** A sign of time goes to the partition so often. */
const TICK_MS = 5000;
/** The clock may stand still for so long behind the last acceptance before health says so. */
const CLOCK_BEHIND_MS_MAX = 60_000;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 10_000;
const TOPIC = 'canh.records';

export interface ShipOptions {
  readonly spool: Spool;
  readonly bus: Bus;
  readonly agency: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: CollectorMetrics;
  readonly tickMs?: number;
}

/**
 * Moves records from the spool to the agency's partition of the bus and stamps them with agency and time of acceptance.
 * One batch is in flight; it is forgotten only when the bus has made it durable, so a crash in between sends it again
 * with the same numbers. Writes the partition's ticks too, so that time on the partition never runs backwards.
 */
export class Shipper {
  readonly #options: ShipOptions;
  readonly #partition: number;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #wake: () => void = () => undefined;
  #tickDue = false;
  #accepted = 0;
  #behindMs = 0;
  #trouble: string | undefined;

  constructor(options: ShipOptions) {
    this.#options = options;
    this.#partition = options.bus.partitionOf(options.agency);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when the batch in flight is done. What is left waits in the spool for the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#running;
  }

  health(): ComponentHealth {
    const name = 'collector.ship';
    if (this.#trouble !== undefined) return { name, state: 'degraded', detail: this.#trouble };
    if (this.#behindMs > CLOCK_BEHIND_MS_MAX) {
      const detail = `The clock is ${String(this.#behindMs)} ms behind the last acceptance; correct it and restart.`;
      return { name, state: 'degraded', detail };
    }
    return { name, state: 'ok' };
  }

  async #run(): Promise<void> {
    const { spool, tickMs } = this.#options;
    spool.onAppended(() => this.#wake());
    const timer = setInterval(() => {
      this.#tickDue = true;
      this.#wake();
    }, tickMs ?? TICK_MS);
    try {
      while (!this.#stopping.signal.aborted) {
        // Made before the look into the spool, so that nothing appended in between is slept over.
        const woken = Promise.withResolvers<void>();
        this.#wake = woken.resolve;
        const batch = this.#readSpool();
        if (batch !== undefined || this.#tickDue) await this.#ship(batch);
        else await woken.promise;
      }
    } finally {
      clearInterval(timer);
    }
  }

  #readSpool(): SpooledBatch | undefined {
    return this.#options.spool.read({ records: SHIP_RECORDS_MAX, bytes: SHIP_BYTES_MAX });
  }

  async #ship(batch: SpooledBatch | undefined): Promise<void> {
    const { agency, bus, metrics, spool } = this.#options;
    const accepted = this.#accept();
    const records = batch?.records ?? [];
    const messages: Message[] = records.map((record) => ({
      key: agency,
      value: encodeEntry({ ...record, agency, accepted }),
    }));
    if (this.#tickDue) messages.push({ key: agency, value: encodeEntry({ tick: accepted }) });
    const sent = await this.#untilDone(async () => {
      await bus.append(TOPIC, this.#partition, messages);
    });
    if (!sent) return;
    this.#tickDue = false;
    if (batch === undefined) return;
    await this.#untilDone(async () => {
      spool.forget(batch.upTo);
    });
    metrics.spoolBytes.set(spool.bytes);
    metrics.shipped.inc(records.length);
    metrics.shippedBytes.inc(messages.reduce((sum, { value }) => sum + value.length, 0));
  }

  /** The clock, or the last acceptance where the clock is behind it. */
  #accept(): number {
    const now = this.#options.clock.now();
    const behindMs = Math.max(0, this.#accepted - now);
    if (behindMs > 0 && this.#behindMs === 0) {
      const message = 'The clock went back; records are accepted at the last time until it has caught up.';
      this.#options.log.warn(message, { behind_ms: behindMs });
    }
    this.#behindMs = behindMs;
    this.#accepted = Math.max(this.#accepted, now);
    return this.#accepted;
  }

  /** Tries again without limit until it succeeds; false when stopped meanwhile. */
  async #untilDone(work: () => Promise<void>): Promise<boolean> {
    const { signal } = this.#stopping;
    for (let waitMs = RETRY_MS_MIN; ; waitMs = Math.min(waitMs * 2, RETRY_MS_MAX)) {
      try {
        await work();
        if (this.#trouble !== undefined) this.#options.log.info('Records are shipped again.');
        this.#trouble = undefined;
        return true;
      } catch (error) {
        const detail = `Records cannot be shipped and wait in the spool: ${messageOf(error)}`;
        const code = error instanceof CanhError ? error.code : 'internal';
        if (this.#trouble !== detail) this.#options.log.error(detail, { code });
        this.#trouble = detail;
      }
      if (signal.aborted) return false;
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return false;
    }
  }
}
