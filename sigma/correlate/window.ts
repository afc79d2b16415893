import { CountWindow } from './window-count.ts';
import { ValuesWindow } from './window-values.ts';
import { RulesWindow } from './window-rules.ts';
import { ChainWindow } from './window-chain.ts';
import { FigureWindow } from './window-figure.ts';
import type { Item } from './item.ts';
import type { Plan } from './plan.ts';

/**
 * The window that each match closes, matches taken in order. It keeps no more than what decides about later windows, and
 * is made again by taking what it keeps.
 */
export interface Window {
  /** Takes the next match; the figure of the window that it closes, NaN where that does not satisfy. */
  take(item: Item): number;
  /** The matches of the window that was just closed and satisfied, in order. */
  matches(): readonly Item[];
  /** Forgets matches at or before a time. */
  expire(before: number): void;
  /** How many matches it keeps. */
  readonly size: number;
  /** What it keeps, in order. */
  held(): readonly Item[];
  clone(): Window;
  /** Whether something was forgotten for want of room. */
  lossy: boolean;
}

export function createWindow(plan: Plan): Window {
  switch (plan.figure) {
    case 'events':
      return new CountWindow(plan.least, plan.timespanMs);
    case 'values':
      return new ValuesWindow(plan.least, plan.timespanMs);
    case 'rules':
      return new RulesWindow(plan);
    case 'chain':
      return new ChainWindow(plan.steps, plan.timespanMs);
    case 'sum':
    case 'average':
    case 'percentile':
      return new FigureWindow(plan);
  }
}
