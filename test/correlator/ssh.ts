import { expect } from 'chai';
import { logsources } from '../../integrations/index.ts';
import type { Delivered } from '../../platform/bus/port.ts';
import { encodeEntry, type LogRecord } from '../../platform/record.ts';
import { loadRules, type RuleSet } from '../../sigma/index.ts';

/** 23 November 2026, 03:00:00 UTC. */
export const START = Date.UTC(2026, 10, 23, 3);
export const SECOND = 1000;

const failedRule = `
title: Failed SSH login
name: ssh_failed
id: 0d3f2b4c-1c7a-4a55-9d0e-000000000001
status: test
level: informational
logsource: { product: linux, service: sshd }
detection:
  selection: { event.action: ssh_login, event.outcome: failure }
  condition: selection
`;
const successRule = `
title: SSH login
name: ssh_success
id: 0d3f2b4c-1c7a-4a55-9d0e-000000000002
status: test
level: informational
logsource: { product: linux, service: sshd }
detection:
  selection: { event.action: ssh_login, event.outcome: success }
  condition: selection
`;

/** Ids of the correlations. */
export const bruteForce = '0d3f2b4c-1c7a-4a55-9d0e-000000000011';
export const guessed = '0d3f2b4c-1c7a-4a55-9d0e-000000000012';
export const manyUsers = '0d3f2b4c-1c7a-4a55-9d0e-000000000013';

export const bruteForceRule = (title = 'SSH brute force', count = 5): string => `
title: ${title}
id: ${bruteForce}
status: test
level: high
tags: [attack.credential-access, attack.t1110.001]
correlation:
  type: event_count
  rules: [ssh_failed]
  group-by: [source.ip]
  timespan: 1m
  condition: { gte: ${count} }
`;
const guessedRule = `
title: SSH login after failed ones
id: ${guessed}
status: test
level: critical
correlation:
  type: temporal_ordered
  rules: [ssh_failed, ssh_success]
  group-by: [source.ip, user.name]
  timespan: 1m
`;
const manyUsersRule = `
title: SSH logins of many users from one address
id: ${manyUsers}
status: test
level: medium
correlation:
  type: value_count
  rules: [ssh_failed]
  group-by: [source.ip]
  timespan: 1m
  condition: { gte: 3, field: user.name }
`;

/** Two rules that give no alerts of their own and three correlations of them, as one file. */
export const ssh = [failedRule, successRule, bruteForceRule(), guessedRule, manyUsersRule].join('---');
/** The same without correlations. */
export const sshRules = [failedRule, successRule].join('---');

export function ruleSetOf(text: string): RuleSet {
  const loaded = loadRules([{ file: 'test.yml', text }], { logsources });
  expect(loaded.problems.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
  return loaded;
}

export interface Login {
  /** Seconds after `START`. */
  readonly at: number;
  readonly user?: string;
  readonly from?: string;
  readonly success?: boolean;
  readonly collector?: string;
  readonly agency?: string;
  /** Seconds after `START` at which it is accepted; when it happens where left out. */
  readonly accepted?: number;
}

/** A line of sshd with a time to the millisecond. */
export function lineOf({ at, user = 'root', from = '203.0.113.9', success = false }: Login): string {
  const time = new Date(START + at * SECOND).toISOString().replace('Z', '+00:00');
  return `${time} mail01 sshd[812]: ${success ? 'Accepted' : 'Failed'} password for ${user} from ${from} port 50212 ssh2`;
}

/** Records of logins in the order given, each collector's numbered from 1. */
export function recordsOf(logins: readonly Login[]): readonly LogRecord[] {
  const numbers = new Map<string, number>();
  return logins.map((login) => {
    const { collector = 'mail01', agency = 'soc', at, accepted = at } = login;
    const seq = (numbers.get(collector) ?? 0) + 1;
    numbers.set(collector, seq);
    return {
      collector,
      agency,
      epoch: 'e',
      seq,
      ...(seq === 1 ? { previous: null } : {}),
      accepted: START + accepted * SECOND,
      received: START,
      input: 'auth',
      path: '/var/log/auth.log',
      line: lineOf(login),
      hints: { product: 'linux' },
    };
  });
}

/** A tick so many seconds after `START`. */
export function tickAt(seconds: number): string {
  return encodeEntry({ tick: START + seconds * SECOND });
}

/** What a bus hands out. */
export function delivered(values: readonly string[], first = 1): readonly Delivered[] {
  return values.map((value, i) => ({ offset: first + i, key: 'soc', value }));
}
