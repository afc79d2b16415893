import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Outcome } from './pipeline.ts';
import type { Written } from './write.ts';

export interface CorrelatorMetrics {
  batch(outcome: Outcome, written: Written, seconds: number): void;
  lag(messages: number): void;
  rules(loaded: number, refused: number): void;
}

/** Counters of the correlator: received, sent, dropped by reason. */
export function correlatorMetrics(registry: Registry): CorrelatorMetrics {
  const registers = [registry];
  const counter = (name: string, help: string): Counter =>
    new Counter({ name: `canh_correlator_${name}_total`, help, registers });
  const records = counter('records', 'Records read from the bus.');
  const duplicates = counter('duplicates', 'Records that had come before.');
  const lost = counter('lost', 'Records proven lost by their numbers.');
  const events = counter('events', 'Events indexed.');
  const unparsed = counter('unparsed', 'Events that no integration could read.');
  const deadLetters = counter('dead_letters', 'Dead letters.');
  const failures = counter('rule_failures', 'Rules that failed on an event.');
  const alerts = new Counter({
    name: 'canh_correlator_alerts_total',
    help: 'Alerts indexed, by level.',
    labelNames: ['level'],
    registers,
  });
  const duration = new Histogram({
    name: 'canh_correlator_batch_seconds',
    help: 'Time from reading a batch to its manifest.',
    registers,
  });
  const lag = new Gauge({
    name: 'canh_correlator_lag',
    help: 'Messages on the bus not yet processed.',
    registers,
  });
  const rules = new Gauge({
    name: 'canh_rules',
    help: 'Rules by outcome of loading.',
    labelNames: ['outcome'],
    registers,
  });

  return {
    batch: (outcome, written, seconds) => {
      const { counts } = outcome;
      records.inc(counts.records);
      duplicates.inc(counts.duplicates);
      lost.inc(counts.lost);
      unparsed.inc(counts.unparsed);
      failures.inc(counts.ruleFailures);
      events.inc(written.created.events);
      deadLetters.inc(written.deadLetters);
      for (const alert of written.created.alerts) alerts.inc({ level: levelOf(alert.body['canh']) });
      duration.observe(seconds);
    },
    lag: (messages) => lag.set(messages),
    rules: (loaded, refused) => {
      rules.set({ outcome: 'loaded' }, loaded);
      rules.set({ outcome: 'refused' }, refused);
    },
  };
}

function levelOf(canh: unknown): string {
  return typeof canh === 'object' && canh !== null && 'level' in canh ? String(canh.level) : 'unknown';
}
