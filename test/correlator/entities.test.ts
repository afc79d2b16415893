import { expect } from 'chai';
import { ENTITIES_MAX, entitiesOf } from '../../correlator/entities.ts';

describe('entitiesOf', () => {
  it('names host, user, address and file, the host first', () => {
    const ecs = {
      'source.ip': '203.0.113.9',
      'user.name': 'root',
      'host.name': 'mail01',
      'file.path': '/etc/shadow',
    };
    expect(entitiesOf(ecs)).to.deep.equal([
      { type: 'host', value: 'mail01' },
      { type: 'user', value: 'root' },
      { type: 'ip', value: '203.0.113.9' },
      { type: 'file', value: '/etc/shadow' },
    ]);
  });

  it('leaves out empty values, dashes and repeats in another case', () => {
    expect(
      entitiesOf({ 'host.name': '', 'user.name': ['A', '-', 'b'], 'user.target.name': 'B' }),
    ).to.deep.equal([
      { type: 'user', value: 'A' },
      { type: 'user', value: 'B' },
    ]);
  });

  it(`names ${ENTITIES_MAX} at the most`, () => {
    const users = (count: number) => ({ 'user.name': Array.from({ length: count }, (_, n) => `u${n}`) });
    expect(entitiesOf(users(ENTITIES_MAX))).to.have.length(ENTITIES_MAX);
    expect(entitiesOf(users(ENTITIES_MAX + 1))).to.have.length(ENTITIES_MAX);
  });
});
