import type { LogSource } from './rule.ts';

/**
 * Whether an event's logsource has everything that a rule's names (specification 2.1, "Log source"): a rule for
 * `product: windows` takes every Windows event, one for `category: proxy` every proxy whatever its product.
 */
export function containsSource(rule: LogSource, event: LogSource): boolean {
  return (
    (rule.product === undefined || rule.product === event.product?.toLowerCase()) &&
    (rule.category === undefined || rule.category === event.category?.toLowerCase()) &&
    (rule.service === undefined || rule.service === event.service?.toLowerCase())
  );
}
