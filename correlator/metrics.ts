import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { CorrelatorStats } from '../sigma/index.ts';
import type { Outcome } from './pipeline.ts';
import { ruleMetrics, type RuleMetrics } from './rule-metrics.ts';
import type { Written } from './write.ts';

export interface CorrelatorMetrics extends RuleMetrics {
  batch(outcome: Outcome, written: Written, seconds: number): void;
  lag(messages: number): void;
  rules(loaded: number, refused: number): void;
  ruleFailed(): void;
  /** A match came too late for a correlation, which is named by its id. */
  late(correlation: string): void;
  /** How the correlations of one partition stand; the first time is where counting begins. */
  correlation(partition: number, stats: CorrelatorStats): void;
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
    ruleFailed: () => failures.inc(),
    ...correlationMetrics(registry),
    ...ruleMetrics(registry),
  };
}

/** What correlations hold, and what they could not count as it was meant. */
function correlationMetrics(registry: Registry): Pick<CorrelatorMetrics, 'late' | 'correlation'> {
  const registers = [registry];
  const late = new Counter({
    name: 'canh_correlation_late_total',
    help: 'Matches that came too late to be counted, by the id of the correlation.',
    labelNames: ['correlation'],
    registers,
  });
  const gauge = (name: string, help: string): Gauge =>
    new Gauge({ name: `canh_correlation_${name}`, help, registers });
  const groups = gauge('groups', 'Groups that correlations hold.');
  const bytes = gauge('state_bytes', 'Estimated bytes that correlations hold.');
  const counter = (name: string, help: string): Counter =>
    new Counter({ name: `canh_correlation_${name}_total`, help, registers });
  const grown = {
    lateCorrelated: counter('late_correlated', 'Late matches counted in a group of their collector alone.'),
    missingField: counter('missing_field', 'Matches without a field that groups or counts.'),
    evicted: counter('evicted', 'Groups given up for want of room.'),
  };
  const known = new Map<number, CorrelatorStats>();

  return {
    late: (correlation) => late.inc({ correlation }),
    correlation: (partition, stats) => {
      const before = known.get(partition);
      known.set(partition, stats);
      const all = [...known.values()];
      groups.set(all.reduce((sum, each) => sum + each.groups, 0));
      bytes.set(all.reduce((sum, each) => sum + each.bytes, 0));
      for (const name of ['lateCorrelated', 'missingField', 'evicted'] as const) {
        if (before !== undefined) grown[name].inc(Math.max(0, stats[name] - before[name]));
      }
    },
  };
}

function levelOf(canh: unknown): string {
  return typeof canh === 'object' && canh !== null && 'level' in canh ? String(canh.level) : 'unknown';
}
