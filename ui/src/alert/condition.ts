import type { AlertDetail, ExplainNode } from '../../../api/contract/index.ts';

/** A piece of a condition; `truth` where it names search identifiers. */
export interface ConditionPart {
  readonly text: string;
  readonly truth?: boolean;
}

const keywords = new Set(['and', 'or', 'not', 'of', 'all', 'them', 'any', '1']);

/** Cuts a condition into words, and says of each search identifier (or pattern such as `filter_*`) whether one held. */
export function conditionParts({
  condition,
  tree,
}: NonNullable<AlertDetail['explanation']>): readonly ConditionPart[] {
  const truths = new Map<string, boolean>();
  collect(tree, truths);
  return condition
    .split(/([\w*-]+)/)
    .filter((text) => text !== '')
    .map((text) => {
      const truth = keywords.has(text.toLowerCase()) ? undefined : truthOf(text, truths);
      return truth === undefined ? { text } : { text, truth };
    });
}

function truthOf(word: string, truths: ReadonlyMap<string, boolean>): boolean | undefined {
  const star = word.indexOf('*');
  if (star < 0) return truths.get(word);
  const [start, end] = [word.slice(0, star), word.slice(star + 1)];
  const found = [...truths].filter(([name]) => name.startsWith(start) && name.endsWith(end));
  return found.length === 0 ? undefined : found.some(([, truth]) => truth);
}

function collect(node: ExplainNode, truths: Map<string, boolean>): void {
  if (node.kind === 'item') return;
  if (node.kind === 'identifier') truths.set(node.name, node.matched || (truths.get(node.name) ?? false));
  for (const child of node.children) collect(child, truths);
}
