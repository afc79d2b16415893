import { expect } from 'chai';
import fc from 'fast-check';
import { sigmaView } from '../../integrations/index.ts';
import type { EcsFields, Event } from '../../platform/event.ts';
import { createMatcher } from '../../sigma/index.ts';
import { asked, referenceMatches } from '../sigma/reference.ts';
import { randomRule } from '../sigma/random-rules.ts';

const names = [
  'a',
  'A',
  'b',
  'B',
  'c',
  'C',
  'c.d',
  'C.D',
  'n',
  'N',
  'constructor',
  '__proto__',
  'x',
] as const;
const value = fc.oneof(
  fc.constantFrom('a', 'ab', 'ABC', 'abc', 'a\\cmd.exe', '', '10.1.2.3', 'sekurlsa::logon', '\u212a'),
  fc.constantFrom(1, 10, true, null, undefined),
  fc.constantFrom(['a', null], [], { d: 'ab' }, { d: ['abc', 1] }, [{ d: 'x' }], { D: 'ab' }),
);
const record = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.array(fc.tuple(fc.constantFrom(...names), values), { maxLength: 6 }).map((entries) => {
    const made: Record<string, T> = {};
    for (const [name, each] of entries)
      Object.defineProperty(made, name, {
        value: each,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    return made;
  });

const event: fc.Arbitrary<Event> = fc
  .record({
    native: record(value),
    ecs: record(fc.constantFrom<EcsFields[string]>('a', 'abc', 10, ['ab', 'x'], true)),
    aliases: record(fc.constantFrom(...names)),
    original: fc.constantFrom('', 'raw text', 'with sekurlsa::logon in it'),
  })
  .map((parts) => ({
    ...parts,
    id: '',
    agency: '',
    time: 0,
    accepted: 0,
    logsource: [{ product: 'windows', service: 'sysmon' }, { category: 'proxy' }],
    parser: { name: 'test', version: 1 },
    record: { collector: '', epoch: '', seq: 0, input: '', ordinal: 0, records: 1 },
  }));

describe('sigmaView', function () {
  this.timeout(20_000);

  it('gives a matcher at once what it gives when it is asked field by field', () => {
    fc.assert(
      fc.property(
        fc.array(randomRule, { minLength: 1, maxLength: 8 }),
        fc.array(event, { minLength: 1, maxLength: 8 }),
        (drawn, events) => {
          const rules = drawn.filter((rule) => rule !== undefined);
          const [atOnce, oneByOne] = [createMatcher(rules), createMatcher(rules)];
          for (const each of [...events, ...events]) {
            const view = sigmaView(each);
            const expected = referenceMatches(rules, view).map((rule) => rules.indexOf(rule));
            for (const found of [atOnce.match(view), oneByOne.match(asked(view))])
              expect(
                found.map(({ rule }) => rules.indexOf(rule)),
                JSON.stringify([rules.map(({ detection }) => detection.raw), each]),
              ).to.eql(expected);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
