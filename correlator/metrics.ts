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
  const records = new Counter({
    name: 'canh_correlator_records_total',
    help: 'Records read from the bus.',
    registers,
  });
  const duplicates = new Counter({
    name: 'canh_correlator_duplicates_total',
    help: 'Records that had come before.',
    registers,
  });
  const lost = new Counter({
    name: 'canh_correlator_lost_total',
    help: 'Records proven lost by their numbers.',
    registers,
  });
  const events = new Counter({ name: 'canh_correlator_events_total', help: 'Events indexed.', registers });
  const unparsed = new Counter({
    name: 'canh_correlator_unparsed_total',
    help: 'Events that no integration could read.',
    registers,
  });
  const alerts = new Counter({
    name: 'canh_correlator_alerts_total',
    help: 'Alerts indexed, by level.',
    labelNames: ['level'],
    registers,
  });
  const deadLetters = new Counter({
    name: 'canh_correlator_dead_letters_total',
    help: 'Dead letters.',
    registers,
  });
  const failures = new Counter({
    name: 'canh_correlator_rule_failures_total',
    help: 'Rules that failed on an event.',
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
