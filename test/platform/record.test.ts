import { expect } from 'chai';
import fc from 'fast-check';
import { CanhError } from '../../platform/errors/index.ts';
import {
  decodeEntry,
  decodeSpooled,
  encodeEntry,
  encodeSpooled,
  type LogRecord,
} from '../../platform/record.ts';

const record: LogRecord = {
  collector: 'mail01',
  agency: 'soc',
  epoch: 'e1',
  seq: 1,
  previous: null,
  accepted: 1_795_000_000_000,
  received: 1_794_999_999_000,
  input: 'auth',
  path: '/var/log/auth.log',
  part: { index: 0, last: false },
  line: 'Cần Thơ \u0000 "quoted"',
  hints: { product: 'linux', zone: 'Asia/Ho_Chi_Minh' },
};

describe('encodeEntry and decodeEntry', () => {
  it('give the same record back', () => {
    expect(decodeEntry(encodeEntry(record))).to.deep.equal(record);
  });

  it('keep bytes that are no text', () => {
    const binary = { ...record, line: new Uint8Array([0xff, 0x00, 0xfe]) };
    expect(decodeEntry(encodeEntry(binary))).to.deep.equal(binary);
  });

  it('give any line back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array()), fc.nat(), (line, seq) => {
        const { agency: _agency, accepted: _accepted, ...spooled } = { ...record, line, seq };
        // Lone surrogates are no UTF-8; a collector never makes them.
        fc.pre(typeof line !== 'string' || line.isWellFormed());
        expect(decodeSpooled(encodeSpooled(spooled))).to.deep.equal(spooled);
      }),
    );
  });

  it('give a tick back', () => {
    expect(decodeEntry(encodeEntry({ tick: 5 }))).to.deep.equal({ tick: 5 });
  });

  const bad = [
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '{}',
    '{"agency":"a","accepted":1}',
    encodeEntry(record).replace('"seq":1', '"seq":1.5'),
  ];
  for (const wire of bad) {
    it(`${wire.slice(0, 30) || 'nothing'} is undecodable`, () => {
      expect(() => decodeEntry(wire))
        .to.throw(CanhError)
        .with.property('code', 'record_undecodable');
    });
  }
});
