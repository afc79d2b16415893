import { AggregatorRegistry, collectDefaultMetrics, Registry, type MetricObject } from 'prom-client';

/** What a stage hands over when it is asked for its metrics from another thread. */
export type MetricsSnapshot = readonly MetricObject[];

/** A registry of its own for each stage, so that stages can run in one thread or in several. */
export function createRegistry(options: { readonly processMetrics: boolean }): Registry {
  const registry = new Registry();
  if (options.processMetrics) collectDefaultMetrics({ register: registry, prefix: 'canh_' });
  return registry;
}

/** Prometheus text of several stages together; same-named counters add up. */
export async function exposition(snapshots: readonly MetricsSnapshot[]): Promise<string> {
  return await AggregatorRegistry.aggregate(snapshots.map((snapshot) => [...snapshot])).metrics();
}
