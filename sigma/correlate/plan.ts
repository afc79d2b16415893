import { correlationHash, semanticHash } from '../language/semantic-hash.ts';
import {
  holdAll,
  isMonotone,
  leastCount,
  onlyLowerBounds,
  presenceTest,
  type PresenceTest,
} from './condition.ts';
import type { Correlation, Reference, RuleSet } from '../language/rule.ts';

/** Where matches of a correlation come from: a rule, or an inner correlation. */
export interface Source {
  readonly key: string;
  /** Semantic hash: by it state finds its source again after a reload. */
  readonly hash: string;
  /** The fields of its events that group and count. */
  readonly groupFields: readonly string[];
  readonly valueFields: readonly string[];
}

/** What the figure of a window is made of. */
export type Figure = 'events' | 'values' | 'rules' | 'chain' | 'sum' | 'average' | 'percentile';

/** A correlation made ready to run. */
export interface Plan {
  readonly correlation: Correlation;
  readonly hash: string;
  /** Names its state: the hash, and a number where several correlations mean the same. */
  readonly id: string;
  /** Place in the rule set. */
  readonly index: number;
  /** 0 over rules; above every correlation that it refers to. */
  readonly level: number;
  /** Gives no signals of its own. */
  readonly quiet: boolean;
  readonly city: boolean;
  readonly timespanMs: number;
  readonly figure: Figure;
  /** Judged by the window that each match closes, or by windows that a match opens. */
  readonly judged: 'closed' | 'opened';
  /** Fires on arrival. */
  readonly eager: boolean;
  /** Least count that satisfies: of events, values or rules judged by closed windows. */
  readonly least: number;
  readonly percentile: number;
  readonly sources: readonly Source[];
  /** Of a chain: the source of each step. */
  readonly steps: readonly number[];
  /** Whether a figure satisfies; of `temporal` use `present`. */
  readonly satisfied: (figure: number) => boolean;
  readonly present: PresenceTest;
}

/** Plans of all correlations, each behind those that it refers to. */
export function makePlans({ rules, correlations, quiet }: RuleSet): readonly Plan[] {
  const hashes = new Map(rules.map((rule) => [rule.key, semanticHash(rule)]));
  const levels = new Map<string, number>();
  const used = new Map<string, number>();
  return correlations.map((correlation, index) => {
    const hash = correlationHash(correlation, hashes);
    hashes.set(correlation.key, hash);
    const level = Math.max(
      ...correlation.refers.map(({ kind, key }) => (kind === 'rule' ? 0 : (levels.get(key) ?? 0) + 1)),
    );
    levels.set(correlation.key, level);
    const ordinal = used.get(hash) ?? 0;
    used.set(hash, ordinal + 1);
    const id = ordinal === 0 ? hash : `${hash}#${ordinal}`;
    return makePlan(correlation, { hash, id, index, level, quiet: quiet.has(correlation.key), hashes });
  });
}

interface Place extends Pick<Plan, 'hash' | 'id' | 'index' | 'level' | 'quiet'> {
  readonly hashes: ReadonlyMap<string, string>;
}

function makePlan(correlation: Correlation, { hashes, ...place }: Place): Plan {
  const { condition, refers } = correlation;
  const keys = [...new Set(refers.map(({ key }) => key))];
  const sources = keys.map((key) => makeSource(correlation, refers, key, hashes.get(key) ?? key));
  const written = new Map(refers.map((reference) => [reference.written, keys.indexOf(reference.key)]));
  const present = presenceTest(condition, written, keys.length);
  const predicates = condition.kind === 'predicates' ? condition.predicates : [];
  const figure = figureOf(correlation);
  const judged = judgedBy(correlation, present, keys.length);
  return {
    ...place,
    correlation,
    city: correlation.scope === 'city',
    timespanMs: correlation.timespanMs,
    figure,
    judged,
    eager: isEager(correlation, figure, judged),
    least: leastCount(predicates),
    percentile: condition.kind === 'predicates' ? (condition.percentile ?? 50) : 50,
    sources,
    steps: refers.map(({ key }) => keys.indexOf(key)),
    satisfied: (value) => holdAll(value, predicates),
    present,
  };
}

function isEager({ scope, refers }: Correlation, figure: Figure, judged: Plan['judged']): boolean {
  if (scope === 'city' || judged === 'opened' || refers.some(({ kind }) => kind === 'correlation'))
    return false;
  return figure !== 'average' && figure !== 'percentile';
}

function figureOf({ type }: Correlation): Figure {
  switch (type) {
    case 'event_count':
      return 'events';
    case 'value_count':
      return 'values';
    case 'temporal':
      return 'rules';
    case 'temporal_ordered':
      return 'chain';
    case 'value_sum':
      return 'sum';
    case 'value_avg':
      return 'average';
    case 'value_percentile':
    case 'value_median':
      return 'percentile';
  }
}

function judgedBy({ type, condition }: Correlation, present: PresenceTest, sources: number): Plan['judged'] {
  switch (type) {
    case 'temporal_ordered':
    case 'value_avg':
    case 'value_percentile':
    case 'value_median':
      return 'closed';
    case 'temporal':
      return isMonotone(condition, present, sources) ? 'closed' : 'opened';
    case 'event_count':
    case 'value_count':
    case 'value_sum':
      return condition.kind === 'predicates' && onlyLowerBounds(condition.predicates) ? 'closed' : 'opened';
  }
}

function makeSource(
  { aliases, condition, groupBy }: Correlation,
  refers: readonly Reference[],
  key: string,
  hash: string,
): Source {
  const names = refers.filter((reference) => reference.key === key).map(({ written }) => written);
  const fieldOf = (name: string): string => {
    for (const written of names) {
      const field = aliases.get(name)?.get(written);
      if (field !== undefined) return field;
    }
    return name;
  };
  const fields = condition.kind === 'predicates' ? condition.fields : [];
  return { key, hash, groupFields: groupBy.map(fieldOf), valueFields: fields.map(fieldOf) };
}
