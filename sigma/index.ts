/** The Sigma engine: reads rules, matches events, explains matches. Pure; usable without the rest of Canh. */
export { loadRules, type LoadOptions, type RuleSource } from './language/load.ts';
export { parseDocuments, type ParseOptions } from './language/parse.ts';
export { linkDocuments, type LinkedRules } from './language/link.ts';
export type { SigmaDocument } from './language/document.ts';
export { containsSource } from './language/logsource.ts';
export { createEngine, type Engine, type EngineOptions, type Match, type RuleStats } from './match/engine.ts';
export { createMatcher, type Matcher, type MatcherOptions } from './match/matcher.ts';
export { matches } from './match/evaluate.ts';
export { explain, type ExplainedItem, type ExplainNode, type Explanation } from './explain/explain.ts';
export { whyNot, type FailedPart, type WhyNot } from './explain/why-not.ts';
export { semanticHash } from './language/semantic-hash.ts';
export { problemCatalogue, type Problem, type ProblemCode } from './language/problems.ts';
export { plainEvent, type PlainEvent, type PlainFields, type SigmaEvent } from './match/event.ts';
export { StateRefused } from './correlate/codec.ts';
export { createCorrelator } from './correlate/correlator.ts';
export type {
  Constituent,
  Correlator,
  CorrelatorOptions,
  CorrelatorStats,
  EventRef,
  Signal,
  StatePart,
  TimedEvent,
} from './correlate/contract.ts';
export { levels } from './language/rule.ts';
export type {
  Condition,
  Correlation,
  CorrelationCondition,
  CorrelationType,
  Detection,
  Item,
  Level,
  LogSource,
  Metadata,
  PlainObject,
  PlainValue,
  Reference,
  Rule,
  RuleSet,
  Search,
} from './language/rule.ts';
export type { Placeholders } from './language/modifiers.ts';
export { applyPipelines, createPipelineRun } from './pipeline/apply.ts';
export { parsePipeline, type ParsedPipeline, type PipelineOptions } from './pipeline/parse-pipeline.ts';
export { keepPlaceholders, placeholderFiles } from './pipeline/placeholders.ts';
export type { Pipeline } from './pipeline/pipeline.ts';
export type { ApplyOptions } from './pipeline/run.ts';
