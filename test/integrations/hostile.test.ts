import { expect } from 'chai';
import fc from 'fast-check';
import { decodeHexText, decodeSocketAddress } from '../../integrations/linux-auditd/encoding.ts';
import { REPEATS_MAX } from '../../integrations/linux-auth/integration.ts';
import { eventsOf } from './records.ts';

const begins = [
  'Nov 23 10:00:00 h sshd[1]: ',
  'Nov 23 10:00:00 h sshd[1]: Failed password for ',
  'Nov 23 10:00:00 h sshd[1]: Connection closed by ',
  'Nov 23 10:00:00 h sudo: a : TTY=',
  'Nov 23 10:00:00 h useradd[1]: new user: ',
  'Nov 23 10:00:00 h su: pam_unix(su:auth): authentication failure; ',
  'Nov 23 10:00:00 h CRON[1]: (root) ',
  'type=SYSCALL msg=audit(1795402800.1:1): ',
  "type=USER_CMD msg=audit(1795402800.1:1): msg='",
  'type=EXECVE msg=audit(1795402800.1:1): a0[0]=',
  '<34>1 2026-11-23T10:00:00Z h a p m [x ',
  '<34>',
  '{"MESSAGE":',
];
const words = fc.constantFrom(
  ' from ',
  ' port ',
  '10.0.0.1',
  '=',
  '"',
  "'",
  '{',
  '}',
  '\x1d',
  ' ; ',
  'COMMAND=',
  ']',
  '\\',
  '0',
  'a0=',
  '[preauth]',
);
const hostile = fc
  .tuple(
    fc.constantFrom(...begins),
    fc.array(fc.oneof(words, fc.string({ maxLength: 6 })), { maxLength: 12 }),
  )
  .map(([begin, rest]) => begin + rest.join(''));

describe('integrations on hostile text', () => {
  it('never throw, and give every line an event', () => {
    fc.assert(
      fc.property(
        fc.array(hostile, { maxLength: 5 }),
        fc.constantFrom({}, { format: 'journal' }),
        (lines, hints) => {
          const events = eventsOf(lines, hints);
          expect(events.reduce((sum, { record }) => sum + record.records, 0)).to.equal(lines.length);
          for (const { ecs } of events) expect(ecs['error.code']).not.to.equal('record_poison');
        },
      ),
      { numRuns: 200 },
    );
  });

  const names = [
    ['an audit record', 'type=USER_CMD msg=audit(1795402800.1:1): __proto__="x" constructor="y" res=success'],
    ['structured data', '<34>1 2026-11-23T10:00:00Z h a - - [__proto__ polluted="x"] m'],
    ['a journal entry', '{"__proto__":{"polluted":"x"},"MESSAGE":"m"}'],
  ] as const;
  for (const [name, line] of names) {
    it(`are not polluted by the names of ${name}`, () => {
      for (const format of ['syslog', 'journal']) eventsOf([line], { product: 'linux', format });
      expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
      expect(({} as Record<string, unknown>)['x']).to.equal(undefined);
    });
  }

  it('believe the address that sshd wrote, not one inside the user name', () => {
    const lines = [
      'Failed password for invalid user x from 10.9.9.9 port 1 ssh2 from 198.51.100.23 port 40119 ssh2',
      'Invalid user x from 10.9.9.9 port 1 from 198.51.100.23 port 40119',
      'Connection closed by invalid user x 10.9.9.9 port 1 198.51.100.23 port 40119 [preauth]',
      'Received disconnect from 198.51.100.23 port 40119:11: from 10.9.9.9 port 1',
      "Bad protocol version identification 'x from 10.9.9.9 port 1' from 198.51.100.23 port 40119",
    ].map((message) => `Nov 23 10:00:00 h sshd[1]: ${message}`);
    for (const { ecs } of eventsOf(lines)) {
      expect([ecs['source.ip'], ecs['source.port']]).to.deep.equal(['198.51.100.23', 40119]);
    }
  });

  it('unfold a repeated message up to a maximum', () => {
    const of = (times: number) =>
      eventsOf([
        `Nov 23 10:00:00 h sshd[1]: message repeated ${times} times: [ Invalid user a from 192.0.2.1 port 5]`,
      ]);
    expect(of(REPEATS_MAX)).to.have.length(REPEATS_MAX);
    expect(of(REPEATS_MAX + 1)).to.have.length(REPEATS_MAX);
  });
});

describe('decodeHexText', () => {
  const rows = [
    ['6C73', 'ls'],
    ['6C73002D6C00', 'ls -l'],
    ['636C C3', undefined],
    ['6C7', undefined],
    ['', undefined],
    ['5068C3B2', 'Phò'],
  ] as const;
  for (const [hex, text] of rows)
    it(`makes ${String(text)} of ${hex}`, () => expect(decodeHexText(hex)).to.equal(text));
});

describe('decodeSocketAddress', () => {
  const rows = [
    ['0200115CC63364090000000000000000', { ip: '198.51.100.9', port: 4444 }],
    ['0A0001BB0000000020010DB800510000000000000000000700000000', { ip: '2001:db8:51::7', port: 443 }],
    ['0A0001BB00000000000000000000000000000000000000010000000', undefined],
    ['0A0001BB0000000000000000000000000000000000000001', { ip: '::1', port: 443 }],
    ['0A0001BB0000000000000000000000000000000000000000', { ip: '::', port: 443 }],
    ['0A0001BB0000000000000000000000000000FFFFC6336409', { ip: '198.51.100.9', port: 443 }],
    ['01002F72756E2F782E736F636B00', undefined],
    ['zz', undefined],
  ] as const;
  for (const [saddr, address] of rows) {
    it(`reads ${saddr}`, () => expect(decodeSocketAddress(saddr)).to.deep.equal(address));
  }
});
