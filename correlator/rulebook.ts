import { invariant } from '../platform/errors/index.ts';
import { createEngine, semanticHash, type Engine, type Rule, type RuleSet } from '../sigma/index.ts';

/** A rule set made ready to run; partitions share it. */
export interface Rulebook {
  readonly ruleSet: RuleSet;
  readonly engine: Engine;
  /** Semantic hash of one of its rules. */
  hashOf(rule: Rule): string;
  /** Whether a match of the rule (a firing of the correlation) is an alert of its own. */
  alerts(key: string): boolean;
  /** How alerts name a rule or a correlation. */
  nameOf(key: string): { readonly id: string; readonly title: string };
}

export interface RulebookOptions {
  /** Told when a rule fails on an event; the event goes on without it. */
  readonly onRuleFailure?: (rule: Rule, error: unknown) => void;
  /** A clock in milliseconds with fractions, for the time that rules take. */
  readonly now?: () => number;
}

export function createRulebook(ruleSet: RuleSet, { onRuleFailure, now }: RulebookOptions = {}): Rulebook {
  const documents = [...ruleSet.rules, ...ruleSet.correlations];
  const names = new Map(
    documents.map((document) => [document.key, { id: idOf(document), title: document.title }]),
  );
  const hashes = new Map(ruleSet.rules.map((rule) => [rule, semanticHash(rule)]));
  return {
    ruleSet,
    engine: createEngine(ruleSet.rules, {
      onFailure: (rule, error) => onRuleFailure?.(rule, error),
      ...(now === undefined ? {} : { now }),
    }),
    hashOf: (rule) => {
      const hash = hashes.get(rule);
      invariant(hash !== undefined, 'a rule that matched was loaded');
      return hash;
    },
    alerts: (key) => !ruleSet.quiet.has(key),
    nameOf: (key) => names.get(key) ?? { id: key, title: key },
  };
}

/** The id by which people know a rule: its own, else its name, else its title. */
export function idOf(rule: Pick<Rule, 'id' | 'name' | 'title'>): string {
  return rule.id ?? rule.name ?? rule.title;
}
