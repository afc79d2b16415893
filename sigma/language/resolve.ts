import type { Directory } from './directory.ts';
import type {
  AliasDraft, CorrelationDocument, CorrelationDraft, RuleDocument, SigmaDocument, Written,
} from './document.ts'; // prettier-ignore
import { judgeCondition } from './contradiction.ts';
import type { LinkProblems } from './link-problems.ts';
import type { Condition, Correlation, CorrelationCondition, Item, Reference } from './rule.ts';
import { judgeThreshold } from './threshold.ts';

/** A reference of a correlation and the document it leads to. */
export interface Target {
  readonly reference: Written;
  readonly document: RuleDocument | CorrelationDocument;
}

interface LinkContext {
  readonly directory: Directory;
  readonly problems: LinkProblems;
}

/** The documents that a correlation refers to; for a reference that leads nowhere there is a problem instead. */
export function targetsOf(
  document: CorrelationDocument,
  directory: Directory,
  problems: LinkProblems,
): readonly Target[] {
  return document.correlation.rules.flatMap((reference): readonly Target[] => {
    const found = directory.find(reference.text);
    const detail = reference.text;
    switch (found.kind) {
      case 'found':
        return [{ reference, document: found.document }];
      case 'refused':
        problems.add(document, 'reference_refused', reference, { detail });
        return [];
      case 'unknown':
        problems.add(document, 'reference_unknown', reference, { detail, suggestion: found.suggestion });
        return [];
      case 'ambiguous':
        problems.add(document, 'reference_ambiguous', reference, {
          detail: found.documents.slice(0, 3).map(placeOf).join(', '),
        });
        return [];
    }
  });
}

function placeOf({ file, name }: SigmaDocument): string {
  return `${file}:${name?.line ?? 1}`;
}

/** The correlation with every reference resolved; undefined where one cannot be, which its problems then say. */
export function resolveCorrelation(
  document: CorrelationDocument,
  targets: readonly Target[],
  context: LinkContext,
): Correlation | undefined {
  const { rules: _, aliases, condition, ...rest } = document.correlation;
  const kept = distinct(document, targets, context);
  const resolved: Correlation = {
    ...rest,
    key: context.directory.keyOf(document),
    refers: kept.map((target): Reference => ({
      written: target.reference.text,
      kind: target.document.kind,
      key: context.directory.keyOf(target.document),
    })),
    aliases: new Map(
      aliases.map((alias) => [alias.alias.text, resolveAlias(document, alias, { kept, context })]),
    ),
    condition: resolveCondition(document, condition, { kept, context }),
  };
  checkAliases(document, kept, context);
  checkFields(document, kept, { resolved, context });
  return context.problems.refuses(document) ? undefined : resolved;
}

/** One rule named twice is one rule, except where the order in time counts. */
function distinct(
  document: CorrelationDocument,
  targets: readonly Target[],
  { problems }: LinkContext,
): readonly Target[] {
  if (document.correlation.type === 'temporal_ordered') return targets;
  const seen = new Set<SigmaDocument>();
  return targets.filter((target) => {
    const again = seen.has(target.document);
    seen.add(target.document);
    // Under id and name at once, the second way of writing is used nowhere else.
    if (again)
      problems.add(document, 'reference_duplicate', target.reference, { detail: target.reference.text });
    return !again;
  });
}

interface Resolving {
  readonly kept: readonly Target[];
  readonly context: LinkContext;
}

/** The reference, as `refers` writes it, that is meant by another way of writing it. */
function sameTarget(written: string, { kept, context }: Resolving): Target | undefined {
  const literal = kept.find((target) => target.reference.text === written);
  if (literal !== undefined) return literal;
  const found = context.directory.find(written);
  return found.kind === 'found' ? kept.find((target) => target.document === found.document) : undefined;
}

function resolveAlias(
  document: CorrelationDocument,
  { fields }: AliasDraft,
  resolving: Resolving,
): ReadonlyMap<string, string> {
  const resolved = new Map<string, string>();
  for (const { reference, field } of fields) {
    const target = sameTarget(reference.text, resolving);
    if (target === undefined) refuseUnlisted(document, reference, resolving);
    else resolved.set(target.reference.text, field);
  }
  return resolved;
}

function refuseUnlisted(
  document: CorrelationDocument,
  reference: Written,
  { kept, context }: Resolving,
): void {
  context.problems.add(document, 'reference_unlisted', reference, {
    detail: reference.text,
    suggestion: context.directory.nearest(
      reference.text,
      kept.map((target) => target.reference.text),
    ),
  });
}

function resolveCondition(
  document: CorrelationDocument,
  condition: CorrelationDraft['condition'],
  resolving: Resolving,
): CorrelationCondition {
  const { kept, context } = resolving;
  switch (condition.kind) {
    case 'predicates': {
      // Under id and name a rule is counted once, so there may be fewer than were written.
      const figures = { kind: 'count', most: kept.length } as const;
      if (
        document.correlation.type === 'temporal' &&
        judgeThreshold(condition.predicates, figures) === 'never'
      )
        refuseNever(document, `of ${kept.length} rules`, { place: document.correlation.rules[0], context });
      return condition;
    }
    case 'every':
      return { kind: 'predicates', predicates: [{ operator: 'gte', value: kept.length }], fields: [] };
    case 'expression': {
      const names = new Map<string, string>();
      for (const identifier of condition.identifiers) {
        const target = sameTarget(identifier.text, resolving);
        if (target === undefined) refuseUnlisted(document, identifier, resolving);
        else names.set(identifier.text, target.reference.text);
      }
      const used = new Set(names.values());
      for (const { reference } of kept)
        if (!used.has(reference.text))
          context.problems.add(document, 'reference_unused', reference, { detail: reference.text });
      const expression = renamed(condition.expression, names);
      if (neverHolds(expression, kept))
        refuseNever(document, condition.text, { place: condition.identifiers[0], context });
      return { kind: 'expression', text: condition.text, expression };
    }
  }
}

function refuseNever(
  document: CorrelationDocument,
  detail: string,
  { place, context }: { readonly place: Written | undefined; readonly context: LinkContext },
): void {
  if (place !== undefined) context.problems.add(document, 'threshold_impossible', place, { detail });
}

/** Whether an expression is true of no window; each window that is judged holds a match of one of the rules. */
function neverHolds(expression: Condition, kept: readonly Target[]): boolean {
  const names = kept.map(({ reference }) => reference.text);
  const someMatch: Condition = {
    kind: 'or',
    children: names.map((name): Condition => ({ kind: 'identifier', name })),
  };
  const searches = new Map(
    names.map((name): [string, Item] => [
      name,
      {
        kind: 'item', field: name, modifiers: [], all: false, negated: false, line: 0,
        values: [{ text: '', test: { kind: 'exists', expected: true } }],
      }, // prettier-ignore
    ]),
  );
  return judgeCondition({ kind: 'and', children: [expression, someMatch] }, searches) === 'impossible';
}

/** A condition with other names for its identifiers. */
export function renamed(condition: Condition, names: ReadonlyMap<string, string>): Condition {
  switch (condition.kind) {
    case 'identifier':
      return { kind: 'identifier', name: names.get(condition.name) ?? condition.name };
    case 'not':
      return { kind: 'not', child: renamed(condition.child, names) };
    case 'and':
    case 'or':
      return { kind: condition.kind, children: condition.children.map((child) => renamed(child, names)) };
  }
}

function checkAliases(document: CorrelationDocument, kept: readonly Target[], context: LinkContext): void {
  const { aliases, groupBy } = document.correlation;
  for (const { alias, fields } of aliases) {
    if (!groupBy.includes(alias.text))
      context.problems.add(document, 'alias_unused', alias, { detail: alias.text });
    const covered = new Set(fields.map(({ reference }) => sameTarget(reference.text, { kept, context })));
    const missing = kept.find((target) => !covered.has(target));
    if (missing !== undefined)
      context.problems.add(document, 'alias_incomplete', alias, { detail: missing.reference.text });
  }
}

/** A correlation that is referred to brings only the fields of its groups. */
function checkFields(
  document: CorrelationDocument,
  kept: readonly Target[],
  { resolved, context }: { readonly resolved: Correlation; readonly context: LinkContext },
): void {
  const { groupBy, aliases, condition } = resolved;
  const counted = condition.kind === 'predicates' ? condition.fields : [];
  for (const { reference, document: inner } of kept) {
    if (inner.kind !== 'correlation') continue;
    const grouped = groupBy.map((field) => aliases.get(field)?.get(reference.text) ?? field);
    const absent = [...grouped, ...counted].find((field) => !inner.correlation.groupBy.includes(field));
    if (absent !== undefined)
      context.problems.add(document, 'reference_fields', reference, { detail: absent });
  }
}
