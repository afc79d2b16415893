import type { Hints } from '../platform/record.ts';
import { candidatesOf, isWanted, parseGroup, parseLine } from './choice.ts';
import { lineOf } from './complete-line.ts';
import type { Line, ParsedEvent } from './contract.ts';
import { integrations } from './registry.ts';

/** What is known of the line besides its text. */
export interface ReparseContext {
  readonly accepted: number;
  readonly hints?: Hints;
  /** Name of the parser that made the stored event; only that one is asked. */
  readonly parser?: string;
  readonly path?: string;
}

/**
 * Parses a stored original again: the way to the full native view, of which only a remainder is stored. The n-th event
 * is the one of ordinal n. The lines of a joined event are separated by line feeds.
 */
export function reparse(original: string, context: ReparseContext): readonly ParsedEvent[] {
  const { accepted, hints = {}, parser, path } = context;
  const chosen = parser === undefined ? integrations : integrations.filter(({ id }) => id === parser);
  // Some lines are told apart by the input's hint alone; who parsed them then says it as well.
  const product = hints.product ?? (parser === undefined ? undefined : chosen[0]?.products[0]);
  const known: Hints = product === undefined ? hints : { ...hints, product };
  const read = (text: string): Line => lineOf(text, { accepted, hints: known, path });
  const [first = '', ...rest] = original.split('\n');
  const line = read(first);
  const result = parseLine(rest.length === 0 ? line : read(original), candidatesOf(chosen));
  if (!isWanted(result)) return result.events;
  return parseGroup([line, ...rest.map(read)], result.integration).events;
}
