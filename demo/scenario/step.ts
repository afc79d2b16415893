import type { Random } from './random.ts';

/** Where a line goes: a file of one host, or the syslog port. */
export const logs = ['mail-auth', 'web-access', 'web-error', 'web-audit', 'dc-events', 'syslog'] as const;
export type LogName = (typeof logs)[number];

/** What happens at a moment of the hour; `atMs` counts from its start. */
export type Step =
  | { readonly kind: 'line'; readonly atMs: number; readonly log: LogName; readonly text: string }
  | { readonly kind: 'rotate'; readonly atMs: number; readonly log: LogName }
  | { readonly kind: 'notice'; readonly atMs: number; readonly text: string };

/** What the parts of the scenario write their lines with. */
export interface Script {
  readonly random: Random;
  /** Milliseconds since 1970 of a moment of the hour. */
  timeOf(atMs: number): number;
  line(atMs: number, log: LogName, text: string): void;
  notice(atMs: number, text: string): void;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
