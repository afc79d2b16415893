import type { Clock } from '../platform/clock.ts';
import type { IndexStore } from '../platform/index/port.ts';
import type { Logger } from '../platform/log.ts';
import type { ComponentHealth } from '../platform/stage.ts';
import type { Authentication } from './auth/authentication.ts';
import type { Sessions } from './auth/sessions.ts';

/** A component of any stage of the process. */
export interface StageComponent extends ComponentHealth {
  readonly stage: string;
}

/** How the whole process is doing; `ready` once everything has started and until it stops. */
export interface ProcessHealth {
  readonly ready: boolean;
  readonly components: readonly StageComponent[];
}

/** What the routes stand on. */
export interface Services {
  readonly store: IndexStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly sessions: Sessions;
  readonly authentication: Authentication;
  readonly version: string;
  health(): ProcessHealth;
}
