import { sigmaView } from '../integrations/index.ts';
import { invariant } from '../platform/errors/index.ts';
import type { Event, JsonObject } from '../platform/event.ts';
import type { NewDocument } from '../platform/index/port.ts';
import { createEngine, explain, semanticHash, type Rule } from '../sigma/index.ts';
import { alertDocument } from './alerts.ts';

export interface DetectorOptions {
  readonly rules: readonly Rule[];
  /** Told when a rule fails on an event; the event goes on without it. */
  readonly onRuleFailure: (rule: Rule, error: unknown) => void;
}

export interface Detector {
  /** The alerts of the rules that match an event, whose indexed form is `document`. */
  detect(event: Event, document: JsonObject): readonly NewDocument[];
  /** Rule failures since the last call. */
  takeFailures(): number;
}

/** Runs the rules over events and makes alerts of what matches. */
export function createDetector({ rules, onRuleFailure }: DetectorOptions): Detector {
  let failures = 0;
  const engine = createEngine(rules, {
    onFailure: (rule, error) => {
      failures += 1;
      onRuleFailure(rule, error);
    },
  });
  const hashes = new Map(rules.map((rule) => [rule, semanticHash(rule)]));

  return {
    detect: (event, document) => {
      const view = sigmaView(event);
      return engine.match(view).map(({ rule }) => {
        const hash = hashes.get(rule);
        invariant(hash !== undefined, 'a rule that matched was loaded');
        return alertDocument(event, document, { rule, hash, explanation: explain(rule, view) });
      });
    },
    takeFailures: () => {
      const taken = failures;
      failures = 0;
      return taken;
    },
  };
}
