import { applyFilters } from './apply-filters.ts';
import { Directory } from './directory.ts';
import type { CorrelationDocument, SigmaDocument } from './document.ts';
import { LinkProblems } from './link-problems.ts';
import type { Problem } from './problems.ts';
import { resolveCorrelation, targetsOf, type Target } from './resolve.ts';
import type { Correlation, Rule, RuleSet } from './rule.ts';

export interface LinkedRules extends RuleSet {
  /** Of the documents themselves and of what they mean together, in the order of the documents. */
  readonly problems: readonly Problem[];
}

/**
 * Makes one set of documents from any number of files: keys made unique, filters applied, references of correlations
 * resolved by id, then by name. A correlation whose references cannot all be resolved is refused, and so is everything
 * that refers to it; the rules it names then speak for themselves. Never throws on documents of `parseDocuments`.
 */
export function linkDocuments(documents: readonly SigmaDocument[]): LinkedRules {
  const problems = new LinkProblems(documents);
  const directory = new Directory(documents, problems);
  const filtered = applyFilters(documents, directory, problems);
  const rules = documents.flatMap((document) =>
    document.kind === 'rule'
      ? [keyed(filtered.get(document) ?? document.rule, directory.keyOf(document))]
      : [],
  );
  const correlations = linkCorrelations(documents, directory, problems);
  return { rules, correlations, quiet: quietOf(correlations), problems: problems.all() };
}

function keyed(rule: Rule, key: string): Rule {
  return rule.key === key ? rule : { ...rule, key };
}

/** What correlations refer to and none of them wants to hear of on its own. */
export function quietOf(correlations: readonly Correlation[]): ReadonlySet<string> {
  const keysOf = (generate: boolean): readonly string[] =>
    correlations
      .filter((one) => one.generate === generate)
      .flatMap((one) => one.refers.map(({ key }) => key));
  const loud = new Set(keysOf(true));
  return new Set(keysOf(false).filter((key) => !loud.has(key)));
}

type Targets = ReadonlyMap<CorrelationDocument, readonly Target[]>;

/** Correlations that can run, each behind those that it refers to. */
function linkCorrelations(
  documents: readonly SigmaDocument[],
  directory: Directory,
  problems: LinkProblems,
): readonly Correlation[] {
  const drafts = documents.filter((document) => document.kind === 'correlation');
  const targets: Targets = new Map(
    drafts.map((document) => [document, targetsOf(document, directory, problems)]),
  );
  const { order, stuck } = inOrder(targets);
  refuseStuck(stuck, targets, problems);
  const linked: Correlation[] = [];
  const refused = new Set<SigmaDocument>(stuck);
  for (const document of order) {
    const found = targets.get(document) ?? [];
    const bad = found.find((target) => refused.has(target.document));
    if (bad !== undefined)
      problems.add(document, 'reference_refused', bad.reference, { detail: bad.reference.text });
    const correlation = problems.refuses(document)
      ? undefined
      : resolveCorrelation(document, found, { directory, problems });
    if (correlation === undefined) refused.add(document);
    else linked.push(correlation);
  }
  return linked;
}

interface Order {
  /** Each behind those that it refers to. */
  readonly order: readonly CorrelationDocument[];
  /** Part of a cycle, or referring to one. */
  readonly stuck: ReadonlySet<SigmaDocument>;
}

function inOrder(targets: Targets): Order {
  const waits = new Map<CorrelationDocument, number>();
  const dependents = new Map<SigmaDocument, CorrelationDocument[]>();
  for (const [document, found] of targets) {
    const inner = new Set(
      found.map((target) => target.document).filter(({ kind }) => kind === 'correlation'),
    );
    waits.set(document, inner.size);
    for (const target of inner) {
      const waiting = dependents.get(target);
      if (waiting === undefined) dependents.set(target, [document]);
      else waiting.push(document);
    }
  }
  const order = [...waits].filter(([, count]) => count === 0).map(([document]) => document);
  // The list grows while it is walked.
  for (const document of order)
    for (const dependent of dependents.get(document) ?? []) {
      const left = (waits.get(dependent) ?? 0) - 1;
      waits.set(dependent, left);
      if (left === 0) order.push(dependent);
    }
  const stuck = [...targets.keys()].filter((document) => (waits.get(document) ?? 0) > 0);
  return { order, stuck: new Set(stuck) };
}

/** Of what is stuck, those that nothing stuck refers to are no part of a cycle; take them away until none is left. */
function refuseStuck(stuck: ReadonlySet<SigmaDocument>, targets: Targets, problems: LinkProblems): void {
  const references = new Map<CorrelationDocument, readonly Target[]>();
  const counts = new Map<SigmaDocument, number>();
  for (const [document, found] of targets) {
    if (!stuck.has(document)) continue;
    const inner = found.filter((target) => stuck.has(target.document));
    references.set(document, inner);
    for (const target of inner) counts.set(target.document, (counts.get(target.document) ?? 0) + 1);
  }
  const outside = [...references.keys()].filter((document) => !counts.has(document));
  for (const document of outside)
    for (const target of references.get(document) ?? []) {
      const left = (counts.get(target.document) ?? 0) - 1;
      counts.set(target.document, left);
      if (left === 0 && target.document.kind === 'correlation') outside.push(target.document);
    }
  const away = new Set(outside);
  for (const [document, [first]] of references)
    if (first !== undefined)
      problems.add(
        document,
        away.has(document) ? 'reference_refused' : 'correlation_cycle',
        first.reference,
        {
          detail: first.reference.text,
        },
      );
}
