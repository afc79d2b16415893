import { expect } from 'chai';
import { isFieldInBrief, isQueryInBrief, toBrief } from '../../../platform/index/brief.ts';
import { collections } from '../../../platform/index/port.ts';
import { fieldPaths } from '../../../platform/query/fields.ts';
import { parseQuery } from '../../../platform/query/index.ts';

describe('toBrief', () => {
  it('takes the values of an alert by path, from wherever they stand, and nothing else', () => {
    const body = {
      message: 'left out',
      host: [{ name: 'a' }, { name: ['b', null] }],
      'host.name': 'c',
      canh: { level: 'high', verdict: null, explanation: { tree: {} }, native: { 'host.name': 7 } },
    };
    expect(toBrief('alerts', body)).to.deep.equal({
      'canh.level': ['high'],
      'host.name': ['c', 'a', 'b'],
      'canh.native.host.name': [7],
    });
    expect(toBrief('events', body)).to.deep.equal({});
  });

  it('has no path that begins another, which would answer for it', () => {
    for (const { brief } of Object.values(collections)) {
      const paths = brief.flatMap((field: string) => fieldPaths(field));
      for (const path of paths) {
        expect(paths.filter((other) => other.startsWith(`${path}.`))).to.deep.equal([]);
      }
    }
  });
});

describe('isFieldInBrief', () => {
  it('knows fields by path and by short name', () => {
    for (const field of ['level', 'canh.level', 'host', 'host.name', 'src']) {
      expect(isFieldInBrief('alerts', field), field).to.equal(true);
      expect(isFieldInBrief('events', field), field).to.equal(false);
    }
    for (const field of ['name', 'host.ip', 'canh', 'SourceIp', 'message', '__proto__']) {
      expect(isFieldInBrief('alerts', field), field).to.equal(false);
    }
  });
});

describe('isQueryInBrief', () => {
  it('takes queries whose every part a brief can answer', () => {
    for (const query of ['*', 'level:high', 'not host:w* (state:new or source.ip:>10)']) {
      expect(isQueryInBrief('alerts', parseQuery(query)), query).to.equal(true);
    }
    for (const query of [
      'word',
      'host:*',
      'level:high message:x',
      'not (level:high or "a b")',
      'host.ip:>1',
    ]) {
      expect(isQueryInBrief('alerts', parseQuery(query)), query).to.equal(false);
    }
    const unbounded = { kind: 'range', field: 'host' } as const;
    expect(isQueryInBrief('alerts', unbounded)).to.equal(false);
  });
});
