/** The Sigma engine: reads rules, matches events, explains matches. Pure; usable without the rest of Canh. */
export { parseRules, type ParseOptions, type ParseResult } from './language/parse.ts';
export { containsSource } from './language/logsource.ts';
export { createEngine, type Engine, type EngineOptions, type Match } from './match/engine.ts';
export { matches } from './match/evaluate.ts';
export { explain, type ExplainedItem, type ExplainNode, type Explanation } from './explain/explain.ts';
export { semanticHash } from './language/semantic-hash.ts';
export { problemCatalogue, type Problem, type ProblemCode } from './language/problems.ts';
export { plainEvent, type PlainEvent, type SigmaEvent } from './match/event.ts';
export { levels } from './language/rule.ts';
export type {
  Condition,
  Detection,
  Item,
  Level,
  LogSource,
  PlainObject,
  PlainValue,
  Rule,
  Search,
} from './language/rule.ts';
export type { Placeholders } from './language/modifiers.ts';
