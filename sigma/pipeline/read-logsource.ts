import type { LogSource } from '../language/rule.ts';
import type { Parameters } from './parameters.ts';

/** A logsource among the parameters of a condition or transformation; at least one part must be named. */
export function readLogSourceOf(parameters: Parameters): LogSource {
  const logsource: { -readonly [Key in keyof LogSource]: string } = {};
  for (const key of ['product', 'category', 'service'] as const) {
    const text = parameters.optionalText(key);
    if (text !== undefined && text !== '') logsource[key] = text.toLowerCase();
  }
  if (Object.keys(logsource).length === 0)
    parameters.refuse(parameters.node, 'at least one of product, category and service');
  return logsource;
}
