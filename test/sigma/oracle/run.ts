import { createCorrelator } from '../../../sigma/correlate/correlator.ts';
import type { CorrelatorOptions, Signal, StatePart } from '../../../sigma/correlate/contract.ts';
import type { RuleSet } from '../../../sigma/language/rule.ts';
import type { Arrival, Final } from './oracle.ts';

/** Every signal of a whole stream, `end` included. */
export function signalsOf(
  ruleSet: RuleSet,
  arrivals: readonly Arrival[],
  options: CorrelatorOptions = {},
): readonly Signal[] {
  const correlator = createCorrelator(ruleSet, options);
  const signals = arrivals.flatMap(({ event, matches }) => correlator.correlate(event, matches));
  return [...signals, ...correlator.end()];
}

/** Finals of the engine in the form of the oracle's; without those that say that nothing is left of an alert. */
export function finalsIn(signals: readonly Signal[]): readonly Final[] {
  return signals
    .filter(({ kind, final }) => kind === 'final' && final !== undefined)
    .map(({ correlation, agency, group, final, count, value, first, last, late, constituents }) => ({
      correlation: correlation.key,
      agency,
      group: group.map(({ field, value }) => [field, value] as const),
      final: final?.id ?? 'none',
      count,
      value,
      first,
      last,
      late,
      constituents: constituents.map(({ event, rule }) => [event.id, rule] as const),
    }));
}

/** As texts in a fixed order, so that two sets of finals compare with a readable difference. */
export function sortedTexts(finals: readonly Final[]): readonly string[] {
  return finals.map((final) => JSON.stringify(final)).toSorted();
}

/** All of a signal but what is known of its correlation anyway. */
export function signalText({ correlation, ...rest }: Signal): string {
  return JSON.stringify({ correlation: correlation.key, ...rest });
}

/** A store of state as a real one: it keeps what was written last under an id, and drops what is empty. */
export class StateStore {
  readonly #parts = new Map<string, Uint8Array>();

  write(parts: readonly StatePart[]): void {
    for (const { id, bytes } of parts)
      if (bytes.length === 0) this.#parts.delete(id);
      else this.#parts.set(id, bytes.slice());
  }

  read(): readonly StatePart[] {
    return [...this.#parts].map(([id, bytes]) => ({ id, bytes: bytes.slice() }));
  }
}
