import { fold } from '../language/fold.ts';
import { hasWildcard, literalOf, type Pattern } from '../language/pattern.ts';
import type { Test } from '../language/rule.ts';

/** Where in a folded text one of some folded literals must stand for a test to be true of the text. */
export interface Gate {
  readonly where: 'whole' | 'start' | 'end' | 'anywhere';
  readonly literals: readonly string[];
  /** Nothing more has to be looked at. */
  readonly sufficient: boolean;
}

/** The gate of a test on texts; undefined where any text may pass, or where texts are not what it is about. */
export function gateOf(test: Test): Gate | undefined {
  switch (test.kind) {
    case 'boolean':
      return { where: 'whole', literals: [String(test.value)], sufficient: true };
    case 'text': {
      const [pattern = []] = test.patterns;
      return patternGate(pattern, test.cased);
    }
    case 'null':
    case 'number':
    case 'regex':
    case 'cidr':
    case 'compare':
    case 'date':
    case 'exists':
    case 'field':
      return undefined;
  }
}

function patternGate(pattern: Pattern, cased: boolean): Gate | undefined {
  const sufficient = !cased;
  if (!hasWildcard(pattern)) return { where: 'whole', literals: [fold(literalOf(pattern))], sufficient };
  const literals = pattern.filter((part) => typeof part === 'string').map(fold);
  const longest = literals.reduce((best, each) => (each.length > best.length ? each : best), '');
  if (longest === '') return undefined;
  const [first, second] = [isMany(pattern[0]), isMany(pattern[1])];
  if (pattern.length === 2 && second) return { where: 'start', literals: [longest], sufficient };
  if (pattern.length === 2 && first) return { where: 'end', literals: [longest], sufficient };
  const inside = pattern.length === 3 && first && isMany(pattern[2]);
  return { where: 'anywhere', literals: [longest], sufficient: sufficient && inside };
}

function isMany(part: Pattern[number] | undefined): boolean {
  return typeof part === 'object' && part.wildcard === '*';
}
