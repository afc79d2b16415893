import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import {
  createEngine,
  loadRules,
  plainEvent,
  type LogSource,
  type RuleSet,
  type SigmaEvent,
} from '../../sigma/index.ts';
import { matches } from '../../sigma/match/evaluate.ts';
import { readSpecification, type CorrelationItem, type EventItem, type Item } from './specification.ts';

const page = join(import.meta.dirname, '../../docs/reference/sigma.md');
/** When the first event of a correlation happens. */
const start = Date.UTC(2026, 10, 23);

const sections = readSpecification();
const rows = new Map<string, string[]>();

function load(text: string, item: Item): ReturnType<typeof loadRules> {
  return loadRules([{ file: 'rule.yml', text }], { placeholders: item.placeholders ?? {} });
}

function textOf(item: Item): string {
  if ('detection' in item)
    return stringify({ title: 'r', logsource: { product: 'test' }, detection: item.detection });
  const rules = ['a', 'b', 'c'].map((name) =>
    stringify({
      title: name,
      name,
      logsource: { product: 'test' },
      detection: { selection: { rule: name }, condition: 'selection' },
    }),
  );
  if ('correlation' in item)
    return [...rules, stringify({ title: 'c', correlation: item.correlation })].join('---\n');
  return 'finals' in item ? [...rules, item.documents].join('---\n') : item.documents;
}

/** Events are fields, or fields with their logsource. */
function eventOf(written: Readonly<Record<string, unknown>>): SigmaEvent {
  const whole = written as { readonly logsource?: LogSource; readonly fields?: object };
  return plainEvent({
    logsource: [whole.logsource ?? { product: 'test' }],
    fields: whole.fields === undefined ? written : { ...whole.fields },
  });
}

function check(ruleSet: RuleSet, { matches: hits, misses }: EventItem): string {
  const engine = createEngine(ruleSet);
  for (const [events, expected] of [[hits, true] as const, [misses, false] as const])
    for (const written of events) {
      const event = eventOf(written);
      const said = JSON.stringify(written);
      expect(engine.match(event).length > 0, said).to.equal(expected);
      expect(
        engine.match(event).map(({ rule }) => rule.title),
        said,
      ).to.deep.equal(
        ruleSet.rules.filter((rule) => expected && matches(rule, event)).map(({ title }) => title),
      );
    }
  return `${hits.length} matching, ${misses.length} not matching`;
}

function correlate(ruleSet: RuleSet, { events, finals }: CorrelationItem): string {
  const engine = createEngine(ruleSet);
  const signals = events.flatMap(([second, fields], index) => {
    const event = plainEvent({ logsource: [{ product: 'test' }], fields });
    const timed = {
      id: `event-${index}`,
      time: start + second * 1000,
      accepted: start + second * 1000,
      agency: 'soc',
      collector: 'one',
      order: index,
      field: (name: string) => event.field(name),
    };
    return engine.correlate(timed, engine.match(event));
  });
  signals.push(...engine.end());
  const found = signals
    .filter(({ kind }) => kind === 'final')
    .map(({ first, last, count, group }) => ({
      first: (first - start) / 1000,
      last: (last - start) / 1000,
      count,
      ...(group.length === 0 ? {} : { group: group.map(({ value }) => value) }),
    }));
  expect(found).to.have.deep.members([...finals]);
  return `events: ${events.length}, episodes: ${finals.length}`;
}

for (const { section, items } of sections) {
  describe(`Sigma: ${section}`, () => {
    for (const item of items) {
      it(item.name, () => {
        const { problems, ...ruleSet } = load(textOf(item), item);
        const errors = problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);
        let shown = 'refused';
        if ('refused' in item) expect(errors).to.deep.equal([item.refused]);
        else {
          expect(errors).to.deep.equal([]);
          shown = 'finals' in item ? correlate(ruleSet, item) : check(ruleSet, item);
        }
        const row = 'refused' in item ? `refused: \`${item.refused}\`` : shown;
        rows.set(section, [...(rows.get(section) ?? []), `| ${item.name} | ${row} |`]);
      });
    }
  });
}

describe('docs/reference/sigma.md', () => {
  it('lists what the tests above have shown', () => {
    const parts = sections.map(({ section }) =>
      [`## ${section}`, '', '| Item | Shown by |', '| --- | --- |', ...(rows.get(section) ?? [])].join('\n'),
    );
    const text = `# What Canh supports of Sigma\n\nSpecification 2.1, with the additive parts of 2.2. Made by the tests: an item is here because a test has shown it.\nWhere the specification leaves a choice, [DECISIONS.md](../../sigma/DECISIONS.md) has ours.\n\n${parts.join('\n\n')}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(page, text);
    expect(existsSync(page) ? readFileSync(page, 'utf8') : '').to.equal(text);
  });
});
