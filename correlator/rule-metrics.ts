import { Counter, type Registry } from 'prom-client';
import type { Engine } from '../sigma/index.ts';
import { idOf } from './rulebook.ts';

/** Rules told apart; of more, those that took most time. A rule may come and go, its figures never go back. */
export const RULES_SHOWN_MAX = 500;

interface Figures {
  readonly evaluations: number;
  readonly matches: number;
  readonly seconds: number;
}

const none: Figures = { evaluations: 0, matches: 0, seconds: 0 };

/** What each rule costs and yields, by the rule's id. */
export interface RuleMetrics {
  /** From now on this engine is asked; what those before counted stays. */
  follow(engine: Engine): void;
}

/** Figures are made when somebody asks for them, of the rules that the engine could not exclude at once. */
export function ruleMetrics(registry: Registry): RuleMetrics {
  let followed: Engine | undefined;
  let before: ReadonlyMap<string, Figures> = new Map();
  const counter = (name: string, help: string, figure: keyof Figures): void => {
    new Counter({
      name: `canh_rule_${name}_total`,
      help,
      labelNames: ['rule'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [rule, figures] of shown(sum(before, followed))) this.inc({ rule }, figures[figure]);
      },
    });
  };
  counter('evaluations', 'Events that a rule had to be decided for, by the id of the rule.', 'evaluations');
  counter('matches', 'Events that a rule matched, by the id of the rule.', 'matches');
  counter('seconds', 'Time spent on a rule, estimated from samples, by the id of the rule.', 'seconds');
  return {
    follow: (engine) => {
      before = sum(before, followed);
      followed = engine;
    },
  };
}

function sum(before: ReadonlyMap<string, Figures>, engine: Engine | undefined): ReadonlyMap<string, Figures> {
  const all = new Map(before);
  for (const { rule, evaluations, matches, ms } of engine?.stats() ?? []) {
    if (evaluations === 0) continue;
    const id = idOf(rule);
    const known = all.get(id) ?? none;
    all.set(id, {
      evaluations: known.evaluations + evaluations,
      matches: known.matches + matches,
      seconds: known.seconds + ms / 1000,
    });
  }
  return all;
}

function shown(all: ReadonlyMap<string, Figures>): readonly (readonly [string, Figures])[] {
  if (all.size <= RULES_SHOWN_MAX) return [...all];
  const costliest = (a: readonly [string, Figures], b: readonly [string, Figures]): number =>
    b[1].seconds - a[1].seconds || b[1].evaluations - a[1].evaluations;
  return [...all].toSorted(costliest).slice(0, RULES_SHOWN_MAX);
}
