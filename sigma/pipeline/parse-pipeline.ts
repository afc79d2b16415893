import { problemOf, type Problem, type Problems } from '../language/problems.ts';
import { clip, readDocuments, type SourceMap, type SourceNode } from '../language/source.ts';
import { nearest } from '../language/suggest.ts';
import { Parameters } from './parameters.ts';
import type { Pipeline, PipelineItem } from './pipeline.ts';
import { fieldGate, itemGate, ruleGate } from './read-conditions.ts';
import { queryTransformations, readTransformation, transformationNames } from './read-transformation.ts';

/** Most transformations of one pipeline, those inside others counted too. */
const pipelineItemsMax = 10_000;

export interface PipelineOptions {
  /** Name of the text in problems. */
  readonly file: string;
}

export interface ParsedPipeline {
  /** Left out where anything is wrong: half a pipeline would let rules look at fields that do not exist. */
  readonly pipeline?: Pipeline;
  readonly problems: readonly Problem[];
}

/**
 * Reads a processing pipeline in the YAML that pySigma uses. What concerns queries (postprocessing, finalizers) is left
 * out with a warning; everything else that is not known refuses the pipeline. Never throws on any text.
 */
export function parsePipeline(text: string, { file }: PipelineOptions): ParsedPipeline {
  const [first, second] = readDocuments(text, file);
  if (first === undefined) return { problems: [problemOf('pipeline_invalid', { file, line: 1, column: 1 })] };
  const { root, problems } = first;
  if (second !== undefined && second.root !== undefined)
    problems.add('pipeline_invalid', second.root.offset, { detail: 'one document a file' });
  let pipeline: Pipeline | undefined;
  if (root?.kind === 'map') pipeline = readPipeline(root, problems, file);
  else if (!problems.refused) problems.add('pipeline_invalid', root?.offset ?? 0);
  return pipeline === undefined || problems.refused
    ? { problems: problems.of(undefined) }
    : { pipeline, problems: problems.of(undefined) };
}

function readPipeline(root: SourceMap, problems: Problems, file: string): Pipeline {
  const given = new Parameters(root, problems);
  const name = given.optionalText('name');
  const items = new ItemReader(problems, file).read(given.any('transformations'));
  const pipeline: Pipeline = {
    file,
    ...(name === undefined ? {} : { name }),
    priority: readPriority(given),
    vars: readVars(given),
    items,
  };
  // Which backends a pipeline is for says nothing here.
  given.any('allowed_backends');
  for (const key of ['postprocessing', 'finalizers']) {
    const node = given.any(key);
    if (node !== undefined) problems.add('pipeline_query_part', node.offset, { detail: key });
  }
  given.finish();
  return pipeline;
}

function readPriority(given: Parameters): number {
  const node = given.any('priority');
  if (node === undefined) return 0;
  if (node.kind === 'scalar' && typeof node.value === 'number') return node.value;
  given.refuse(node, 'priority: a number');
  return 0;
}

function readVars(given: Parameters): Pipeline['vars'] {
  const vars = new Map<string, readonly (string | number)[]>();
  if (given.any('vars') === undefined) return vars;
  for (const { key, value } of given.map('vars')?.entries ?? []) {
    const items = value.kind === 'list' ? value.items : [value];
    const values = items.flatMap((item) =>
      item.kind === 'scalar' && (typeof item.value === 'string' || typeof item.value === 'number')
        ? [item.value]
        : [],
    );
    if (values.length < items.length || values.length === 0)
      given.refuse(value, `vars: ${key}: texts or numbers`);
    vars.set(key, values);
  }
  return vars;
}

class ItemReader {
  #count = 0;
  readonly #problems: Problems;
  readonly #file: string;

  constructor(problems: Problems, file: string) {
    this.#problems = problems;
    this.#file = file;
  }

  read(node: SourceNode | undefined): readonly PipelineItem[] {
    if (node === undefined) return [];
    if (node.kind !== 'list') {
      this.#problems.add('pipeline_invalid', node.offset, { detail: 'a list of transformations' });
      return [];
    }
    return node.items.flatMap((item) => this.#readItem(item) ?? []);
  }

  #readItem(node: SourceNode): PipelineItem | undefined {
    if (++this.#count > pipelineItemsMax) {
      if (this.#count === pipelineItemsMax + 1)
        this.#problems.add('source_too_large', node.offset, {
          detail: `at most ${pipelineItemsMax} transformations`,
        });
      return undefined;
    }
    if (node.kind !== 'map') {
      this.#problems.add('pipeline_invalid', node.offset, {
        detail: 'a transformation is a map with a type',
      });
      return undefined;
    }
    const given = new Parameters(node, this.#problems);
    const type = given.text('type');
    const id = given.optionalText('id') ?? `${this.#file}:${this.#problems.lineOf(node.offset)}`;
    const gates = { rule: ruleGate(given), item: itemGate(given), field: fieldGate(given) };
    const transformation = readTransformation(type, given, (inner) => this.read(inner));
    if (transformation === undefined) {
      this.#refuseType(type, given);
      return undefined;
    }
    given.finish();
    const { rule, item, field } = gates;
    return {
      id,
      transformation,
      ...(rule === undefined ? {} : { rule }),
      ...(item === undefined ? {} : { item }),
      ...(field === undefined ? {} : { field }),
    };
  }

  #refuseType(type: string, given: Parameters): void {
    const offset = given.any('type')?.offset ?? given.node.offset;
    const instead = queryTransformations.get(type);
    if (instead !== undefined)
      this.#problems.add('pipeline_transformation_not_run', offset, { detail: `${type}: ${instead}` });
    else if (type !== '')
      this.#problems.add('pipeline_transformation_unknown', offset, {
        detail: clip(type),
        suggestion: nearest(type, transformationNames),
      });
  }
}
