/** The Sigma engine: reads rules, matches events, explains matches. Pure; usable without the rest of Canh. */
export { parseRules, type ParseOptions, type ParseResult } from './parse.ts';
export { createEngine, containsSource, type Engine, type EngineOptions, type Match } from './route.ts';
export { matches } from './evaluate.ts';
export { explain, type ExplainedItem, type ExplainNode, type Explanation } from './explain.ts';
export { semanticHash } from './semantic-hash.ts';
export { problemCatalogue, type Problem, type ProblemCode } from './problems.ts';
export { plainEvent, type PlainEvent, type SigmaEvent } from './event.ts';
export { levels } from './rule.ts';
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
} from './rule.ts';
export type { Placeholders } from './modifiers.ts';
