import * as rows from './ecs-rows.ts';
import type { Row } from './ecs-set.ts';

/** What ECS says about one kind of event. */
export interface EventFacts {
  readonly action: string;
  readonly category: readonly string[];
  readonly type: readonly string[];
  readonly rows: readonly Row[];
  /** Where the event itself does not say. */
  readonly outcome?: 'success' | 'failure';
}

type Facts = readonly [
  ids: readonly number[],
  action: string,
  category: string,
  type: string,
  rows: readonly Row[],
  outcome?: 'success' | 'failure',
];

const { subject, logonUser, targetUser, group, origin, caller, image } = rows;
const administered = [...subject, ...targetUser];
const membership = [...subject, ...group];

/** Categories and types parted by a comma. */
const SECURITY: readonly Facts[] = [
  [[1100], 'event-logging-shut-down', 'process', 'end', []],
  [[1102], 'audit-log-cleared', 'iam', 'admin,change', subject, 'success'],
  [[4616], 'system-time-changed', 'configuration', 'change', [...subject, ...caller]],
  [[4624], 'logged-in', 'authentication', 'start', [...caller, ...logonUser, ...origin], 'success'],
  [[4625], 'logon-failed', 'authentication', 'start', [...caller, ...logonUser, ...origin], 'failure'],
  [[4634, 4647], 'logged-out', 'authentication', 'end', logonUser, 'success'],
  [[4648], 'logged-in-explicit', 'authentication', 'start', [...caller, ...administered, ...origin]],
  [[4656, 4663], 'object-access', 'file', 'access', [...caller, ...subject]],
  [[4657], 'registry-value-modified', 'registry', 'change', [...caller, ...subject]],
  [[4662], 'directory-object-operation', 'iam', 'access', subject],
  [[4670], 'permissions-changed', 'iam', 'admin,change', [...caller, ...subject]],
  [[4672], 'logged-in-special', 'iam', 'admin', subject, 'success'],
  [[4688], 'created-process', 'process', 'start', [...rows.newProcess, ...subject]],
  [[4689], 'exited-process', 'process', 'end', [...caller, ...subject]],
  [[4697], 'service-installed', 'configuration', 'creation', [...subject, ...rows.service]],
  [[4698], 'scheduled-task-created', 'configuration', 'creation', subject],
  [[4699], 'scheduled-task-deleted', 'configuration', 'deletion', subject],
  [[4700, 4701, 4702], 'scheduled-task-changed', 'configuration', 'change', subject],
  [[4719], 'audit-policy-changed', 'configuration', 'admin,change', subject],
  [[4720], 'added-user-account', 'iam', 'user,creation', administered],
  [[4722], 'enabled-user-account', 'iam', 'user,change', administered],
  [[4723, 4724], 'changed-password', 'iam', 'user,change', administered],
  [[4725], 'disabled-user-account', 'iam', 'user,change', administered],
  [[4726], 'deleted-user-account', 'iam', 'user,deletion', administered],
  [[4727, 4731, 4754], 'added-group-account', 'iam', 'group,creation', membership],
  [[4728, 4732, 4756], 'added-member-to-group', 'iam', 'group,change', membership],
  [[4729, 4733, 4757], 'removed-member-from-group', 'iam', 'group,change', membership],
  [[4730, 4734, 4758], 'deleted-group-account', 'iam', 'group,deletion', membership],
  [[4738], 'modified-user-account', 'iam', 'user,change', administered],
  [[4740], 'locked-out-user-account', 'iam', 'user,change', administered],
  [[4767], 'unlocked-user-account', 'iam', 'user,change', administered],
  [[4741], 'added-computer-account', 'iam', 'admin,creation', administered],
  [[4742], 'modified-computer-account', 'iam', 'admin,change', administered],
  [[4768], 'kerberos-authentication-ticket', 'authentication', 'start', [...rows.kerberosUser, ...origin]],
  [
    [4769, 4770],
    'kerberos-service-ticket',
    'authentication',
    'start',
    [...rows.kerberosUser, ...origin, ...rows.service],
  ],
  [
    [4771],
    'kerberos-preauth-failed',
    'authentication',
    'start',
    [...rows.kerberosUser, ...origin],
    'failure',
  ],
  [[4776], 'credential-validated', 'authentication', 'start', [...logonUser, ...origin]],
  [[4778], 'session-reconnected', 'authentication,session', 'start', [...sessionUser(), ...origin]],
  [[4779], 'session-disconnected', 'authentication,session', 'end', [...sessionUser(), ...origin]],
  [[4799], 'group-membership-enumerated', 'iam', 'group,info', membership],
  [[5140, 5145], 'network-share-access', 'file,network', 'access', [...subject, ...origin]],
  [[5152, 5157], 'connection-blocked', 'network', 'connection,denied', rows.filteredConnection],
  [[5154], 'listen-permitted', 'network', 'connection,allowed', rows.filteredConnection],
  [[5156, 5158], 'connection-permitted', 'network', 'connection,allowed', rows.filteredConnection],
];

const SYSMON: readonly Facts[] = [
  [[1], 'process-created', 'process', 'start', rows.createdProcess],
  [[2], 'file-time-changed', 'file', 'change', rows.writtenFile],
  [[3], 'network-connection', 'network', 'start,connection,protocol', rows.connection],
  [[4], 'sysmon-state-changed', 'process', 'change', []],
  [[5], 'process-terminated', 'process', 'end', image],
  [[6], 'driver-loaded', 'driver', 'start', rows.loadedDriver],
  [[7], 'image-loaded', 'process', 'change', rows.loadedImage],
  [[8], 'remote-thread-created', 'process', 'change', rows.sourceProcess],
  [[9], 'raw-disk-read', 'file', 'access', image],
  [[10], 'process-accessed', 'process', 'access', rows.sourceProcess],
  [[11], 'file-created', 'file', 'creation', rows.writtenFile],
  [[12], 'registry-key-changed', 'registry', 'change', rows.registryKey],
  [[13], 'registry-value-set', 'registry', 'change', rows.registryValue],
  [[14], 'registry-renamed', 'registry', 'change', rows.registryKey],
  [[15], 'file-stream-created', 'file', 'creation', rows.writtenFile],
  [[16], 'sysmon-config-changed', 'configuration', 'change', []],
  [[17], 'pipe-created', 'file', 'creation', rows.pipe],
  [[18], 'pipe-connected', 'file', 'access', rows.pipe],
  [[19, 20, 21], 'wmi-changed', 'process', 'change', image],
  [[22], 'dns-query', 'network', 'connection,protocol,info', rows.dnsQuery],
  [[23, 26], 'file-deleted', 'file', 'deletion', rows.writtenFile],
  [[24], 'clipboard-changed', 'process', 'change', rows.writtenFile],
  [[25], 'process-tampered', 'process', 'change', image],
  [[27, 28], 'file-blocked', 'file', 'denied', rows.writtenFile],
  [[29], 'executable-detected', 'file', 'creation', rows.writtenFile],
  [[255], 'sysmon-failed', 'process', 'error', []],
];

const OTHERS: Readonly<Record<string, readonly Facts[]>> = {
  system: [
    [[104], 'log-cleared', 'configuration', 'admin,change', subject],
    [[7045], 'service-installed', 'configuration', 'creation', [...installer(), ...rows.service]],
    [[7036, 7040], 'service-changed', 'configuration', 'change', []],
  ],
  powershell: [
    [[4103], 'powershell-pipeline', 'process', 'info', rows.powershellModule],
    [[4104], 'powershell-script-block', 'process', 'info', rows.powershellScript],
  ],
  'powershell-classic': [
    [[400], 'powershell-started', 'process', 'start', rows.powershellClassic],
    [[403], 'powershell-stopped', 'process', 'end', rows.powershellClassic],
    [[600], 'powershell-provider-started', 'process', 'info', rows.powershellClassic],
    [[800], 'powershell-pipeline', 'process', 'info', rows.powershellClassic],
  ],
  windefend: [
    [[1006, 1015, 1116], 'malware-detected', 'malware', 'info', rows.threat],
    [[1007, 1117], 'malware-handled', 'malware', 'info', rows.threat],
    [[1008, 1118, 1119], 'malware-not-handled', 'malware', 'info', rows.threat, 'failure'],
    [[5001, 5010, 5012], 'protection-disabled', 'configuration', 'change', image],
    [[5007], 'protection-changed', 'configuration', 'change', image],
  ],
};

/** The one who installed a service; the event's own `AccountName` is what the service runs as. */
function installer(): readonly Row[] {
  return rows.anything.filter(([native]) => native === 'Security_UserID');
}

function sessionUser(): readonly Row[] {
  return rows.powershellModule
    .filter(([native]) => native === 'AccountName')
    .concat(rows.subject.filter(([native]) => native === 'SubjectUserName'));
}

const facts: ReadonlyMap<string, EventFacts> = new Map(
  Object.entries({ security: SECURITY, sysmon: SYSMON, ...OTHERS }).flatMap(([service, table]) =>
    table.flatMap(([ids, action, category, type, eventRows, outcome]) =>
      ids.map((id): [string, EventFacts] => [
        `${service}:${id}`,
        {
          action,
          category: category.split(','),
          type: type.split(','),
          rows: eventRows,
          ...(outcome === undefined ? {} : { outcome }),
        },
      ]),
    ),
  ),
);

/** Facts of an event by the service of its channel and its EventID; undefined for those without any. */
export function factsOf(service: string, id: number): EventFacts | undefined {
  return facts.get(`${service}:${id}`);
}
