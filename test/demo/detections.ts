import { demoConfig } from '../../demo/config.ts';
import { scenario, type LogName, type Step } from '../../demo/scenario/index.ts';
import { createNormaliser, sigmaView } from '../../integrations/index.ts';
import type { Event } from '../../platform/event.ts';
import { createEngine, type Rule } from '../../sigma/index.ts';
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

export function detect(events: readonly Event[], rules: readonly Rule[]): readonly Detection[] {
  const engine = createEngine(rules);
  return events.flatMap((event) => engine.match(sigmaView(event)).map(({ rule }) => ({ rule, event })));
}
