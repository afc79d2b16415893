import type { Condition, Item, Rule, Search } from '../../sigma/index.ts';
import { piecesOf } from '../../sigma/pipeline/pattern-text.ts';

type Test = Item['values'][number]['test'];

/** A tree of texts, numbers and lists that is the same for rules that mean the same by the same tests. */
export type Form = string | number | boolean | null | readonly Form[];

/** What a rule asks of events, without the names of its identifiers, the order of its parts, and how it was written. */
export function formOf({ detection: { condition, searches } }: Rule): Form {
  const ofCondition = (one: Condition): Form => {
    switch (one.kind) {
      case 'identifier': {
        const search = searches.get(one.name);
        return search === undefined ? null : ofSearch(search);
      }
      case 'not':
        return negation(ofCondition(one.child));
      case 'and':
      case 'or':
        return joined(one.kind, one.children.map(ofCondition));
    }
  };
  return ofCondition(condition);
}

function ofSearch(search: Search): Form {
  if (search.kind !== 'item') return joined(search.kind, search.children.map(ofSearch));
  const values = joined(
    search.all ? 'and' : 'or',
    search.values.map(({ test }) => ofTest(search.field, test)),
  );
  return search.negated ? negation(values) : values;
}

function ofTest(field: string | null, test: Test): Form {
  if (test.kind === 'text')
    return joined(
      'or',
      test.patterns.map((pattern) => [
        field,
        test.cased ? 'cased' : 'text',
        piecesOf(pattern).map((piece) => (typeof piece === 'string' ? piece : Object.values(piece))),
      ]),
    );
  switch (test.kind) {
    case 'null':
      return [field, 'null'];
    case 'number':
    case 'boolean':
      return [field, test.kind, test.value];
    case 'regex':
      return [field, 'regex', test.source, test.flags];
    case 'compare':
      return [field, test.operator, test.value];
    case 'field':
      return [field, 'field', test.name];
    case 'exists':
      return [field, 'exists', test.expected];
    case 'cidr':
    case 'date':
      return [field, test.kind];
  }
}

function negation(form: Form): Form {
  return ['not', form];
}

/** Parts of the same kind inside are drawn up, order and doubles do not count. */
function joined(kind: 'and' | 'or', parts: readonly Form[]): Form {
  const flat = parts.flatMap((part) => (isGroup(part, kind) ? part.slice(1) : [part]));
  const texts = [...new Set(flat.map((part) => JSON.stringify(part)))].toSorted();
  const forms = texts.map((text): Form => JSON.parse(text) as Form);
  const [only] = forms;
  return forms.length === 1 && only !== undefined ? only : [kind, ...forms];
}

function isGroup(form: Form, kind: 'and' | 'or'): form is readonly Form[] {
  return typeof form === 'object' && form !== null && form[0] === kind;
}
