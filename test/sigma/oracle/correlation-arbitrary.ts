import fc from 'fast-check';
import type {
  Condition,
  Correlation,
  CorrelationCondition,
  CorrelationType,
  Predicate,
  Rule,
  RuleSet,
} from '../../../sigma/language/rule.ts';

export const metadata = {
  level: 'medium',
  references: [],
  falsepositives: [],
  tags: [],
  fields: [],
  custom: {},
  file: 'random.yml',
  line: 1,
} as const;

/** Names of the rules that random correlations refer to. */
const ruleNames = ['r0', 'r1', 'r2', 'r3'] as const;

/** Rules whose matches are drawn rather than found: the detection is of no account, but tells them apart. */
export const plainRules: readonly Rule[] = ruleNames.map((name) => ({
  ...metadata,
  title: name,
  name,
  key: name,
  logsource: { product: 'random' },
  detection: {
    raw: { selection: { Name: name }, condition: 'selection' },
    conditions: ['selection'],
    condition: { kind: 'identifier', name: 'selection' },
    searches: new Map([
      [
        'selection',
        {
          kind: 'item',
          field: 'Name',
          modifiers: [],
          values: [{ text: name, test: { kind: 'text', patterns: [[name]], cased: false } }],
          all: false,
          negated: false,
          line: 1,
        },
      ],
    ]),
  },
}));

/** A correlation drawn apart from its set: references are numbers until it is known what there is to refer to. */
export interface Draft {
  readonly type: CorrelationType;
  readonly refers: readonly number[];
  readonly inner: readonly number[];
  readonly groupBy: readonly string[];
  readonly aliased: readonly (readonly [alias: string, reference: number, field: string])[];
  readonly timespanMs: number;
  readonly predicates: readonly Predicate[];
  readonly expression: Condition | undefined;
  readonly fields: readonly string[];
  readonly percentile: number;
  readonly scope: 'agency' | 'city';
  readonly again: boolean;
  readonly quiet: boolean;
}

export interface Wanted {
  /** Whether correlations may refer to correlations. */
  readonly chaining?: boolean;
  readonly city?: boolean;
  readonly types?: readonly CorrelationType[];
}

const allTypes: readonly CorrelationType[] = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
];

const threshold = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 1.5, 2.5, 8) },
);

const predicate: fc.Arbitrary<Predicate> = fc.record({
  operator: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('gt' as const, 'gte' as const) },
    { weight: 2, arbitrary: fc.constantFrom('lt' as const, 'lte' as const, 'eq' as const, 'neq' as const) },
  ),
  value: threshold,
});

/** Identifiers are places in `refers`, as texts. */
const leaf: fc.Arbitrary<Condition> = fc
  .nat(2)
  .map((place): Condition => ({ kind: 'identifier', name: String(place) }));

function nested(depth: number): fc.Arbitrary<Condition> {
  if (depth === 0) return leaf;
  const child = nested(depth - 1);
  return fc.oneof(
    leaf,
    child.map((inner): Condition => ({ kind: 'not', child: inner })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(child, { minLength: 2, maxLength: 3 }))
      .map(([kind, children]): Condition => ({ kind, children })),
  );
}

function draft({ city = true, types = allTypes }: Wanted): fc.Arbitrary<Draft> {
  return fc.record({
    type: fc.constantFrom(...types),
    refers: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }),
    inner: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
    groupBy: fc.oneof(
      fc.constantFrom<readonly string[]>([], ['user']),
      fc.uniqueArray(fc.constantFrom('user', 'ip', 'who'), { maxLength: 2 }),
    ),
    aliased: fc.array(
      fc.tuple(fc.constantFrom('who', 'user', 'n'), fc.nat(3), fc.constantFrom('user', 'ip', 'n', 'v')),
      { maxLength: 2 },
    ),
    timespanMs: fc.constantFrom(1000, 2000, 5000, 10_000, 60_000),
    predicates: fc.uniqueArray(predicate, {
      minLength: 1,
      maxLength: 2,
      selector: ({ operator }) => operator,
    }),
    expression: fc.option(nested(2), { nil: undefined }),
    fields: fc.constantFrom(['v'], ['n'], ['who'], ['v', 'ip']),
    percentile: fc.constantFrom(0, 10, 50, 75, 95, 100),
    again: fc.constantFrom(false, false, false, true),
    quiet: fc.constantFrom(false, false, false, false, true),
    scope: city
      ? fc.constantFrom('agency' as const, 'agency' as const, 'city' as const)
      : fc.constant('agency'),
  });
}

/** Random sets of rules, with correlations that refer to rules and to one another. */
export function ruleSets(wanted: Wanted = {}): fc.Arbitrary<RuleSet> {
  // Of different types or timespans, so that no two have the same semantic hash.
  const drafts = fc.uniqueArray(draft(wanted), {
    minLength: 1,
    maxLength: 3,
    selector: ({ type, timespanMs }) => `${type} ${timespanMs}`,
  });
  return drafts.map((drawn) => {
    const correlations: Correlation[] = [];
    for (const each of drawn) correlations.push(built(each, correlations, wanted.chaining ?? true));
    return {
      rules: plainRules,
      correlations,
      quiet: new Set(correlations.flatMap(({ key }, index) => (drawn[index]?.quiet === true ? [key] : []))),
      [fc.toStringMethod]: () => correlations.map(describeCorrelation).join('\n'),
    };
  });
}

function built(from: Draft, before: readonly Correlation[], chaining: boolean): Correlation {
  const key = `c${before.length}`;
  const rules = from.refers.map((index) => ({
    written: `r${index}`,
    kind: 'rule' as const,
    key: `r${index}`,
  }));
  // A group of the city has no agency, so nothing within an agency can refer to it.
  const possible = chaining ? before.filter(({ scope }) => from.scope === 'city' || scope === 'agency') : [];
  const inner = from.inner.flatMap((index) => possible[index] ?? []);
  const references = inner.map((each) => ({
    written: each.key,
    kind: 'correlation' as const,
    key: each.key,
  }));
  // Those with inner ones first and last in turn, and some of inner ones alone.
  const named = from.refers.length === 1 && references.length > 0 ? references : [...references, ...rules];
  // A step of a chain may be named again.
  const refers = from.again && from.type === 'temporal_ordered' ? [...named, ...named.slice(0, 1)] : named;
  const groupBy =
    inner.length > 0
      ? from.groupBy.filter((name) => inner.some((each) => each.groupBy.includes(name)))
      : from.groupBy;
  const aliases = new Map<string, Map<string, string>>();
  for (const [alias, reference, field] of from.aliased) {
    const written = refers[reference]?.written;
    if (written === undefined) continue;
    aliases.set(alias, (aliases.get(alias) ?? new Map<string, string>()).set(written, field));
  }
  return {
    ...metadata,
    title: `Correlation ${key}`,
    name: key,
    key,
    type: from.type,
    refers,
    groupBy,
    aliases,
    timespanMs: from.timespanMs,
    condition: conditionOf(
      from,
      refers.map(({ written }) => written),
    ),
    generate: false,
    scope: from.scope,
  };
}

function conditionOf(from: Draft, written: readonly string[]): CorrelationCondition {
  switch (from.type) {
    case 'temporal':
      return from.expression === undefined
        ? { kind: 'predicates', predicates: from.fields[0] === 'v' ? [] : from.predicates, fields: [] }
        : expressionCondition(renamed(from.expression, written));
    case 'temporal_ordered':
      return { kind: 'predicates', predicates: [], fields: [] };
    case 'event_count':
      return { kind: 'predicates', predicates: from.predicates, fields: [] };
    case 'value_count':
      return { kind: 'predicates', predicates: from.predicates, fields: from.fields };
    case 'value_sum':
    case 'value_avg':
    case 'value_median':
      return { kind: 'predicates', predicates: from.predicates, fields: [numericField(from)] };
    case 'value_percentile':
      return {
        kind: 'predicates',
        predicates: from.predicates,
        fields: [numericField(from)],
        percentile: from.percentile,
      };
  }
}

function numericField({ fields: [field = ''] }: Draft): string {
  return field === 'v' ? 'n' : field;
}

/** In one line, for the report of a counterexample. */
function describeCorrelation(correlation: Correlation): string {
  const { key, type, refers, groupBy, aliases, timespanMs, condition, scope } = correlation;
  const written = refers.map((reference) => reference.written).join(',');
  const named = JSON.stringify([...aliases].map(([alias, map]) => [alias, ...map]));
  const wanted =
    condition.kind === 'expression'
      ? condition.text
      : JSON.stringify([
          condition.fields,
          ...condition.predicates.map((each) => Object.values(each).join(' ')),
        ]);
  return `${key}: ${type} of ${written} by [${groupBy.join()}] ${named} in ${timespanMs} ms: ${wanted} ${scope}`;
}

function expressionCondition(condition: Condition): CorrelationCondition {
  return { kind: 'expression', text: textOfCondition(condition), expression: condition };
}

function renamed(condition: Condition, written: readonly string[]): Condition {
  switch (condition.kind) {
    case 'identifier':
      return { kind: 'identifier', name: written[Number(condition.name) % written.length] ?? '' };
    case 'not':
      return { kind: 'not', child: renamed(condition.child, written) };
    case 'and':
    case 'or':
      return { kind: condition.kind, children: condition.children.map((child) => renamed(child, written)) };
  }
}

export function textOfCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'identifier':
      return condition.name;
    case 'not':
      return `not ${textOfCondition(condition.child)}`;
    case 'and':
    case 'or':
      return `(${condition.children.map(textOfCondition).join(` ${condition.kind} `)})`;
  }
}
