import type { Hints } from '../platform/record.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { CollectorMetrics } from './metrics.ts';

/** A line without its line end: text, or bytes where it is no valid UTF-8. */
export type Line = string | Uint8Array;

/** A change to an input's cursors; a value of null forgets the key. */
export interface CursorChange {
  readonly key: string;
  readonly value: string | null;
}

/** What an input read in one go: lines of one origin, and how far it has read once they are durable. */
export interface Batch {
  /** File, unit or peer that the lines came from. */
  readonly path?: string;
  readonly lines: readonly Line[];
  readonly cursors?: readonly CursorChange[];
  /** In place of the input's own hints. */
  readonly hints?: Hints;
}

/** Resolves once lines and cursors are durable together, so a slow sink slows the source. */
export type Emit = (batch: Batch) => Promise<void>;

/** One running input. `start` resolves when listening, `stop` when drained. */
export interface Input {
  readonly id: string;
  start(emit: Emit, signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
  /** What is wrong although the input goes on, as a sentence; undefined when nothing is. */
  trouble(): string | undefined;
}

/** What every input is given. */
export interface InputDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: CollectorMetrics;
  /** The input's cursors as the spool last made them durable. */
  cursors(): ReadonlyMap<string, string>;
  /** Tells that the input cannot go on; it is stopped and made anew after a pause. */
  failed(error: unknown): void;
}

/** How an input is configured and made; adding a kind of input is adding one of these. */
export interface InputType<Config> {
  readonly type: string;
  /** What the input knows about its lines. */
  hints(config: Config): Hints;
  /** The id of an input whose configuration gives none; the same settings give the same id. */
  defaultId(config: Config): string;
  create(id: string, config: Config, deps: InputDeps): Input;
}

/** Hints as configured, with the shape of the line where the input knows it. */
export function hintsOf(
  config: { readonly product?: string | undefined; readonly zone?: string | undefined },
  format?: string,
): Hints {
  return {
    ...(config.product === undefined ? {} : { product: config.product }),
    ...(format === undefined ? {} : { format }),
    ...(config.zone === undefined ? {} : { zone: config.zone }),
  };
}

const ID_CHARS_MAX = 64;

/** A setting such as a path or an address as part of an input's id. */
export function idPart(setting: string): string {
  const plain = Array.from(setting, (char) => (/[\w.-]/.test(char) ? char : '-')).join('');
  return plain.slice(0, ID_CHARS_MAX);
}
