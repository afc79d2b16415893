import { metadata, plainRules } from './correlation-arbitrary.ts';
import type { Arrival } from './oracle.ts';
import type { Correlation, RuleSet } from '../../../sigma/language/rule.ts';

/** A correlation of five or more matches of `r0` within ten seconds, in one group, but for what is given. */
export function correlationOf(given: Partial<Correlation>): Correlation {
  return {
    ...metadata,
    key: 'c',
    title: 'Correlation',
    type: 'event_count',
    refers: rulesNamed('r0'),
    groupBy: [],
    aliases: new Map(),
    timespanMs: 10_000,
    condition: { kind: 'predicates', predicates: [{ operator: 'gte', value: 5 }], fields: [] },
    generate: false,
    scope: 'agency',
    ...given,
  };
}

export function rulesNamed(...names: readonly string[]): Correlation['refers'] {
  return names.map((name) => ({
    written: name,
    kind: name.startsWith('r') ? 'rule' : 'correlation',
    key: name,
  }));
}

export function ruleSetOf(...correlations: readonly Correlation[]): RuleSet {
  return { rules: plainRules, correlations, quiet: new Set() };
}

/** When, in seconds; the rules that match, space between; fields. */
export type Row = readonly [seconds: number, rules: string, fields?: Readonly<Record<string, unknown>>];

/** Events named `e1`, `e2` … by their rows, arriving as they stand there. `agency` and `collector` may be given as fields. */
export function arrivalsFrom(rows: readonly Row[]): readonly Arrival[] {
  return rows.map(([seconds, rules, fields = {}], index) => {
    const { agency = 'agency', collector = 'collector' } = fields;
    return {
      event: {
        id: `e${index + 1}`,
        time: seconds * 1000,
        accepted: seconds * 1000,
        agency: String(agency),
        collector: String(collector),
        order: index,
        field: (name: string) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
      },
      matches: plainRules.filter(({ key }) => rules.split(' ').includes(key)).map((rule) => ({ rule })),
    };
  });
}
