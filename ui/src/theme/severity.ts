import type { AlertSummary } from '../../../api/contract/index.ts';

export type Level = AlertSummary['rule']['level'];

/** Sigma's levels, most severe first: the order of every list. */
export const levels = [
  'critical',
  'high',
  'medium',
  'low',
  'informational',
] as const satisfies readonly Level[];

export interface Shape {
  readonly name: 'octagon' | 'triangle' | 'diamond' | 'circle' | 'ring';
  /** SVG path on a 16 × 16 ground; a ring is the only one that is stroked. */
  readonly path: string;
}

const shapes: Readonly<Record<Level, Shape>> = {
  critical: { name: 'octagon', path: 'M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z' },
  high: { name: 'triangle', path: 'M8 1.2 15.4 14.4H.6z' },
  medium: { name: 'diamond', path: 'M8 .8 15.2 8 8 15.2.8 8z' },
  low: { name: 'circle', path: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z' },
  informational: { name: 'ring', path: 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z' },
};

/** Shape of a level; with the word beside it, colour is never the only sign (WCAG 1.4.1). */
export function shapeOf(level: Level): Shape {
  return shapes[level];
}

/** Negative when `a` is more severe than `b`, for `Array.sort`. */
export function compareLevels(a: Level, b: Level): number {
  return levels.indexOf(a) - levels.indexOf(b);
}

/** Whether a word from outside (a facet's key) is a level. */
export function isLevel(word: string): word is Level {
  return (levels as readonly string[]).includes(word);
}
