import type { Config } from '../platform/config/schema.ts';
import type { MetricsSnapshot } from '../platform/metrics.ts';
import type { ComponentHealth } from '../platform/stage.ts';

/** Stages that run in a thread of their own beside the API. */
export type ThreadStage = 'collector' | 'correlator';

export interface StageStart {
  readonly stage: ThreadStage;
  readonly config: Config;
  readonly plainLog: boolean;
}

export type ToStage =
  { readonly kind: 'health' | 'metrics'; readonly request: number } | { readonly kind: 'stop' };

export type FromStage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly message: string }
  | { readonly kind: 'health'; readonly request: number; readonly components: readonly ComponentHealth[] }
  | { readonly kind: 'metrics'; readonly request: number; readonly snapshot: MetricsSnapshot };
