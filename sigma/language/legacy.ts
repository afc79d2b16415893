import type { Aggregation } from './aggregation.ts';
import { identifiersOf } from './condition.ts';
import type { ConditionDraft, CorrelationDocument, Place, RuleDocument, Written } from './document.ts';
import type { Problems } from './problems.ts';
import type { Condition, Detection, Rule } from './rule.ts';
import { clip, entryOf, type SourceEntry, type SourceMap } from './source.ts';
import { judgeThreshold } from './threshold.ts';
import { parseTimespan, timespanNear } from './timespan.ts';

/** The aggregation of a rule and where it stands. */
export interface FoundAggregation {
  readonly aggregation: Aggregation;
  readonly offset: number;
}

type Unplaced<Document> = Omit<Document, 'problems' | 'file'>;
export type Converted = readonly (Unplaced<RuleDocument> | Unplaced<CorrelationDocument>)[];

/**
 * Makes of a rule of Sigma 1 that aggregates a rule for what stands in front of the pipe (and one for each identifier
 * behind `near`), and a correlation with everything else that the rule says: id, title, level. Undefined where there is
 * no such correlation; the problems say why.
 */
export function convertAggregation(
  rule: Rule,
  { aggregation, offset }: FoundAggregation,
  { root, problems }: { readonly root: SourceMap; readonly problems: Problems },
): Converted | undefined {
  const timespanMs = readTimeframe(root, offset, problems);
  const condition = conditionOf(aggregation, { problems, offset });
  if (timespanMs === undefined || problems.refused) return undefined;
  const place = problems.placeOf(offset);
  const parts = partsOf(rule, aggregation, place);
  const rules = parts.map(({ rule: part }) => ({ text: part.key, ...place }));
  const { logsource: _logsource, detection: _detection, ...metadata } = rule;
  problems.add('aggregation_converted', offset, { detail: describe(aggregation, timespanMs) });
  const correlation = {
    ...metadata,
    type: aggregation.kind === 'near' ? ('temporal' as const) : aggregation.type,
    rules,
    groupBy: aggregation.kind === 'near' ? [] : aggregation.groupBy,
    aliases: [],
    timespanMs,
    condition: condition(rules),
    generate: false,
    scope: 'agency' as const,
  };
  return [...parts, { kind: 'correlation', correlation }];
}

function readTimeframe(root: SourceMap, offset: number, problems: Problems): number | undefined {
  const entry = timeframeOf(root);
  const text = entry?.value.kind === 'scalar' ? entry.value.text.trim() : '';
  const timespanMs = parseTimespan(text);
  if (entry === undefined) problems.add('timeframe_missing', offset);
  else if (timespanMs === undefined)
    problems.add('correlation_timespan', entry.value.offset, {
      detail: clip(text),
      suggestion: timespanNear(text),
    });
  return timespanMs;
}

/** The `timeframe` of a detection; a map under this name is a search identifier. */
export function timeframeOf(root: SourceMap): SourceEntry | undefined {
  const detection = entryOf(root, 'detection')?.value;
  const entry = detection?.kind === 'map' ? entryOf(detection, 'timeframe') : undefined;
  return entry?.value.kind === 'scalar' ? entry : undefined;
}

type Finish = (rules: readonly Written[]) => ConditionDraft;

function conditionOf(
  aggregation: Aggregation,
  { problems, offset }: { readonly problems: Problems; readonly offset: number },
): Finish {
  if (aggregation.kind === 'near') {
    const { expression } = aggregation;
    return (rules) => nearCondition(rules, expression);
  }
  const { type, field, percentile, predicate } = aggregation;
  const counts = type === 'event_count' || type === 'value_count';
  const figures = counts ? ({ kind: 'count', most: Infinity } as const) : ({ kind: 'number' } as const);
  if (judgeThreshold([predicate], figures) === 'never')
    problems.add('threshold_impossible', offset, { detail: `${predicate.operator} ${predicate.value}` });
  return () => ({
    kind: 'predicates',
    predicates: [predicate],
    fields: field === undefined ? [] : [field],
    ...(percentile === undefined ? {} : { percentile }),
  });
}

/** A match of the first rule, and the others as the expression says. */
function nearCondition(rules: readonly Written[], expression: Condition): ConditionDraft {
  const [first] = rules;
  if (first === undefined) return { kind: 'every' };
  const byIdentifier = new Map(
    [...identifiersOf(expression)].map((name, index) => [name, rules[index + 1]?.text ?? name]),
  );
  const named = (condition: Condition): Condition => {
    switch (condition.kind) {
      case 'identifier':
        return { kind: 'identifier', name: byIdentifier.get(condition.name) ?? condition.name };
      case 'not':
        return { kind: 'not', child: named(condition.child) };
      case 'and':
      case 'or':
        return { kind: condition.kind, children: condition.children.map(named) };
    }
  };
  const whole: Condition = {
    kind: 'and',
    children: [{ kind: 'identifier', name: first.text }, named(expression)],
  };
  return { kind: 'expression', text: 'near', expression: whole, identifiers: rules };
}

/** The rules that the correlation refers to, under names that nobody else can have. */
function partsOf(rule: Rule, aggregation: Aggregation, place: Place): readonly Unplaced<RuleDocument>[] {
  const { id: _id, name: _name, ...rest } = rule;
  const part = (label: string, detection: Detection): Unplaced<RuleDocument> => {
    const name = `${rule.file}:${rule.line}/${label}`;
    return {
      kind: 'rule',
      name: { text: name, ...place },
      rule: { ...rest, name, key: name, title: `${rule.title} (${label})`, detection },
    };
  };
  const first = part('matches', rule.detection);
  if (aggregation.kind !== 'near') return [first];
  const { raw, searches } = rule.detection;
  const near = [...identifiersOf(aggregation.expression)].map((name) =>
    part(`near ${name}`, { raw, conditions: [name], condition: { kind: 'identifier', name }, searches }),
  );
  return [first, ...near];
}

/** The correlation in words close to how one would write it. */
function describe(aggregation: Aggregation, timespanMs: number): string {
  const timespan = `timespan ${timespanMs / 1000}s`;
  if (aggregation.kind === 'near')
    return `temporal, ${timespan}, near ${[...identifiersOf(aggregation.expression)].join(', ')}`.slice(
      0,
      200,
    );
  const { type, field, percentile, groupBy, predicate } = aggregation;
  return [
    type,
    ...(groupBy.length === 0 ? [] : [`group-by ${groupBy.join(', ')}`]),
    timespan,
    ...(field === undefined ? [] : [`field ${field}`]),
    ...(percentile === undefined ? [] : [`percentile ${percentile}`]),
    `${predicate.operator} ${predicate.value}`,
  ].join(', ');
}
