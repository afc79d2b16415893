import { expect } from 'chai';
import type { JsonObject } from '../../../platform/event.ts';
import { timedId } from '../../../platform/ids.ts';
import { accumulator, BUCKETS_MAX, VALUES_MAX } from '../../../platform/index/accumulate.ts';
import { BODY_CHARS_MAX, ID_CHARS_MAX, prepareDocument } from '../../../platform/index/check.ts';
import { SORT_CHARS_MAX, sortKey } from '../../../platform/index/order.ts';
import { socTenant } from '../../../platform/index/port.ts';

const NOON = Date.UTC(2026, 10, 23, 12);

describe('accumulator', () => {
  it('tells VALUES_MAX values apart, and says so of one more', () => {
    const terms = accumulator({ kind: 'terms', field: 'canh.n', size: 1 });
    const values = accumulator({ kind: 'cardinality', field: 'canh.n' });
    const add = (n: number): void => {
      for (const each of [terms, values]) each.add(NOON, { canh: { n } });
    };
    for (let n = 0; n < VALUES_MAX; n += 1) add(n);
    expect(values.result()).to.include({ value: VALUES_MAX, approximate: false });
    add(VALUES_MAX);
    add(0);
    expect(values.result()).to.include({ value: VALUES_MAX, approximate: true });
    expect(terms.result()).to.deep.equal({
      kind: 'terms',
      buckets: [{ key: 0, count: 2 }],
      other: VALUES_MAX,
    });
  }).timeout(20_000);

  it('makes BUCKETS_MAX buckets, and refuses one more', () => {
    const histogram = accumulator({ kind: 'date_histogram', intervalMs: 10 });
    for (let n = 0; n < BUCKETS_MAX; n += 1) histogram.add(n * 10, undefined);
    histogram.add(BUCKETS_MAX * 10 - 1, undefined);
    expect(histogram.result()).to.have.property('buckets').with.lengthOf(BUCKETS_MAX);
    expect(() => {
      histogram.add(BUCKETS_MAX * 10, undefined);
    })
      .to.throw()
      .that.includes({ code: 'request_invalid' });
  });
});

describe('prepareDocument', () => {
  const prepare = (id: string, body: JsonObject) =>
    prepareDocument('sources', socTenant, { id, agency: '', time: NOON, body });

  it('takes BODY_CHARS_MAX characters and no more', () => {
    const body = (chars: number): JsonObject => ({ a: 'x'.repeat(chars - '{"a":""}'.length) });
    expect(prepare('id', body(BODY_CHARS_MAX)))
      .to.have.property('json')
      .with.lengthOf(BODY_CHARS_MAX);
    expect(prepare('id', body(BODY_CHARS_MAX + 1)))
      .to.be.a('string')
      .that.includes('characters');
  });

  it('takes an id of ID_CHARS_MAX characters and no more', () => {
    expect(prepare('x'.repeat(ID_CHARS_MAX), {})).to.be.an('object');
    expect(prepare('x'.repeat(ID_CHARS_MAX + 1), {}))
      .to.be.a('string')
      .that.includes('id');
  });

  it('takes no document of a period without a time in its id', () => {
    const document = { agency: '', time: NOON, body: {} };
    expect(prepareDocument('events', socTenant, { ...document, id: timedId(NOON, []) })).to.be.an('object');
    expect(prepareDocument('events', socTenant, { ...document, id: 'name' })).to.be.a('string');
  });
});

describe('sortKey', () => {
  it('goes by the first SORT_CHARS_MAX characters', () => {
    const start = 'x'.repeat(SORT_CHARS_MAX - 1);
    const key = (name: string) => sortKey({ name }, { field: 'name', order: 'asc' });
    expect(key(`${start}a`)).not.to.equal(key(`${start}b`));
    expect(key(`${start}aa`)).to.equal(key(`${start}ab`));
  });
});
