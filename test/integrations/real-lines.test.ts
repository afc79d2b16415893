import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Event } from '../../platform/event.ts';
import { eventsOf } from './records.ts';

/** What a foreign parser says of a line (by its place in the file) under the last stage that saw it. */
type Claims = ReadonlyMap<number, ReadonlyMap<string, string>>;

const CLAIM =
  /^results\["s01-parse"\]\["[^"]+"\]\[(\d+)\]\.Evt\.Meta\["(source_ip|target_user|exe|pid|ppid|uid)"\] == "(.*)"$/;

function readClaims(folder: string): Claims {
  const claims = new Map<number, Map<string, string>>();
  const file = join(folder, 'parser.assert');
  if (!existsSync(file)) return claims;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, index, name, value] = CLAIM.exec(line) ?? [];
    if (index === undefined || name === undefined || value === undefined) continue;
    const of = claims.get(Number(index)) ?? new Map<string, string>();
    claims.set(Number(index), of.set(name, value));
  }
  return claims;
}

function linesOf(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '');
}

/** Our name of the same fact. */
const facts: Readonly<Record<string, (event: Event) => unknown>> = {
  source_ip: ({ ecs }) => ecs['source.ip'],
  target_user: ({ ecs }) => ecs['user.name'],
  exe: ({ ecs }) => ecs['process.executable'],
  pid: ({ ecs }) => String(ecs['process.pid']),
  ppid: ({ ecs }) => String(ecs['process.parent.pid']),
  uid: ({ ecs }) => ecs['user.id'],
};

describe('real lines', function () {
  const data = process.env['CANH_TEST_DATA'];
  const root = data === undefined ? '' : join(data, 'crowdsec-logs');

  before(function () {
    if (data !== undefined) return;
    process.stderr.write('CANH_TEST_DATA is not set: the tests over real log lines are SKIPPED\n');
    this.skip();
  });

  for (const kind of ['sshd-logs', 'sshd-success-logs', 'auditd-logs']) {
    it(`of ${kind} say what another parser found in them`, () => {
      const claims = readClaims(join(root, kind));
      expect(claims.size).to.be.greaterThan(0);
      const lines = linesOf(join(root, kind));
      const wrong: string[] = [];
      for (const [index, claimed] of claims) {
        const [event] = eventsOf([lines[index] ?? '']);
        for (const [name, value] of claimed) {
          const actual = event === undefined ? undefined : facts[name]?.(event);
          if (actual !== value) wrong.push(`${lines[index]}: ${name} is ${value}, not ${String(actual)}`);
        }
      }
      expect(wrong).to.deep.equal([]);
    });
  }

  for (const kind of ['ssh-bf', 'ssh-slow-bf']) {
    it(`of ${kind} are all failed logins from one address`, () => {
      const events = eventsOf(linesOf(join(root, kind)));
      const seen = new Set(
        events.map(({ ecs }) => `${String(ecs['event.action'])} ${String(ecs['event.outcome'])}`),
      );
      expect([...seen]).to.deep.equal(['ssh_login failure']);
      expect(new Set(events.map(({ ecs }) => ecs['source.ip'])).size).to.equal(1);
    });
  }

  it('of a break-in are processes that began, one by one', () => {
    const events = eventsOf(linesOf(join(root, 'auditd-postexploit-exec-from-net')));
    expect(events.map(({ ecs }) => ecs['process.executable'])).to.deep.equal([
      '/usr/bin/wget',
      '/bin/chmod',
      '/tmp/blitz64',
    ]);
    for (const { logsource } of events) {
      expect(logsource).to.deep.include({ product: 'linux', category: 'process_creation' });
    }
  });

  it('of all kinds become events, each record in exactly one', () => {
    const kinds = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(kinds.length).to.be.greaterThan(40);
    for (const { name } of kinds) {
      const lines = linesOf(join(root, name));
      for (const hints of [{}, { product: 'linux' }, { format: 'json' }, { format: 'journal' }]) {
        const events = eventsOf(lines, hints);
        expect(
          events.every(({ id, ecs }) => id.length === 26 && ecs['error.code'] !== 'record_poison'),
          name,
        ).to.equal(true);
        expect(
          events.reduce((sum, { record }) => sum + record.records, 0),
          name,
        ).to.equal(lines.length);
      }
    }
  });
});
