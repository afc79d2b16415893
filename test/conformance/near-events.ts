import type { Item, Rule, Search } from '../../sigma/index.ts';
import type { OracleEvent } from './pysigma.ts';

/** Numbers in [0, 1). */
export type Random = () => number;

/** Stand for `?` and `*`; texts that a naive reading of wildcards, escapes or case would trip over. */
const single = ['a', 'Z', '?', 'é', '😀', '\n'] as const;
const several = ['', 'x', '\\y z', '*', '\r\n', 'Ünïcode'] as const;
/** For tests whose matching texts cannot be written down from the rule. */
const others = ['', 'a', '-', '123', 'set x&& set y && environment "', '10.0.0.1'] as const;

/** An event made of a rule's own values, complete or damaged, so that about every other one is matched. */
export function nearEvent(rule: Rule, random: Random): OracleEvent {
  const fields = new Map<string, unknown>();
  const values: unknown[] = [];
  for (const [name, search] of rule.detection.searches) {
    // What a filter names should mostly be absent.
    if (/filter|exclu|known|fp/i.test(name) && random() > 0.15) continue;
    for (const item of chosenItems(search, random)) addItem(item, { fields, values, random });
  }
  const all = Object.fromEntries(fields);
  return {
    logsource: [rule.logsource],
    fields: all,
    values: [...values, ...Object.values(all)].filter((value) => value !== null),
    ...(rule.id === undefined ? {} : { rule: rule.id }),
  };
}

function pick<T>(from: readonly T[], random: Random): T {
  if (from.length === 0) throw new Error('nothing to pick from');
  return from[Math.floor(random() * from.length)] as T;
}

/** The items that make a search true: all of a map, one of a list. */
function chosenItems(search: Search, random: Random): readonly Item[] {
  if (search.kind === 'item') return [search];
  const children = search.kind === 'and' ? search.children : [pick(search.children, random)];
  return children.flatMap((child) => chosenItems(child, random));
}

interface Growing {
  readonly fields: Map<string, unknown>;
  readonly values: unknown[];
  readonly random: Random;
}

function addItem(item: Item, { fields, values, random }: Growing): void {
  const parts = (item.all ? item.values : [pick(item.values, random)]).map((value) =>
    sample(value, fields, random),
  );
  const texts = parts.filter((part) => typeof part === 'string');
  // Several texts are wanted of one value.
  const value = parts.length > 1 && texts.length === parts.length ? texts.join('') : parts[0];
  if (item.field === null) values.push(...parts);
  else if (value !== undefined) {
    const before = fields.get(item.field);
    const joined = typeof before === 'string' && typeof value === 'string' && random() < 0.5;
    const whole = joined ? before + value : value;
    fields.set(item.field, random() < 0.05 ? [whole, 'other'] : whole);
  }
}

/** A value that fits a test, or nearly; undefined: leave the field out. */
function sample({ test }: Item['values'][number], fields: Map<string, unknown>, random: Random): unknown {
  switch (test.kind) {
    case 'text': {
      const parts = pick(test.patterns, random).map((part) =>
        typeof part === 'string' ? part : pick(part.wildcard === '?' ? single : several, random),
      );
      return damaged(parts.join(''), random);
    }
    case 'number':
      return pick([test.value, String(test.value), `0${test.value}`], random);
    case 'boolean':
      return pick([test.value, String(test.value), !test.value], random);
    case 'null':
      return pick([null, '', undefined], random);
    case 'exists':
      return test.expected === random() < 0.8 ? 'present' : undefined;
    case 'field': {
      const other = fields.get(test.name) ?? 'same';
      fields.set(test.name, other);
      return other;
    }
    case 'cidr': {
      const { bytes } = test.network;
      return bytes.length === 4 ? [...bytes].join('.') : pick(['::1', 'fe80::1', '2001:db8::1'], random);
    }
    case 'regex':
      return pick(others, random);
    case 'compare':
    case 'date':
      return pick([test.value, test.value + 1, String(test.value)], random);
  }
}

function damaged(text: string, random: Random): string {
  const kind = random();
  if (kind < 0.15) return text.toUpperCase();
  if (kind < 0.3) return text.toLowerCase();
  if (kind < 0.38) return text.slice(1);
  if (kind < 0.46) return text.slice(0, -1);
  return text;
}
