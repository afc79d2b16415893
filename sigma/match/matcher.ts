import { containsSource } from '../language/logsource.ts';
import type { LogSource, Rule } from '../language/rule.ts';
import { ClassBuilder } from './class-builder.ts';
import type { ClassIndex } from './class-index.ts';
import { matches } from './evaluate.ts';
import type { SigmaEvent } from './event.ts';
import type { RuleCounts } from './indexed-rule.ts';
import { requiredLiterals } from '../regex/literals.ts';
import { Pool } from './signature.ts';

/** Distinct sets of logsources whose rules are remembered; integrations yield a few hundred. */
const classesMax = 4096;
/** Signatures and states that may be remembered before all are forgotten. */
const learntMax = 500_000;
/** Characters of remembered values. */
const learntCharsMax = 16 * 1024 * 1024;

export interface Match {
  readonly rule: Rule;
}

export interface MatcherOptions {
  /** Called where a rule fails on an event; the other rules go on. */
  readonly onFailure?: (rule: Rule, error: unknown, event: SigmaEvent) => void;
  /** A clock in milliseconds, for what each rule costs. */
  readonly now?: () => number;
}

export interface RuleStats extends Readonly<RuleCounts> {
  readonly rule: Rule;
}

export interface Matcher {
  readonly rules: readonly Rule[];
  /** The rules that match an event, in the order they were given. Never throws by a rule's fault. */
  match(event: SigmaEvent): readonly Match[];
  /** Of every rule: events it had to be decided for, matches, and milliseconds spent on it, since the start. */
  stats(): readonly RuleStats[];
}

/**
 * A matcher over rules: an event meets those rules that one of its logsources contains, and gets what `evaluate.ts`
 * says. Events of one set of logsources are a class, indexed when its first event comes.
 */
export function createMatcher(rules: readonly Rule[], options: MatcherOptions = {}): Matcher {
  const { onFailure } = options;
  const pool = new Pool(learntMax, learntCharsMax);
  const builder = new ClassBuilder(pool, requiredLiterals, options.now);
  const classes = createClasses(rules, builder);

  const matchOneByOne = (event: SigmaEvent): readonly Match[] =>
    classes.of(event.logsource).rules.flatMap(({ match }) => {
      try {
        return matches(match.rule, event) ? [match] : [];
      } catch (error) {
        onFailure?.(match.rule, error, event);
        return [];
      }
    });

  return {
    rules,
    match: (event) => {
      if (pool.full) {
        for (const each of classes.all()) each.forget();
        builder.forget();
        pool.entries = 0;
      }
      try {
        return classes.of(event.logsource).match(event);
      } catch {
        // Whose fault it is shows when each rule is asked by itself.
        return matchOneByOne(event);
      }
    },
    stats: () => {
      for (const each of classes.all()) each.count();
      return rules.map((rule) => ({ rule, ...builder.indexed(rule).counts }));
    },
  };
}

interface Classes {
  of(logsource: readonly LogSource[]): ClassIndex;
  all(): Iterable<ClassIndex>;
}

/**
 * Classes by their set of logsources. Integrations give the same array for the same kind of event, which is quicker to
 * look up; an array that comes once only is not worth remembering.
 */
function createClasses(rules: readonly Rule[], builder: ClassBuilder): Classes {
  interface Known {
    readonly index: ClassIndex;
    latest: readonly LogSource[];
  }
  const byArray = new WeakMap<readonly LogSource[], ClassIndex>();
  const byText = new Map<string, Known>();
  const byRules = new Map<string, ClassIndex>();
  const build = (logsource: readonly LogSource[]): ClassIndex => {
    const taken: Rule[] = [];
    const places: number[] = [];
    for (const [place, rule] of rules.entries())
      if (logsource.some((source) => containsSource(rule.logsource, source))) {
        taken.push(rule);
        places.push(place);
      }
    const key = places.join();
    let index = byRules.get(key);
    if (index === undefined) byRules.set(key, (index = builder.build(taken)));
    return index;
  };
  const find = (logsource: readonly LogSource[]): ClassIndex => {
    const key = JSON.stringify(
      logsource.map(({ product, category, service }) => [product, category, service]),
    );
    let known = byText.get(key);
    if (known === undefined) {
      known = { index: build(logsource), latest: logsource };
      if (byText.size >= classesMax) byText.clear();
      byText.set(key, known);
    } else if (known.latest === logsource) {
      byArray.set(logsource, known.index);
    } else {
      known.latest = logsource;
    }
    return known.index;
  };
  // Events of one kind come in runs.
  let last: { readonly logsource: readonly LogSource[]; readonly index: ClassIndex } | undefined;
  return {
    all: () => byRules.values(),
    of: (logsource) => {
      if (last?.logsource !== logsource)
        last = { logsource, index: byArray.get(logsource) ?? find(logsource) };
      return last.index;
    },
  };
}
