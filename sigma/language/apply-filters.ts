import { judgeCondition } from './contradiction.ts';
import type { Directory } from './directory.ts';
import type { FilterDocument, RuleDocument, SigmaDocument } from './document.ts';
import type { LinkProblems } from './link-problems.ts';
import { containsSource } from './logsource.ts';
import { renamed } from './resolve.ts';
import type { Condition, Detection, Rule } from './rule.ts';

/** Rules to which filters apply, with the conditions of these: a rule matches what it and all of them describe. */
export function applyFilters(
  documents: readonly SigmaDocument[],
  directory: Directory,
  problems: LinkProblems,
): ReadonlyMap<SigmaDocument, Rule> {
  const filters = new Map<RuleDocument, FilterDocument[]>();
  const rules = documents.filter((document) => document.kind === 'rule');
  for (const document of documents) {
    if (document.kind !== 'filter') continue;
    const targets = targetsOf(document, rules, { directory, problems });
    for (const target of targets) {
      const known = filters.get(target);
      if (known === undefined) filters.set(target, [document]);
      else known.push(document);
    }
    if (targets.length === 0) problems.add(document, 'filter_unmatched', document.filter);
  }
  const filtered = new Map<SigmaDocument, Rule>();
  for (const [document, applied] of filters) {
    const rule = withFilters(document.rule, applied);
    filtered.set(document, rule);
    if (isImpossible(rule)) warnOfBlindness(document.rule, applied, problems);
  }
  return filtered;
}

function isImpossible({ detection: { condition, searches } }: Rule): boolean {
  return judgeCondition(condition, searches) === 'impossible';
}

/** Names the first filter with which, behind those before it, the rule can match nothing. */
function warnOfBlindness(rule: Rule, filters: readonly FilterDocument[], problems: LinkProblems): void {
  const count = filters.findIndex((_, index) => isImpossible(withFilters(rule, filters.slice(0, index + 1))));
  const last = filters[count];
  if (last !== undefined) problems.add(last, 'filter_blinds', last.filter, { detail: rule.title });
}

interface FilterContext {
  readonly directory: Directory;
  readonly problems: LinkProblems;
}

/** The rules that a filter means and whose logsource its own contains. Correlations are never filtered. */
function targetsOf(
  document: FilterDocument,
  rules: readonly RuleDocument[],
  { directory, problems }: FilterContext,
): readonly RuleDocument[] {
  const { logsource, references } = document.filter;
  const contains = ({ rule }: RuleDocument): boolean => containsSource(logsource, rule.logsource);
  if (references.length === 0) return rules.filter(contains);
  const targets = new Set<RuleDocument>();
  for (const reference of references) {
    const found = directory.find(reference.text);
    if (found.kind === 'refused') continue;
    const named =
      found.kind === 'ambiguous' ? found.documents : found.kind === 'found' ? [found.document] : [];
    const meant = named.filter((one) => one.kind === 'rule');
    const detail = reference.text;
    if (meant.length === 0)
      problems.add(document, 'filter_reference', reference, {
        detail,
        ...(found.kind === 'unknown' ? { suggestion: found.suggestion } : {}),
      });
    for (const target of meant)
      if (contains(target)) targets.add(target);
      else problems.add(document, 'filter_logsource', reference, { detail });
  }
  return [...targets];
}

/** All conditions stand beside each other, so that the order of the filters says nothing. */
function withFilters(rule: Rule, filters: readonly FilterDocument[]): Rule {
  const { detection } = rule;
  const searches = new Map(detection.searches);
  const prefixes = new Set<string>();
  const added = filters.map(({ filter }) => {
    const prefix = prefixOf(filter.name ?? filter.title, detection, prefixes);
    prefixes.add(prefix);
    const names = new Map([...filter.detection.searches.keys()].map((name) => [name, `${prefix}${name}`]));
    for (const [name, search] of filter.detection.searches) searches.set(names.get(name) ?? name, search);
    return renamed(filter.detection.condition, names);
  });
  return {
    ...rule,
    filters: filters.map(({ filter }) => filter.title),
    detection: {
      raw: detection.raw,
      conditions: [[own(detection.conditions), ...added.map(textOf)].join(' and ')],
      condition: { kind: 'and', children: [detection.condition, ...added] },
      searches,
    },
  };
}

/** What tells the identifiers of a filter from those of the rule and of other filters. */
function prefixOf(name: string, { searches }: Detection, taken: ReadonlySet<string>): string {
  // Slashes in names would let one prefix begin with another.
  const plain = name.replaceAll('/', '|');
  const isOwn = (prefix: string): boolean => [...searches.keys()].some((one) => one.startsWith(prefix));
  let prefix = `${plain}/`;
  for (let copy = 2; taken.has(prefix) || isOwn(prefix); copy++) prefix = `${plain} ${copy}/`;
  return prefix;
}

/** The rule's own conditions as one text. */
function own(conditions: readonly string[]): string {
  return conditions.length === 1
    ? `(${conditions[0] ?? ''})`
    : `(${conditions.map((text) => `(${text})`).join(' or ')})`;
}

function textOf(condition: Condition): string {
  switch (condition.kind) {
    case 'identifier':
      return condition.name;
    case 'not':
      return `not ${textOf(condition.child)}`;
    case 'and':
    case 'or':
      return `(${condition.children.map(textOf).join(` ${condition.kind} `)})`;
  }
}
