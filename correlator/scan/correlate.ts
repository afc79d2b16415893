import { invariant } from '../../platform/errors/index.ts';
import { createCorrelator, type RuleSet, type Signal } from '../../sigma/index.ts';
import type { Found } from './scanner.ts';

/** Where an event that was found lies. */
export interface FoundPlace {
  readonly file: string;
  readonly line: number;
  readonly time: number;
}

/** An episode of a correlation, whole. Times in milliseconds. */
export interface Finding {
  readonly signal: Signal;
  readonly constituents: readonly (FoundPlace & { readonly rule: string })[];
}

/** Correlates the events that rules match, in the order in which they are given. */
export interface FoundCorrelator {
  take(found: Found, place: FoundPlace): void;
  /** What all of them came to; nothing may follow. */
  end(): readonly Finding[];
}

/**
 * Correlates everything that is found in files. No event comes too late, so what it gives is exact: no window is closed
 * before the end.
 */
export function createFoundCorrelator(ruleSet: RuleSet, accepted: number): FoundCorrelator {
  if (ruleSet.correlations.length === 0) return { take: () => undefined, end: () => [] };
  const correlator = createCorrelator(ruleSet, { latenessMs: Infinity });
  // The number of an event among those taken is its id and its order.
  const places: FoundPlace[] = [];
  const findings: Finding[] = [];
  const note = (signals: readonly Signal[]): void => {
    for (const signal of signals) {
      if (signal.kind !== 'final') continue;
      const constituents = signal.constituents.map(({ rule, event }) => {
        const place = places[Number(event.id)];
        invariant(place !== undefined, 'a constituent was taken');
        return { ...place, rule };
      });
      findings.push({ signal, constituents });
    }
  };
  return {
    take: ({ time, matches, fields }, place) => {
      if (fields === undefined) return;
      const order = places.push(place) - 1;
      const event = {
        id: String(order),
        time,
        accepted,
        agency: '',
        collector: 'detect',
        order,
        field: (name: string) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
      };
      const rules = matches.flatMap(({ rule: index }) => {
        const rule = ruleSet.rules[index];
        return rule === undefined ? [] : [{ rule }];
      });
      note(correlator.correlate(event, rules));
    },
    end: () => {
      note(correlator.end());
      return findings.toSorted((a, b) => a.signal.last - b.signal.last);
    },
  };
}
