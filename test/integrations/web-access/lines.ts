import type { Line } from '../../../integrations/contract.ts';

/** A line as the normaliser hands it over. */
export function lineOf(message: string, more: Partial<Line> = {}): Line {
  return { message, original: message, hints: {}, accepted: Date.UTC(2026, 10, 23, 3), ...more };
}
