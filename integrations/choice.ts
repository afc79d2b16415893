import { messageOf } from '../platform/errors/index.ts';
import type { Integration, Line, ParsedEvent } from './contract.ts';
import { fallbackEvent, noTaker, unparsed } from './fallback.ts';

/** Longest line that parsers are given; a longer one is kept whole, but unparsed. */
export const PARSE_CHARS_MAX = 2 * 1024 * 1024;

/** What became of a line, or of the lines of a group. */
export interface Outcome {
  readonly parser: { readonly name: string; readonly version: number };
  readonly events: readonly ParsedEvent[];
  /** What the integration threw, where it did. */
  readonly failure?: unknown;
}

/** A line whose integration wants to see it together with others. */
export interface Wanted {
  readonly integration: Integration;
  readonly key: string;
}

/** The integrations that a hint leaves, in the order of the registry. */
export type Candidates = (product: string | undefined) => readonly Integration[];

export function candidatesOf(integrations: readonly Integration[]): Candidates {
  const byProduct = new Map<string, Integration[]>();
  for (const integration of integrations) {
    for (const product of integration.products) {
      byProduct.set(product, [...(byProduct.get(product) ?? []), integration]);
    }
  }
  return (product) => (product === undefined ? integrations : (byProduct.get(product) ?? []));
}

/** Gives a line to the first integration that takes it: its events, or the group that it belongs to. */
export function parseLine(line: Line, candidates: Candidates): Outcome | Wanted {
  if (line.original.length > PARSE_CHARS_MAX) {
    const reason = { code: 'line_too_long', message: 'The line is too long to be parsed.' };
    return { parser: unparsed, events: [fallbackEvent(line, reason)] };
  }
  for (const integration of candidates(line.hints.product)) {
    try {
      const key = integration.joining?.key(line);
      if (key !== undefined) return { integration, key };
      const events = integration.parse(line);
      if (events !== undefined && events.length > 0) return { parser: nameOf(integration), events };
    } catch (failure) {
      return poisoned(line, failure);
    }
  }
  return { parser: unparsed, events: [fallbackEvent(line, noTaker)] };
}

/** Parses the lines of a group. */
export function parseGroup(lines: readonly [Line, ...Line[]], integration: Integration): Outcome {
  try {
    const events = integration.joining?.parse(lines);
    if (events !== undefined && events.length > 0) return { parser: nameOf(integration), events };
  } catch (failure) {
    return poisoned(lines[0], failure);
  }
  return { parser: unparsed, events: [fallbackEvent(lines[0], noTaker)] };
}

export function isWanted(result: Outcome | Wanted): result is Wanted {
  return 'integration' in result;
}

function poisoned(line: Line, failure: unknown): Outcome {
  const reason = { code: 'record_poison', message: messageOf(failure) };
  return { parser: unparsed, events: [fallbackEvent(line, reason)], failure };
}

function nameOf({ id, version }: Integration): Outcome['parser'] {
  return { name: id, version };
}
