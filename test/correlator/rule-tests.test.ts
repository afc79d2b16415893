import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runRuleTests } from '../../correlator/rule-tests.ts';

let directory = '';
const at = (name: string): string => join(directory, name);
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'canh-rule-tests-'));
  writeFileSync(at('failed.yml'), failed);
  writeFileSync(at('brute.yml'), brute);
  writeFileSync(at('cloud.yml'), cloud);
});
after(() => rmSync(directory, { recursive: true, force: true }));

const failed = `
title: Failed login
name: failed_login
level: low
logsource: { product: linux, service: sshd }
detection: { s: { event.action: ssh_login, event.outcome: failure }, condition: s }
`;
const brute = `
title: Brute force
name: brute_force
level: high
correlation:
  type: event_count
  rules: [failed_login]
  group-by: [source.ip]
  timespan: 1m
  condition: { gte: 3 }
`;
const cloud = `
title: Root in the cloud
level: high
logsource: { product: nobodys_cloud }
detection: { s: { user|expand: '%admins%' }, condition: s }
`;
const login = (second: number, ip: string): string =>
  `Nov 23 10:00:${String(second).padStart(2, '0')} mail01 sshd[812]: Failed password for root from ${ip} port 50212 ssh2`;

function run(name: string, definition: object): readonly string[] {
  const file = at(`${name}.test.yml`);
  writeFileSync(file, JSON.stringify(definition));
  return runRuleTests(file).map(({ test, passed, reason }) => `${test}: ${passed ? 'passed' : reason}`);
}

describe('runRuleTests', () => {
  const lines = [login(1, '10.0.0.1'), login(2, '10.0.0.1'), login(3, '10.0.0.2'), login(4, '10.0.0.1')];

  it('counts what speaks for itself: the correlation, not the rules that it names', () => {
    const test = { name: 't', lines };
    expect(
      run('brute', {
        product: 'linux',
        rules: ['failed.yml'],
        tests: [
          { ...test, match: true },
          { ...test, count: 1 },
          { ...test, count: 2 },
          { ...test, lines: lines.slice(1), match: true },
          { ...test, lines: lines.slice(1), match: false },
          { ...test, rule: 'failed_login', count: 4 },
          { ...test, rule: 'other', count: 4 },
        ],
      }),
    ).to.deep.equal([
      't: passed',
      't: passed',
      't: There are 1 alerts; 2 are expected.',
      't: The rule does not fire.',
      't: passed',
      't: passed',
      't: There is no rule "other" in the file.',
    ]);
  });

  it('takes events as they are, of any logsource', () => {
    const events = (user: string): object => ({ events: [{ user }], match: user === 'root' });
    expect(
      run('cloud', {
        logsource: { product: 'nobodys_cloud' },
        placeholders: { admins: ['root'] },
        tests: [
          { name: 'root', ...events('root') },
          { name: 'other', ...events('x') },
          { name: 'elsewhere', logsource: { product: 'linux' }, ...events('root') },
        ],
      }),
    ).to.deep.equal(['root: passed', 'other: passed', 'elsewhere: The rule does not fire.']);
  });

  it('says what is wrong with a test file or its rule', () => {
    const test = { name: 't', lines, match: true };
    expect(run('brute', { tests: [test] }).join()).to.include('the rule can run: ');
    expect(run('none', { tests: [test] }).join()).to.include('none.yml');
    expect(run('failed', { tests: [{ name: 't', match: true }] }).join()).to.include(
      'give either lines or events',
    );
    expect(run('failed', { tests: [{ name: 't', lines }] }).join()).to.include('give match or count');
  });
});
