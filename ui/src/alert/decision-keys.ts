import type { Bindings } from '../keys/bindings.ts';
import { verdictKeys, verdicts, type Decision } from './verdict.ts';

/** The single keys that decide: `a` acknowledges, the digits close. */
export function decisionKeys(decide: (decision: Decision) => void): Bindings {
  const bindings: Record<string, () => void> = { a: () => decide({ to: 'acknowledged' }) };
  for (const verdict of verdicts) {
    const key = verdictKeys[verdict];
    if (key !== undefined) bindings[key] = () => decide({ to: 'closed', verdict });
  }
  return bindings;
}
