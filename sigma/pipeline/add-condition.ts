import { readSearch } from '../language/detection.ts';
import { Lines } from '../language/lines.ts';
import { Problems } from '../language/problems.ts';
import type { LogSource } from '../language/rule.ts';
import type { SourceNode } from '../language/source.ts';
import type { Transformation } from './pipeline.ts';
import { openSearch, PipelineFailure, type WorkRule } from './work.ts';

type AddCondition = Extract<Transformation, { readonly type: 'add_condition' }>;

/**
 * Adds a search identifier that must hold too, or must not.
 *
 * @throws PipelineFailure where the condition cannot be read once its template is filled in.
 */
export function addCondition(work: WorkRule, transformation: AddCondition): void {
  const { conditions, template, negated } = transformation;
  const node = template ? filledTemplate(conditions, work.logsource) : conditions;
  const problems = new Problems('', new Lines(''));
  const search = readSearch(node, { problems, placeholders: {} });
  const [problem] = problems.of(undefined);
  if (search === undefined || problems.refused)
    throw new PipelineFailure('pipeline_value', `add_condition: ${problem?.message ?? 'nothing to add'}`);
  const name = freeName(transformation.name, work);
  const added = { kind: 'identifier', name } as const;
  work.searches.set(name, openSearch(search));
  work.condition = {
    kind: 'and',
    children: [negated ? { kind: 'not', child: added } : added, work.condition],
  };
  work.conditions = work.conditions.map((text) => `${negated ? 'not ' : ''}${name} and (${text})`);
}

function freeName(name: string, { searches }: WorkRule): string {
  let free = name;
  for (let number = 2; searches.has(free); number++) free = `${name}_${number}`;
  return free;
}

/** The conditions with `$product`, `$category` and `$service` replaced; `$$` is a dollar sign. */
function filledTemplate(node: SourceNode, logsource: LogSource): SourceNode {
  switch (node.kind) {
    case 'scalar':
      if (typeof node.value !== 'string') return node;
      return textNode(node, filledText(node.value, logsource));
    case 'list':
      return { ...node, items: node.items.map((item) => filledTemplate(item, logsource)) };
    case 'map':
      return {
        ...node,
        entries: node.entries.map((entry) => ({ ...entry, value: filledTemplate(entry.value, logsource) })),
      };
  }
}

function textNode(node: Extract<SourceNode, { readonly kind: 'scalar' }>, text: string): SourceNode {
  return { ...node, value: text, text, verbatim: false };
}

function filledText(text: string, logsource: LogSource): string {
  return text.replaceAll(
    /\$(?:\$|(product|category|service)\b|\{(product|category|service)\})/g,
    (whole, a, b) => {
      if (whole === '$$') return '$';
      const key: unknown = a ?? b;
      const value = key === 'product' || key === 'category' || key === 'service' ? logsource[key] : undefined;
      if (value === undefined)
        throw new PipelineFailure('pipeline_value', `add_condition: the logsource has no ${String(key)}`);
      return value;
    },
  );
}
