import { z } from 'zod';
import { CanhError, messageOf } from '../platform/errors/index.ts';
import type { Placeholders } from '../sigma/index.ts';
import { parse } from 'yaml';
import { readRuleFile } from './rule-files.ts';

const placeholdersSchema = z.record(z.string(), z.array(z.union([z.string(), z.number()])));

/**
 * Reads the values of placeholders from a YAML file: names without percent signs, each with a list of texts or numbers.
 * Throws `file_unreadable` or `file_format`.
 */
export function readPlaceholders(file: string): Placeholders {
  try {
    return placeholdersSchema.parse(parse(readRuleFile(file)));
  } catch (cause) {
    if (cause instanceof CanhError) throw cause;
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    throw new CanhError('file_format', `It holds no placeholders: ${reason}`, { cause, place: { file } });
  }
}
