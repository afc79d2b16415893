import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Placeholders } from '../../sigma/index.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Named {
  readonly name: string;
  readonly placeholders?: Placeholders;
}

type Written =
  | { readonly detection: Fields }
  | { readonly correlation: Fields }
  /** YAML text as a file would hold it. */
  | { readonly documents: string };

/** An item of the specification with events that show it. */
export type EventItem = Named &
  Written & { readonly matches: readonly Fields[]; readonly misses: readonly Fields[] };

/** Events are [second, fields]; a rule `a` matches fields with `rule: a`, and so on. */
export type CorrelationItem = Named &
  Written & {
    readonly events: readonly (readonly [second: number, fields: Fields])[];
    readonly finals: readonly Fields[];
  };

/** One that must be refused, with the code. */
type RefusedItem = Named & Written & { readonly refused: string };

export type Item = EventItem | CorrelationItem | RefusedItem;

export interface Section {
  readonly section: string;
  readonly items: readonly Item[];
}

/** The tables beside this file, in the order of the specification. */
export function readSpecification(): readonly Section[] {
  return ['documents', 'values', 'modifiers', 'conditions', 'correlations'].map(
    (name) =>
      parse(readFileSync(join(import.meta.dirname, 'specification', `${name}.yml`), 'utf8')) as Section,
  );
}
