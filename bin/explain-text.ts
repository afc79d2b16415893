import { visible } from '../platform/log.ts';
import { explain, whyNot, type ExplainNode, type Rule, type SigmaEvent } from '../sigma/index.ts';

export interface ExplainedTextOptions {
  readonly place: { readonly file: string; readonly line: number };
  readonly format: 'text' | 'json';
}

/** How a rule goes on an event: the tree of what matched, or what keeps it from matching. */
export function explainedText(rule: Rule, event: SigmaEvent, options: ExplainedTextOptions): string {
  const { place, format } = options;
  const why = explain(rule, event);
  const not = whyNot(rule, event);
  const { id = null, title } = rule;
  const matched = not === undefined;
  if (format === 'json')
    return `${JSON.stringify({ event: place, rule: { id, title }, matched, why, ...(matched ? {} : { why_not: not }) })}\n`;
  const head = `${place.file}:${place.line}: "${title}" ${matched ? 'matches' : 'does not match'}`;
  const rest = matched
    ? [`  ${why.condition}`, ...treeLines(why.tree, 1)]
    : not.sentences.map((sentence) => `  - ${sentence}`);
  return `${[head, ...rest].map(visible).join('\n')}\n`;
}

function treeLines(node: ExplainNode, depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  if (node.kind === 'item') {
    const { field, modifiers, patterns, value } = node;
    const item = [field ?? 'keyword', ...modifiers].join('|');
    const shown = value === null ? '' : `  (${JSON.stringify(value)})`;
    return [
      `${indent}${node.matched ? '+' : '-'} ${item}: ${patterns.map((text) => JSON.stringify(text)).join(', ')}${shown}`,
    ];
  }
  const label = node.kind === 'identifier' ? node.name : node.kind;
  return [
    `${indent}${node.matched ? '+' : '-'} ${label}`,
    ...node.children.flatMap((child) => treeLines(child, depth + 1)),
  ];
}
