import type { RawSearch } from './search.ts';

/** Parameters of an address, repeated names as lists; names that could touch an object's prototype are dropped. */
export function parseAddress(text: string): RawSearch {
  const raw: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    if (name === '__proto__') continue;
    const held = Object.hasOwn(raw, name) ? raw[name] : undefined;
    if (held === undefined) raw[name] = value;
    else raw[name] = typeof held === 'string' ? [held, value] : [...held, value];
  }
  return raw;
}

/** The inverse of `parseAddress`, with its question mark; empty without parameters. */
export function formatAddress(raw: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(raw)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const item of values) if (typeof item === 'string') parameters.append(name, item);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
