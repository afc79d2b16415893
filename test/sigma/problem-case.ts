import type { LoadOptions, ProblemCode } from '../../sigma/index.ts';
import { ruleText } from './rule-text.ts';

/** A text and the problem that it has. */
export interface ProblemCase {
  readonly when: string;
  readonly text: string;
  readonly code: ProblemCode;
  /** Line and column. */
  readonly at: readonly [number, number];
  readonly suggestion?: string;
  readonly options?: LoadOptions;
}

/** A rule of one search identifier with a name; six lines. */
export function namedRule(name: string, head = ''): string {
  return `name: ${name}\n${head}${ruleText('s: {f: a}\ncondition: s').replace('Test', name)}`;
}

/** Rules `a`, `b` and `c`, to stand behind what refers to them. */
export const someRules = ['a', 'b', 'c'].map((name) => `---\n${namedRule(name)}`).join('');

type Body = Readonly<Record<string, string | undefined>>;

/**
 * A correlation with `type` in line 4, `rules` in 5, `timespan` in 6, `condition` in 7 and what else is given behind;
 * undefined leaves a line out.
 */
export function correlationText(body: Body, head = ''): string {
  const lines = { type: 'event_count', rules: '[a]', timespan: '5m', condition: '{gte: 5}', ...body };
  const inner = Object.entries(lines)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${key}: ${value ?? ''}\n`);
  return `${head}title: C\nlevel: low\ncorrelation:\n${inner.join('')}`;
}

/** A filter with `filter` in line 3, `rules` in 4, the identifier `x` in 5 and `condition` in 6. */
export function filterText(body: Body, logsource = '{product: windows}'): string {
  const lines = { rules: '[a]', x: '{f: b}', condition: 'not x', ...body };
  const inner = Object.entries(lines)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${key}: ${value ?? ''}\n`);
  return `title: F\nlogsource: ${logsource}\nfilter:\n${inner.join('')}`;
}
