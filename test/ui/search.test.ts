import { expect } from 'chai';
import fc from 'fast-check';
import { parseQuery } from '../../platform/query/index.ts';
import { formatAddress, parseAddress } from '../../ui/src/queue/address.ts';
import { listParameters, queryOf, quote, rangeParameters } from '../../ui/src/queue/filter.ts';
import {
  decodeSearch,
  defaultSearch,
  encodeSearch,
  facets,
  openAlerts,
  toggleOnly,
  toggleWithout,
  type Filters,
  type QueueSearch,
} from '../../ui/src/queue/search.ts';

function decode(address: string): QueueSearch {
  return decodeSearch(parseAddress(address)).search;
}

describe('decodeSearch', () => {
  it('shows the open alerts of the last week without parameters', () =>
    expect(decode('')).to.deep.equal(defaultSearch));
  it('reads repeated values', () => {
    expect(decode('level=high&level=critical').filters.level).to.deep.equal({
      only: ['high', 'critical'],
      without: [],
    });
  });
  it('reads what is left out', () => {
    expect(decode('-host=web01').filters.host).to.deep.equal({ only: [], without: ['web01'] });
  });
  it('takes the filter on open alerts away', () => expect(decode('state=any').filters).to.deep.equal({}));
  it('lets a state replace the filter on open alerts', () => {
    expect(decode('state=closed').filters).to.deep.equal({ state: { only: ['closed'], without: [] } });
  });
  const broken = [
    'from=soon',
    'sort=colour',
    'group=yes',
    'peek=../x',
    'colour=red',
    `q=${'a'.repeat(4097)}`,
  ];
  for (const address of broken) {
    it(`falls back and names what is wrong in ${address.slice(0, 20)}`, () => {
      const { search, broken: names } = decodeSearch(parseAddress(address));
      expect(search).to.deep.equal(defaultSearch);
      expect(names).to.deep.equal([address.split('=')[0]]);
    });
  }
  it('takes 50 values of a facet and no more', () => {
    const address = Array.from({ length: 51 }, (_, i) => `host=h${i}`).join('&');
    expect(decode(address).filters.host?.only).to.have.length(50);
  });
});

describe('encodeSearch', () => {
  it('leaves everything out that is the default', () =>
    expect(encodeSearch(defaultSearch)).to.deep.equal({}));
  it('reads back to the same search through the address', () => {
    const values = fc.uniqueArray(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => value !== 'any'),
      { maxLength: 4 },
    );
    const selection = fc.record({ only: values, without: values });
    const filters = fc
      .dictionary(fc.constantFrom(...facets), selection)
      .map((all): Filters =>
        Object.fromEntries(
          Object.entries(all).filter(([, { only, without }]) => only.length + without.length > 0),
        ),
      );
    const search = fc.record({
      q: fc.string({ unit: 'grapheme' }),
      range: fc.constantFrom(defaultSearch.range, { from: '', to: '' }, { from: 'now-1h', to: 'now' }),
      filters,
      sort: fc.constantFrom('time:desc', 'severity:desc'),
      grouped: fc.boolean(),
      peek: fc.constantFrom('', 'abc123'),
    });
    fc.assert(
      fc.property(search, (given) => {
        expect(decode(formatAddress(encodeSearch(given as QueueSearch)))).to.deep.equal(given);
      }),
    );
  });
});

describe('parseAddress', () => {
  it('makes no prototype of a parameter', () => {
    const raw = parseAddress('__proto__=x&constructor=y');
    expect(Object.getPrototypeOf(raw)).to.equal(Object.prototype);
    expect(raw['constructor']).to.equal('y');
  });
});

describe('toggleOnly', () => {
  it('shows one value alone', () => {
    expect(toggleOnly(openAlerts, 'level', 'high').level).to.deep.equal({ only: ['high'], without: [] });
  });
  it('takes it away at the second click', () => {
    expect(toggleOnly(toggleOnly({}, 'level', 'high'), 'level', 'high')).to.deep.equal({});
  });
});

describe('toggleWithout', () => {
  it('leaves a value out, and lets it in again', () => {
    const once = toggleWithout({}, 'host', 'web01');
    expect(once.host).to.deep.equal({ only: [], without: ['web01'] });
    expect(toggleWithout(once, 'host', 'web01')).to.deep.equal({});
  });
});

describe('queryOf', () => {
  it('joins values of a facet by or, and facets by and', () => {
    const filters = {
      level: { only: ['high', 'critical'], without: [] },
      state: { only: [], without: ['closed'] },
    };
    expect(queryOf('a or b', filters)).to.equal(
      '(a or b) and (canh.level:"high" or canh.level:"critical") and not canh.state:"closed"',
    );
  });
  it('is empty without conditions', () => expect(queryOf('  ', {})).to.equal(''));
  it('is a query whatever a value holds, and means that value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (value) => {
        const query = parseQuery(queryOf('', { host: { only: [value], without: [] } }));
        if (query.kind === 'field') expect(query.value).to.equal(value);
      }),
    );
  });
});

describe('quote', () => {
  it('doubles quotation marks', () => expect(quote('say "hi" \\')).to.equal('"say ""hi"" \\"'));
});

describe('rangeParameters', () => {
  it('says from when, where there is no start, or the API would take a month', () => {
    expect(rangeParameters('', { from: '', to: '' })).to.deep.equal({ from: '1970-01-01T00:00:00.000Z' });
  });
});

describe('listParameters', () => {
  it('sorts by severity where asked', () => {
    expect(listParameters({ ...defaultSearch, sort: 'severity:desc' })['sort']).to.equal(
      'event.severity:desc',
    );
  });
});
