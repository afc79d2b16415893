export { startCorrelator, type CorrelatorDeps } from './main.ts';
export { importRules, type ImportedRules } from './rule-import.ts';
export { ruleTestFiles, runRuleTests, type RuleTestResult } from './rule-tests.ts';
export { loadRules, type LoadedRules } from './rules.ts';
