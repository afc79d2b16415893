import { containsSource } from '../language/logsource.ts';
import { matches } from './evaluate.ts';
import type { SigmaEvent } from './event.ts';
import type { Rule } from '../language/rule.ts';

/** Distinct sets of logsources whose rules are remembered; integrations yield a few hundred. */
const routesMax = 4096;

export interface Match {
  readonly rule: Rule;
}

export interface Engine {
  readonly rules: readonly Rule[];
  /** The rules that match an event, in the order they were given. Never throws by a rule's fault. */
  match(event: SigmaEvent): readonly Match[];
  /** The rules whose logsource takes an event. */
  candidates(event: SigmaEvent): readonly Rule[];
}

export interface EngineOptions {
  /** Called where a rule fails on an event; the other rules go on. */
  readonly onFailure?: (rule: Rule, error: unknown, event: SigmaEvent) => void;
}

/** An engine over rules: an event meets those rules that one of its logsources contains. */
export function createEngine(rules: readonly Rule[], { onFailure }: EngineOptions = {}): Engine {
  const routes = new Map<string, readonly Rule[]>();
  const candidates = ({ logsource }: SigmaEvent): readonly Rule[] => {
    const key = logsource
      .map((source) => JSON.stringify([source.product, source.category, source.service]))
      .join();
    let route = routes.get(key);
    if (route === undefined) {
      route = rules.filter((rule) => logsource.some((source) => containsSource(rule.logsource, source)));
      if (routes.size >= routesMax) routes.clear();
      routes.set(key, route);
    }
    return route;
  };
  const match = (event: SigmaEvent): readonly Match[] => {
    const found: Match[] = [];
    for (const rule of candidates(event)) {
      try {
        if (matches(rule, event)) found.push({ rule });
      } catch (error) {
        onFailure?.(rule, error, event);
      }
    }
    return found;
  };
  return { rules, match, candidates };
}
