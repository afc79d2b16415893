import { linkDocuments, type LinkedRules } from './link.ts';
import { parseDocuments, type ParseOptions } from './parse.ts';

/** A text with Sigma documents and the name by which problems call it. */
export interface RuleSource {
  readonly file: string;
  readonly text: string;
}

export type LoadOptions = Omit<ParseOptions, 'file'>;

/**
 * Reads rules, correlations and filters, which may refer to each other across texts. What is wrong with one stops no
 * other. Never throws on any text. A cache can keep what `parseDocuments` gives for each text and link it again.
 */
export function loadRules(sources: readonly RuleSource[], options: LoadOptions = {}): LinkedRules {
  return linkDocuments(sources.flatMap(({ file, text }) => parseDocuments(text, { ...options, file })));
}
