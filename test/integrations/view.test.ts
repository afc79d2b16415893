import { expect } from 'chai';
import { reparse, sigmaView } from '../../integrations/index.ts';
import type { Event } from '../../platform/event.ts';
import { ACCEPTED, eventsOf } from './records.ts';

const event: Event = {
  id: 'x',
  agency: 'a',
  time: ACCEPTED,
  accepted: ACCEPTED,
  logsource: [{ product: 'linux' }],
  ecs: { 'process.command_line': 'curl x', 'user.name': 'an', exe: 'ecs' },
  native: { exe: '/bin/sh', gone: null, user: { name: 'trong', ids: [{ n: 1 }, { n: 2 }] }, 'a.b': 'thẳng' },
  aliases: { Image: 'exe', CommandLine: 'process.command_line', Missing: 'nowhere' },
  original: 'nguyên văn',
  parser: { name: 'p', version: 1 },
  record: { collector: 'c', epoch: 'e', seq: 1, input: 'i', ordinal: 0, records: 1 },
};

describe('sigmaView', () => {
  const { field, values, logsource } = sigmaView(event);
  const rows = [
    ['a native name before the same in ECS', 'exe', '/bin/sh'],
    ['a native null', 'gone', null],
    ['a native name with a dot', 'a.b', 'thẳng'],
    ['a native path before an ECS one', 'user.name', 'trong'],
    ['a path through an array', 'user.ids.n', [1, 2]],
    ['an alias of a native name', 'Image', '/bin/sh'],
    ['an alias of an ECS field', 'CommandLine', 'curl x'],
    ['an ECS field', 'process.command_line', 'curl x'],
    ['a native name in another case', 'EXE', '/bin/sh'],
    ['an alias in another case', 'commandline', 'curl x'],
    ['an ECS field in another case', 'Process.Command_Line', 'curl x'],
    ['nothing where an alias leads nowhere', 'Missing', undefined],
    ['nothing for an unknown name', 'nope', undefined],
    ['nothing for a name that every object has', '__proto__', undefined],
    ['nothing for a method that every object has', 'constructor', undefined],
  ] as const;
  for (const [name, asked, expected] of rows) {
    it(`finds ${name}`, () => expect(field(asked)).to.deep.equal(expected));
  }

  it('gives every native value, what aliases lead to, and the original text last', () => {
    expect([...values()]).to.deep.equal(['/bin/sh', 'trong', 1, 2, 'thẳng', 'curl x', 'nguyên văn']);
  });

  it('has the logsources of the event', () => expect(logsource).to.equal(event.logsource));

  it("lets SigmaHQ's names for audit records be found", () => {
    const [audit] = eventsOf([
      'type=SYSCALL msg=audit(1795402800.1:1): arch=c000003e syscall=59 success=yes uid=0 exe="/usr/bin/wget"',
      'type=EXECVE msg=audit(1795402800.1:1): argc=2 a0="wget" a1="http://198.51.100.1/x"',
      'type=PROCTITLE msg=audit(1795402800.1:1): proctitle="wget"',
    ]);
    if (audit === undefined) throw new Error('one event');
    const view = sigmaView(audit);
    const found = ['Image', 'CommandLine', 'User', 'LogonId', 'SYSCALL', 'a1'].map((name) =>
      view.field(name),
    );
    expect(found).to.deep.equal([
      '/usr/bin/wget',
      'wget http://198.51.100.1/x',
      'root',
      '0',
      'execve',
      'http://198.51.100.1/x',
    ]);
  });
});

describe('reparse', () => {
  it('asks only the parser named', () => {
    const line = 'Nov 23 10:00:00 h sshd[1]: Invalid user a from 192.0.2.1 port 5';
    const of = (parser?: string) =>
      reparse(line, { accepted: ACCEPTED, ...(parser === undefined ? {} : { parser }) })[0]?.ecs[
        'event.action'
      ];
    expect(of()).to.equal('ssh_login');
    expect(of('linux-auth')).to.equal('ssh_login');
    expect(of('nginx')).to.equal(undefined);
  });
});
