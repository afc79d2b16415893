import { joinCollections } from './collection.ts';
import { readCorrelation } from './correlation-document.ts';
import type { SigmaDocument, Written } from './document.ts';
import { readFilter } from './filter-document.ts';
import { convertAggregation } from './legacy.ts';
import { ruleLabel } from './metadata.ts';
import type { Placeholders } from './modifiers.ts';
import type { Problems } from './problems.ts';
import type { LogSource } from './rule.ts';
import { readRule } from './rule-document.ts';
import { entryOf, readDocuments, type SourceMap, type SourceNode } from './source.ts';

export interface ParseOptions {
  /** Name of the text in problems and rules. */
  readonly file: string;
  /** Values for `%name%` under the modifier `expand`; a rule with others is refused. */
  readonly placeholders?: Placeholders;
  /** Every logsource that events can have; a rule for none of them is refused. Left out: all are taken. */
  readonly logsources?: readonly LogSource[];
}

/**
 * Reads the Sigma documents of a YAML text, each on its own: a document with an error is `refused`, the others are not
 * touched by it. What they mean together is for `linkDocuments`. Plain data. Never throws on any text.
 */
export function parseDocuments(text: string, options: ParseOptions): readonly SigmaDocument[] {
  return joinCollections(readDocuments(text, options.file)).flatMap(({ root, problems }) => {
    const contents = root === undefined ? undefined : readContents(root, problems, options);
    const identity = root?.kind === 'map' ? identityOf(root, problems) : {};
    const found = {
      file: options.file,
      problems: problems.of(root?.kind === 'map' ? ruleLabel(root) : undefined),
    };
    if (contents === undefined || problems.refused) return [{ kind: 'refused', ...identity, ...found }];
    // Of several, the last is what the document says; the others are parts of it with names of their own.
    return contents.map((content, index): SigmaDocument =>
      index === contents.length - 1
        ? { ...identity, ...content, ...found }
        : { ...content, file: options.file, problems: [] },
    );
  });
}

/** Kinds of document by the key that tells them. */
const kinds = [
  ['detection', 'rule'],
  ['correlation', 'correlation'],
  ['filter', 'filter'],
] as const;

type Content<Document = SigmaDocument> = Document extends SigmaDocument
  ? Omit<Document, 'file' | 'problems'>
  : never;

function readContents(
  root: SourceNode,
  problems: Problems,
  options: ParseOptions,
): readonly Content[] | undefined {
  if (root.kind !== 'map') {
    problems.add('document_not_map', root.offset);
    return undefined;
  }
  const told = kinds.flatMap(([key, kind]) => {
    const entry = entryOf(root, key);
    return entry === undefined ? [] : [{ kind, entry }];
  });
  const [first, second] = told;
  if (second !== undefined) {
    problems.add('document_kind', second.entry.offset, {
      detail: told.map(({ kind }) => kind).join(' and '),
    });
    return undefined;
  }
  switch (first?.kind) {
    case 'correlation': {
      const correlation = readCorrelation(root, problems, options.file);
      return correlation && [{ kind: 'correlation', correlation }];
    }
    case 'filter': {
      const filter = readFilter(root, { problems, placeholders: options.placeholders ?? {} });
      return filter && [{ kind: 'filter', filter }];
    }
    case 'rule':
    case undefined: {
      const read = readRule(root, problems, options);
      if (read?.found === undefined) return read && [{ kind: 'rule', rule: read.rule }];
      return convertAggregation(read.rule, read.found, { root, problems });
    }
  }
}

/** Id and name by which others may refer to a document, whatever else is wrong with it. */
function identityOf(root: SourceMap, problems: Problems): { readonly id?: Written; readonly name?: Written } {
  const found: { id?: Written; name?: Written } = {};
  for (const key of ['id', 'name'] as const) {
    const node = entryOf(root, key)?.value;
    if (node?.kind !== 'scalar' || node.value === null || node.text === '') continue;
    const text = key === 'id' ? node.text.toLowerCase() : node.text;
    found[key] = { text, ...problems.placeOf(node.offset) };
  }
  return found;
}
