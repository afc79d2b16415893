export { startCorrelator, type CorrelatorDeps } from './main.ts';
export { loadRules, type LoadedRules } from './rules.ts';
