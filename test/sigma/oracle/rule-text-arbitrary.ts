import fc from 'fast-check';
import { stringify } from 'yaml';
import { ruleSets, type Wanted } from './correlation-arbitrary.ts';
import type { Correlation, RuleSet } from '../../../sigma/language/rule.ts';

/** A whole set of documents as texts, and the correlations that it should make. */
export interface RuleTexts {
  readonly sources: readonly { readonly file: string; readonly text: string }[];
  readonly correlations: readonly Correlation[];
}

type Document = Readonly<Record<string, unknown>>;

const logsource = { product: 'random' };
const names = ['r0', 'r1', 'r2', 'r3'] as const;

const item = fc.oneof(
  fc
    .uniqueArray(fc.constantFrom('x', 'y', 'Z', '1'), { minLength: 1, maxLength: 3 })
    .map((values): Document => ({ v: values })),
  fc.constantFrom('admin', 'b*', '?ob').map((value): Document => ({ user: value })),
  fc.constantFrom<Document>({ 'user|contains': 'MI' }, { 'user|endswith': ['n', 'b'] }, { user: null }),
  fc.integer({ min: -1, max: 4 }).map((bound): Document => ({ 'n|gte': bound })),
  fc.constantFrom<Document>({ 'ip|cidr': '10.0.0.0/31' }, { 'ip|exists': false }, { 'v|neq': 'x' }),
);

const detection = fc
  .tuple(
    fc.array(item, { minLength: 1, maxLength: 2 }),
    item,
    fc.constantFrom('selection', 'selection and not other', 'selection or other', 'not other', '1 of *'),
  )
  .map(([items, other, condition]): Document => ({
    selection: Object.assign({}, ...items) as Document,
    ...(condition === 'selection' ? {} : { other }),
    condition: condition === 'not other' ? 'not other and (selection or not selection)' : condition,
  }));

const filter = fc
  .record({
    rules: fc.oneof(
      fc.constant<'any' | readonly string[]>('any'),
      fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 2 }),
    ),
    selection: item,
  })
  .map(({ rules, selection }): Document => ({
    title: 'Filter',
    logsource,
    filter: { rules, selection, condition: 'not selection' },
  }));

/** Rules, correlations and filters as YAML, in any order, shared among files. */
export function ruleTexts(wanted: Wanted = {}): fc.Arbitrary<RuleTexts> {
  return fc
    .record({
      ruleSet: ruleSets(wanted),
      detections: fc.tuple(...names.map(() => detection)),
      filters: fc.array(filter, { maxLength: 2 }),
      places: fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }),
      backwards: fc.boolean(),
    })
    .map(({ ruleSet, detections, filters, places, backwards }) => {
      const rules = names.map((name, index): Document => ({
        title: `Rule ${name}`,
        name,
        logsource,
        level: 'low',
        detection: detections[index],
      }));
      const documents = [...rules, ...documentsOf(ruleSet), ...filters];
      const files = (backwards ? documents.toReversed() : documents).map((document, index) => ({
        file: `rules/${places[index % places.length] ?? 0}.yml`,
        text: stringify(document),
      }));
      const sources = [...new Set(files.map(({ file }) => file))].map((file) => ({
        file,
        text: files
          .filter((each) => each.file === file)
          .map(({ text }) => text)
          .join('---\n'),
      }));
      return {
        sources,
        correlations: ruleSet.correlations,
        [fc.toStringMethod]: () => sources.map(({ file, text }) => `# ${file}\n${text}`).join('\n'),
      };
    });
}

function documentsOf({ correlations }: RuleSet): readonly Document[] {
  return correlations.map(
    ({ title, name, type, refers, groupBy, timespanMs, condition, aliases, generate, scope }) => ({
      title,
      name,
      level: 'medium',
      correlation: {
        type,
        rules: refers.map(({ written }) => written),
        ...(groupBy.length === 0 ? {} : { 'group-by': groupBy }),
        timespan: `${timespanMs / 1000}s`,
        ...conditionOf(condition),
        ...(aliases.size === 0
          ? {}
          : {
              aliases: Object.fromEntries(
                [...aliases].map(([alias, fields]) => [alias, Object.fromEntries(fields)]),
              ),
            }),
        generate,
      },
      ...(scope === 'city' ? { canh: { scope } } : {}),
    }),
  );
}

function conditionOf(condition: Correlation['condition']): Document {
  if (condition.kind === 'expression') return { condition: condition.text };
  const { predicates, fields, percentile } = condition;
  if (predicates.length === 0) return {};
  const [field] = fields;
  return {
    condition: {
      ...Object.fromEntries(predicates.map(({ operator, value }) => [operator, value])),
      ...(field === undefined ? {} : { field: fields.length === 1 ? field : fields }),
      ...(percentile === undefined ? {} : { percentile }),
    },
  };
}
