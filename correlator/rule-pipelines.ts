import { dirname, resolve } from 'node:path';
import { CanhError } from '../platform/errors/index.ts';
import { parsePipeline, type Pipeline, type Problem } from '../sigma/index.ts';
import { readRuleFile } from './rule-files.ts';

/** A larger file of values is not read. */
const VALUES_BYTES_MAX = 16 * 1024 * 1024;

/** Processing pipelines with the texts of the files that they name. */
export interface Pipelines {
  readonly pipelines: readonly Pipeline[];
  /** By path as the pipeline writes it. */
  readonly files: Readonly<Record<string, string>>;
  /** Warnings only. */
  readonly problems: readonly Problem[];
}

/**
 * Reads processing pipelines; files that they name are sought beside them. Throws `file_unreadable`, and
 * `rule_set_invalid` with the place of the first thing that is wrong: rules must not run through half a pipeline.
 */
export function readPipelines(paths: readonly string[]): Pipelines {
  const pipelines: Pipeline[] = [];
  const problems: Problem[] = [];
  const files: [string, string][] = [];
  for (const file of paths) {
    const parsed = parsePipeline(readRuleFile(file), { file });
    const wrong = parsed.problems.find(({ severity }) => severity === 'error');
    if (wrong !== undefined || parsed.pipeline === undefined)
      throw new CanhError('rule_set_invalid', wrong?.message ?? 'The pipeline cannot be read.', {
        place: wrong ?? { file },
      });
    pipelines.push(parsed.pipeline);
    problems.push(...parsed.problems);
    for (const path of valueFiles(parsed.pipeline.items)) files.push([path, readValues(file, path)]);
  }
  return { pipelines, files: Object.fromEntries(files), problems };
}

function valueFiles(items: Pipeline['items']): readonly string[] {
  return items.flatMap(({ transformation }) => {
    if (transformation.type === 'file_placeholders') return [transformation.path];
    return transformation.type === 'nest' ? valueFiles(transformation.items) : [];
  });
}

function readValues(pipeline: string, path: string): string {
  const file = resolve(dirname(pipeline), path);
  const text = readRuleFile(file);
  if (text.length <= VALUES_BYTES_MAX) return text;
  throw new CanhError('rule_set_invalid', `${path} is larger than ${VALUES_BYTES_MAX} bytes.`, {
    place: { file: pipeline },
  });
}
