import { containsSource } from '../language/logsource.ts';
import { quietOf, type LinkedRules } from '../language/link.ts';
import { problemOf, type Problem } from '../language/problems.ts';
import type { Correlation, LogSource, Rule, RuleSet } from '../language/rule.ts';
import { clip } from '../language/source.ts';
import type { Pipeline } from './pipeline.ts';
import { checkFilled } from './placeholders.ts';
import { Run, Shared, type ApplyOptions } from './run.ts';
import { transform } from './transform.ts';
import {
  closeCorrelation,
  closeRule,
  itemsOf,
  openRule,
  PipelineFailure,
  type WorkCorrelation,
} from './work.ts';

/** What became of a rule: itself, another rule, or why there is none any more. */
type Outcome<Kind> = { readonly result: Kind } | { readonly problem: Problem };

/**
 * Takes every rule and correlation of a linked set through pipelines: those of lower priority first, of the same
 * priority in the order of their file names. What a pipeline refuses is left out, and so are the correlations that
 * refer to it. Filters must be applied already (`linkDocuments`), so that pipelines see their conditions too.
 *
 * With pipelines, rules are parsed with `keepPlaceholders` and without `logsources`: both are settled here. Never
 * throws on rules of `parseDocuments` and pipelines of `parsePipeline`.
 */
export function applyPipelines(
  pipelines: readonly Pipeline[],
  ruleSet: RuleSet,
  options: ApplyOptions = {},
): LinkedRules {
  return createPipelineRun(pipelines, options)(ruleSet);
}

/**
 * `applyPipelines` for a set that is loaded again and again: a rule that is the very same object as before gives the
 * very same object as before.
 */
export function createPipelineRun(
  pipelines: readonly Pipeline[],
  options: ApplyOptions = {},
): (ruleSet: RuleSet) => LinkedRules {
  const ordered = pipelines.toSorted(
    (a, b) => a.priority - b.priority || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0),
  );
  const items = ordered.flatMap((pipeline) => pipeline.items);
  const shared = new Shared(ordered, options);
  const known = new WeakMap<Rule, Outcome<Rule>>();
  const changedRule = (rule: Rule): Rule => {
    const work = openRule(rule);
    transform(work, items, new Run(shared));
    for (const { item } of itemsOf(work)) checkFilled(item, options.placeholders);
    const changed = closeRule(work);
    checkLogsource(changed, options.logsources);
    return changed;
  };
  const outcomeOf = (rule: Rule): Outcome<Rule> => {
    let outcome = known.get(rule);
    if (outcome === undefined) known.set(rule, (outcome = attempt(rule, () => changedRule(rule))));
    return outcome;
  };

  return (ruleSet) => {
    const rules = ruleSet.rules.map(outcomeOf);
    const present = new Set(resultsOf(rules).map(({ key }) => key));
    const sources = logsourcesOf(ruleSet);
    const correlations = ruleSet.correlations.map((correlation) =>
      attempt(correlation, () => {
        const lost = correlation.refers.find(({ key }) => !present.has(key));
        if (lost !== undefined) throw new PipelineFailure('reference_refused', lost.written);
        const work = openCorrelation(correlation, sources.get(correlation.key) ?? []);
        transform(work, items, new Run(shared));
        present.add(correlation.key);
        return closeCorrelation(work);
      }),
    );
    const left = resultsOf(correlations);
    const problems = [...rules, ...correlations].flatMap((one) => ('problem' in one ? [one.problem] : []));
    return { rules: resultsOf(rules), correlations: left, quiet: quietOf(left), problems };
  };
}

function attempt<Kind extends Rule | Correlation>(one: Kind, change: () => Kind): Outcome<Kind> {
  try {
    return { result: change() };
  } catch (error) {
    if (!(error instanceof PipelineFailure)) throw error;
    return { problem: problemWith(one, error) };
  }
}

function resultsOf<Kind>(outcomes: readonly Outcome<Kind>[]): readonly Kind[] {
  return outcomes.flatMap((one) => ('result' in one ? [one.result] : []));
}

function openCorrelation(correlation: Correlation, logsources: readonly LogSource[]): WorkCorrelation {
  const { fields, custom } = correlation;
  return { kind: 'correlation', correlation, fields, custom, logsources, applied: new Set() };
}

/** For each correlation the logsources of the rules that it is about, directly or by way of others. */
function logsourcesOf({ rules, correlations }: RuleSet): ReadonlyMap<string, readonly LogSource[]> {
  const sources = new Map<string, readonly LogSource[]>(
    rules.map(({ key, logsource }) => [key, [logsource]]),
  );
  for (const { key, refers } of correlations)
    sources.set(key, [...new Set(refers.flatMap((reference) => sources.get(reference.key) ?? []))]);
  return sources;
}

function checkLogsource({ logsource }: Rule, known: readonly LogSource[] | undefined): void {
  if (known === undefined || known.some((one) => containsSource(logsource, one))) return;
  const { product = '', category = '', service = '' } = logsource;
  throw new PipelineFailure('logsource_unknown', clip(`${product}/${category}/${service}`));
}

function problemWith({ file, line, id, title }: Rule | Correlation, failure: PipelineFailure): Problem {
  const place = { file, line: failure.line ?? line, column: 1 };
  return { ...problemOf(failure.code, place, { detail: clip(failure.message) }), rule: clip(id ?? title) };
}
