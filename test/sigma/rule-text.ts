import {
  loadRules,
  plainEvent,
  type LinkedRules,
  type LoadOptions,
  type Rule,
  type SigmaEvent,
} from '../../sigma/index.ts';

/** Everything in one text. */
export function parseRules(
  text: string,
  { file, ...options }: LoadOptions & { readonly file: string },
): LinkedRules {
  return loadRules([{ file, text }], options);
}

/** A whole rule around a detection, which is given as YAML without its own indentation. */
export function ruleText(detection: string, head = ''): string {
  const indented = detection
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return `title: Test\nlevel: low\nlogsource:\n  product: windows\n${head}detection:\n${indented}\n`;
}

/** The one rule of a detection; fails the test with the problems where there is none. */
export function ruleOf(detection: string, options: LoadOptions = {}): Rule {
  const { rules, problems } = parseRules(ruleText(detection), { file: 'test.yml', ...options });
  const [rule] = rules;
  if (rule === undefined)
    throw new Error(problems.map((p) => `${p.line}:${p.column} ${p.code} ${p.message}`).join('\n'));
  return rule;
}

/** A rule with one search identifier `s`, given as lines of YAML. */
export function searchRule(search: string, options: LoadOptions = {}): Rule {
  const body = search
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return ruleOf(`s:\n${body}\ncondition: s`, options);
}

export function eventOf(fields: Readonly<Record<string, unknown>>, message?: string): SigmaEvent {
  return plainEvent({
    logsource: [{ product: 'windows' }],
    fields,
    ...(message === undefined ? {} : { message }),
  });
}

/** The folder of shared data, or undefined with one loud line that says what is not tested. */
export function testData(what: string): string | undefined {
  const folder = process.env['CANH_TEST_DATA'];
  if (folder === undefined) process.stderr.write(`SKIPPED: ${what} (CANH_TEST_DATA is not set)\n`);
  return folder;
}
