import { containsSource, matches, type Rule, type SigmaEvent } from '../../sigma/index.ts';

/** What the definition gives: every rule whose logsource takes the event, evaluated one by one. */
export function referenceMatches(rules: readonly Rule[], event: SigmaEvent): readonly Rule[] {
  return rules.filter(
    (rule) =>
      event.logsource.some((source) => containsSource(rule.logsource, source)) && matches(rule, event),
  );
}

/** The same event without its plain fields, as events of other makers are. */
export function asked(event: SigmaEvent): SigmaEvent {
  return {
    logsource: event.logsource,
    field: (name) => event.field(name),
    values: () => event.values(),
  };
}
