import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readRuleFile } from './rule-files.ts';

const logsource = z
  .strictObject({
    product: z.string().optional(),
    category: z.string().optional(),
    service: z.string().optional(),
  })
  .describe('Logsource of the events.');

const oneTest = z
  .strictObject({
    name: z.string().min(1),
    lines: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('Records, in order, as a collector would read them.'),
    events: z
      .array(z.record(z.string(), z.unknown()))
      .min(1)
      .optional()
      .describe('Events as a rule sees them: fields under the names of the rule, `@timestamp` the time.'),
    logsource: logsource.optional(),
    match: z.boolean().optional().describe('Whether an alert must come of it.'),
    count: z.int().min(0).optional().describe('How many alerts must come of it.'),
    rule: z
      .string()
      .optional()
      .describe('Id, name or title of the rule or correlation that is meant; else any.'),
  })
  .refine(
    ({ lines, events }) => (lines === undefined) !== (events === undefined),
    'give either lines or events',
  )
  .refine(({ match, count }) => match !== undefined || count !== undefined, 'give match or count');

/** The file beside a rule file: `name.test.yml` for `name.yml`. */
const testFileSchema = z.strictObject({
  product: z.string().optional().describe('Sigma product of the lines, as an input would be configured.'),
  format: z.string().optional().describe('Shape of the lines: syslog, journal, json, xml.'),
  logsource: logsource.optional(),
  rules: z
    .array(z.string())
    .default([])
    .describe('Further rule files that take part, beside this one: those that a correlation refers to.'),
  placeholders: z.record(z.string(), z.array(z.union([z.string(), z.number()]))).optional(),
  tests: z.array(oneTest).min(1),
});

export type RuleTest = z.infer<typeof oneTest>;
export interface RuleTestFile extends z.infer<typeof testFileSchema> {
  /** Files of the rules that are tested. */
  readonly ruleFiles: readonly string[];
}

/** Reads a test file; throws with the reason where it is not one. */
export function readRuleTestFile(file: string): RuleTestFile {
  const read = testFileSchema.safeParse(parse(readRuleFile(file)));
  if (!read.success) throw new Error(z.prettifyError(read.error));
  const beside = file.replace(/\.test(\.ya?ml)$/, '$1');
  return { ...read.data, ruleFiles: [beside, ...read.data.rules.map((name) => join(dirname(file), name))] };
}
