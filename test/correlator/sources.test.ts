import { expect } from 'chai';
import { createSources, SOURCES_MAX } from '../../correlator/sources.ts';
import type { Event } from '../../platform/event.ts';

function event(n: number, path: string, tags: readonly string[] = []): Event {
  return {
    id: String(n),
    agency: 'soc',
    time: n,
    accepted: n,
    logsource: [{ product: 'linux' }],
    ecs: { tags },
    native: {},
    aliases: {},
    original: '',
    parser: { name: 'p', version: 1 },
    record: { collector: 'c', epoch: 'e', seq: n, input: 'i', path, ordinal: 0, records: 1 },
  };
}

describe('createSources', () => {
  it('counts events and unparsed ones of every file, and tells what changed', () => {
    const sources = createSources();
    for (const each of [event(1, '/a'), event(2, '/a', ['unparsed']), event(3, '/b')]) sources.count(each);
    const told = sources
      .changed()
      .map(({ body }) => [body['path'], body['events'], body['unparsed'], body['last_event']]);
    expect(told).to.deep.equal([
      ['/a', 2, 1, '1970-01-01T00:00:00.002Z'],
      ['/b', 1, 0, '1970-01-01T00:00:00.003Z'],
    ]);
    expect(sources.changed()).to.deep.equal([]);
  });

  it('goes on from its snapshot', () => {
    const first = createSources();
    first.count(event(1, '/a'));
    const second = createSources(
      JSON.parse(JSON.stringify(first.snapshot())) as ReturnType<typeof first.snapshot>,
    );
    second.count(event(2, '/a'));
    expect(second.changed()[0]?.body).to.include({ events: 2, last_accepted: '1970-01-01T00:00:00.002Z' });
  });

  it(`remembers ${SOURCES_MAX}, and forgets the one silent for longest past that`, () => {
    const sources = createSources();
    for (let n = 0; n <= SOURCES_MAX; n += 1) sources.count(event(n, `/${n}`));
    const left = sources.changed();
    expect(left).to.have.length(SOURCES_MAX);
    expect(left.some(({ body }) => body['path'] === '/0')).to.equal(false);
  });
});
