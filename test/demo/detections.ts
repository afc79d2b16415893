import { demoConfig } from '../../demo/config.ts';
import { scenario, type LogName, type Step } from '../../demo/scenario/index.ts';
import { createNormaliser, sigmaView } from '../../integrations/index.ts';
import type { Event } from '../../platform/event.ts';
import { createCorrelator, createEngine, type Rule, type RuleSet, type Signal } from '../../sigma/index.ts';
import { recordOf } from '../integrations/records.ts';

export const START = Date.UTC(2026, 10, 23, 1);
export const SEED = 2026;

export type LineStep = Extract<Step, { kind: 'line' }>;

export function linesOf(seed = SEED): readonly LineStep[] {
  return scenario({ seed, start: START }).filter((step) => step.kind === 'line');
}

/** The input's settings, as the demo configures it, by the log it reads. */
const inputOf: Readonly<Record<LogName, string>> = {
  'mail-auth': 'mail01-auth',
  'web-access': 'web01-access',
  'web-error': 'web01-error',
  'web-audit': 'web01-audit',
  'dc-events': 'dc01-events',
  syslog: 'vanban01-syslog',
};

/** The events of the hour, as the normaliser makes them of lines read in order. */
export function eventsOfHour(): readonly Event[] {
  const inputs = new Map(demoConfig('/demo').collector.inputs.map((input) => [input.id, input]));
  const normaliser = createNormaliser();
  const events = linesOf().flatMap(({ log, text, atMs }, index) => {
    const { product = '', zone = '' } = inputs.get(inputOf[log]) ?? {};
    const accepted = START + atMs;
    return normaliser.push(
      recordOf(index + 1, text, { input: inputOf[log], accepted, hints: { product, zone } }),
    );
  });
  return [...events, ...normaliser.end()];
}

export interface Detection {
  readonly rule: Rule;
  readonly event: Event;
}

/** The matches that are alerts of their own: not those that are only counted. */
export function detect(events: readonly Event[], { rules, quiet }: RuleSet): readonly Detection[] {
  const engine = createEngine(rules);
  return events.flatMap((event) =>
    engine.match(sigmaView(event)).flatMap(({ rule }) => (quiet.has(rule.key) ? [] : [{ rule, event }])),
  );
}

/** What the correlations say of the hour, from the first signal on; those that are only counted left out. */
export function correlate(events: readonly Event[], ruleSet: RuleSet): readonly Signal[] {
  const engine = createEngine(ruleSet.rules);
  const correlator = createCorrelator(ruleSet);
  const signals = events
    .toSorted((a, b) => a.accepted - b.accepted)
    .flatMap((event, order) => {
      const view = sigmaView(event);
      const { id, time, accepted, agency } = event;
      const timed = {
        id,
        time,
        accepted,
        agency,
        collector: 'web01',
        order,
        field: (name: string) => view.field(name),
      };
      return correlator.correlate(timed, engine.match(view));
    });
  return [...signals, ...correlator.end()].filter(({ correlation }) => !ruleSet.quiet.has(correlation.key));
}
