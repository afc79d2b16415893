import type { CodePoints } from './code-points.ts';

/**
 * A regular expression as far as it decides whether a text holds a match: captures and greediness do not, so they are
 * not kept.
 */
export type Node =
  | { readonly kind: 'empty' }
  /** One code point of a set. */
  | { readonly kind: 'set'; readonly set: CodePoints }
  | { readonly kind: 'concat' | 'alternate'; readonly children: readonly Node[] }
  /** `max` is Infinity where there is none. */
  | { readonly kind: 'repeat'; readonly child: Node; readonly min: number; readonly max: number }
  | { readonly kind: 'assertion'; readonly assertion: Assertion };

/** What can be said of a place between two code points; bits, so that a path over several needs all of them. */
export const assertions = {
  beginText: 1,
  endText: 2,
  beginLine: 4,
  endLine: 8,
  wordBoundary: 16,
  noWordBoundary: 32,
} as const;
export type Assertion = (typeof assertions)[keyof typeof assertions];

/** How many code points of its own a node stands for once its repeats are written out. */
export function positionsOf(node: Node): number {
  switch (node.kind) {
    case 'empty':
    case 'assertion':
      return 0;
    case 'set':
      return 1;
    case 'concat':
    case 'alternate':
      return node.children.reduce((sum, child) => sum + positionsOf(child), 0);
    case 'repeat':
      return positionsOf(node.child) * (node.max === Infinity ? Math.max(node.min, 1) : node.max);
  }
}

/** How many states of an automaton a node stands for at the most: places between code points count too. */
export function statesOf(node: Node): number {
  switch (node.kind) {
    case 'empty':
      return 0;
    case 'set':
    case 'assertion':
      return 1;
    case 'concat':
      return node.children.reduce((sum, child) => sum + statesOf(child), 0);
    case 'alternate':
      return node.children.reduce((sum, child) => sum + statesOf(child) + 1, 1);
    case 'repeat':
      return (statesOf(node.child) + 1) * (node.max === Infinity ? Math.max(node.min, 1) : node.max);
  }
}

/** Which assertions a node makes, as bits. */
export function assertionsIn(node: Node): number {
  switch (node.kind) {
    case 'empty':
    case 'set':
      return 0;
    case 'assertion':
      return node.assertion;
    case 'concat':
    case 'alternate':
      return node.children.reduce((all, child) => all | assertionsIn(child), 0);
    case 'repeat':
      return assertionsIn(node.child);
  }
}
