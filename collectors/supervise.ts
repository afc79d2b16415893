import { setTimeout as delay } from 'node:timers/promises';
import { CanhError, messageOf } from '../platform/errors/index.ts';
import type { Logger } from '../platform/log.ts';
import type { ComponentHealth } from '../platform/stage.ts';
import type { Emit, Input } from './input.ts';
import type { CollectorMetrics } from './metrics.ts';

const BACK_OFF_MS_MIN = 1000;
const BACK_OFF_MS_MAX = 60_000;
/** An input that ran for so long begins with the shortest pause again. */
const STEADY_MS = 60_000;

export interface SupervisorOptions {
  readonly id: string;
  /** Makes the input anew for every attempt. `failed` may be called at any time after that. */
  readonly create: (failed: (error: unknown) => void) => Input;
  readonly emit: Emit;
  readonly log: Logger;
  readonly metrics: CollectorMetrics;
  readonly backOffMsMin?: number;
}

/** Keeps one input running: starts it again with growing pauses when it fails, and never lets it harm the others. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #stopping = new AbortController();
  readonly #firstAttempt = Promise.withResolvers<void>();
  #input: Input | undefined;
  #failure: string | undefined;
  #running: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Resolves when the input listens, or when its first attempt has failed; it is tried again then. */
  async start(): Promise<void> {
    this.#running ??= this.#run();
    await this.#firstAttempt.promise;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** The input as it runs now. */
  get input(): Input | undefined {
    return this.#input;
  }

  health(): ComponentHealth {
    const name = `collector.input.${this.#options.id}`;
    if (this.#failure !== undefined) return { name, state: 'failed', detail: this.#failure };
    const trouble = this.#input?.trouble();
    return trouble === undefined ? { name, state: 'ok' } : { name, state: 'degraded', detail: trouble };
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const shortest = this.#options.backOffMsMin ?? BACK_OFF_MS_MIN;
    let waitMs = shortest;
    while (!signal.aborted) {
      const began = performance.now();
      const failure = await this.#attempt();
      this.#firstAttempt.resolve();
      if (failure === undefined) break;
      this.#note(failure);
      if (performance.now() - began >= STEADY_MS) waitMs = shortest;
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, BACK_OFF_MS_MAX);
    }
    this.#firstAttempt.resolve();
  }

  /** One life of the input: undefined when it was stopped, else what it failed with. */
  async #attempt(): Promise<{ readonly error: unknown } | undefined> {
    const { signal } = this.#stopping;
    const over = Promise.withResolvers<{ readonly error: unknown } | undefined>();
    const abort = (): void => over.resolve(undefined);
    signal.addEventListener('abort', abort);
    let input: Input | undefined;
    try {
      input = this.#options.create((error) => over.resolve({ error }));
      await input.start(this.#options.emit, signal);
      this.#input = input;
      if (this.#failure !== undefined) this.#options.log.info('An input runs again.', { input: input.id });
      this.#failure = undefined;
      this.#firstAttempt.resolve();
      return await over.promise;
    } catch (error) {
      return { error };
    } finally {
      signal.removeEventListener('abort', abort);
      await input?.stop().catch((error: unknown) => {
        this.#options.log.error(messageOf(error), { code: 'input_failed', input: this.#options.id });
      });
    }
  }

  #note({ error }: { readonly error: unknown }): void {
    const { id, log, metrics } = this.#options;
    const detail = messageOf(error);
    metrics.restarts.inc({ input: id });
    if (this.#failure !== detail) {
      log.error(detail, { code: error instanceof CanhError ? error.code : 'input_failed', input: id });
    }
    this.#failure = detail;
  }
}
