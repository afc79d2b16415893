/** State of one part of a stage, for `/health` and the console. */
export interface ComponentHealth {
  readonly name: string;
  readonly state: 'ok' | 'degraded' | 'failed';
  /** What is wrong, as a sentence; absent when nothing is. */
  readonly detail?: string;
}

/** A running stage (collector, correlator, API): what its `main.ts` returns. */
export interface Stage {
  health(): readonly ComponentHealth[];
  /** Resolves with the reason when the stage cannot go on, so that the process ends and is started again. */
  readonly failed?: Promise<Error>;
  /** Resolves when drained: nothing under way, every file closed. */
  stop(): Promise<void>;
}
