import { expect } from 'chai';
import { windows } from '../../integrations/windows/integration.ts';
import type { EcsFields } from '../../platform/event.ts';

const SYSMON = { Channel: 'Microsoft-Windows-Sysmon/Operational' };
const SECURITY = { Channel: 'Security' };

function ecs(fields: object): EcsFields {
  const message = JSON.stringify(fields);
  return windows.parse({ message, original: message, hints: {}, accepted: 0 })?.[0]?.ecs ?? {};
}

describe('ECS fields of windows.parse', () => {
  const rows: readonly (readonly [what: string, fields: object, expected: Record<string, unknown>])[] = [
    [
      'the one who logs on as user',
      {
        ...SECURITY,
        EventID: 4624,
        SubjectUserName: 'DC01$',
        TargetUserName: 'tvminh',
        TargetUserSid: 'S-1-5-21-1',
      },
      {
        'user.name': 'tvminh',
        'user.id': 'S-1-5-21-1',
        'event.outcome': 'success',
        'user.target.name': undefined,
      },
    ],
    [
      'a failed logon',
      {
        ...SECURITY,
        EventID: 4625,
        TargetUserSid: 'S-1-0-0',
        TargetUserName: 'a',
        IpAddress: '::ffff:203.0.113.1',
        IpPort: '0',
        ProcessId: '0x0',
      },
      {
        'event.outcome': 'failure',
        'event.category': ['authentication'],
        'source.ip': '203.0.113.1',
        'source.port': undefined,
        'process.pid': undefined,
        'user.id': undefined,
        'related.ip': ['203.0.113.1'],
      },
    ],
    [
      'a logoff',
      { ...SECURITY, EventID: 4634, TargetUserName: 'a' },
      { 'event.type': ['end'], 'user.name': 'a' },
    ],
    [
      'actor and target of explicit credentials',
      { ...SECURITY, EventID: 4648, SubjectUserName: 'a', TargetUserName: 'b', IpAddress: '-' },
      { 'user.name': 'a', 'user.target.name': 'b', 'source.ip': undefined, 'related.user': ['a', 'b'] },
    ],
    [
      'privileges',
      { ...SECURITY, EventID: 4672, SubjectUserName: 'a' },
      { 'event.action': 'logged-in-special', 'user.name': 'a' },
    ],
    [
      'a process of the Security log',
      {
        ...SECURITY,
        EventID: 4688,
        NewProcessName: 'C:\\a\\b.exe',
        NewProcessId: '0x1f4c',
        ProcessId: '0xbb8',
        ParentProcessName: 'C:\\c.exe',
        CommandLine: 'b -x',
        SubjectUserName: 'a',
      },
      {
        'process.executable': 'C:\\a\\b.exe',
        'process.name': 'b.exe',
        'process.pid': 8012,
        'process.parent.pid': 3000,
        'process.parent.name': 'c.exe',
        'process.command_line': 'b -x',
        'user.name': 'a',
      },
    ],
    [
      'a service',
      { ...SECURITY, EventID: 4697, ServiceName: 's', ServiceFileName: 'C:\\s.exe', SubjectUserName: 'a' },
      { 'service.name': 's', 'event.action': 'service-installed', 'user.name': 'a' },
    ],
    [
      'a scheduled task',
      { ...SECURITY, EventID: 4698, SubjectUserName: 'a', TaskName: '\\t' },
      { 'event.action': 'scheduled-task-created', 'event.type': ['creation'] },
    ],
    [
      'a new user',
      { ...SECURITY, EventID: 4720, SubjectUserName: 'a', TargetUserName: 'b', TargetSid: 'S-1-5-21-2' },
      {
        'user.name': 'a',
        'user.target.name': 'b',
        'user.target.id': 'S-1-5-21-2',
        'event.type': ['user', 'creation'],
      },
    ],
    [
      'a member of a group',
      {
        ...SECURITY,
        EventID: 4732,
        SubjectUserName: 'a',
        TargetUserName: 'Administrators',
        MemberName: 'CN=hotro01,OU=x',
        MemberSid: 'S-1-5-21-3',
      },
      { 'group.name': 'Administrators', 'user.target.name': 'hotro01', 'user.target.id': 'S-1-5-21-3' },
    ],
    [
      'a lock-out',
      { ...SECURITY, EventID: 4740, SubjectUserName: 'DC01$', TargetUserName: 'b' },
      { 'event.action': 'locked-out-user-account', 'user.target.name': 'b' },
    ],
    [
      'a Kerberos principal',
      { ...SECURITY, EventID: 4769, TargetUserName: 'tvminh@TPCT.EXAMPLE', ServiceName: 'svc' },
      { 'user.name': 'tvminh', 'service.name': 'svc' },
    ],
    [
      'the cleared log',
      { ...SECURITY, EventID: 1102, SubjectUserName: 'a' },
      { 'event.action': 'audit-log-cleared', 'user.name': 'a' },
    ],
    [
      'a file and a key by the type of the object',
      { ...SECURITY, EventID: 4663, ObjectType: 'Key', ObjectName: '\\REGISTRY\\MACHINE\\X' },
      { 'registry.path': '\\REGISTRY\\MACHINE\\X', 'event.category': ['registry'], 'file.path': undefined },
    ],
    [
      'a filtered connection',
      {
        ...SECURITY,
        EventID: 5156,
        SourceAddress: '10.0.0.1',
        SourcePort: '1',
        DestAddress: '10.0.0.2',
        DestPort: '445',
        Protocol: '6',
        Direction: '%%14593',
      },
      { 'destination.port': 445, 'network.transport': 'tcp', 'network.direction': 'egress' },
    ],
    [
      'the outcome by the audit’s mask',
      { ...SECURITY, EventID: 4776, Keywords: '0x8010000000000000', TargetUserName: 'a', Workstation: 'W' },
      { 'event.outcome': 'failure', 'source.domain': 'W' },
    ],
    [
      'the outcome by the audit’s words',
      { ...SECURITY, EventID: 4776, EventType: 'AUDIT_SUCCESS' },
      { 'event.outcome': 'success' },
    ],
    [
      'a connection of Sysmon',
      {
        ...SYSMON,
        EventID: 3,
        Initiated: 'false',
        Protocol: 'tcp',
        SourceIp: '10.0.0.1',
        DestinationIp: 'fe80::1',
        DestinationPort: '70000',
      },
      { 'network.direction': 'ingress', 'destination.ip': 'fe80::1', 'destination.port': undefined },
    ],
    [
      'a library with its signature',
      {
        ...SYSMON,
        EventID: 7,
        ImageLoaded: 'C:\\a.dll',
        Signed: 'false',
        SignatureStatus: 'Unavailable',
        Hashes: `SHA256=${'AB'.repeat(32)}`,
      },
      {
        'dll.path': 'C:\\a.dll',
        'dll.code_signature.exists': false,
        'dll.hash.sha256': 'ab'.repeat(32),
        'related.hash': ['ab'.repeat(32)],
      },
    ],
    [
      'a remote thread',
      { ...SYSMON, EventID: 8, SourceImage: 'C:\\a.exe', SourceProcessId: '5' },
      { 'process.name': 'a.exe', 'process.pid': 5 },
    ],
    [
      'an access to a process',
      {
        ...SYSMON,
        EventID: 10,
        SourceImage: 'C:\\a.exe',
        SourceProcessGUID: '{9f85ce58-59dc-5f2b-1000-000000000400}',
        SourceUser: 'T\\a',
        TargetUser: 'T\\b',
      },
      {
        'process.entity_id': '{9f85ce58-59dc-5f2b-1000-000000000400}',
        'user.name': 'a',
        'user.target.name': 'b',
      },
    ],
    [
      'a file',
      { ...SYSMON, EventID: 11, TargetFilename: 'C:\\Users\\a\\b.Docm', User: 'T\\a' },
      {
        'file.name': 'b.Docm',
        'file.extension': 'docm',
        'file.directory': 'C:\\Users\\a',
        'user.domain': 'T',
      },
    ],
    [
      'a registry value',
      { ...SYSMON, EventID: 13, TargetObject: 'HKLM\\SOFTWARE\\Run\\x', Details: 'C:\\x.exe' },
      {
        'registry.hive': 'HKLM',
        'registry.key': 'SOFTWARE\\Run',
        'registry.value': 'x',
        'registry.data.strings': ['C:\\x.exe'],
      },
    ],
    [
      'a registry key',
      { ...SYSMON, EventID: 12, TargetObject: 'HKU\\S-1\\x' },
      { 'registry.hive': 'HKU', 'registry.key': 'S-1\\x', 'registry.value': undefined },
    ],
    [
      'a path that only looks like a registry’s',
      { ...SYSMON, EventID: 12, TargetObject: 'constructor\\x' },
      { 'registry.path': 'constructor\\x', 'registry.hive': undefined },
    ],
    [
      'a stream',
      {
        ...SYSMON,
        EventID: 15,
        TargetFilename: 'C:\\a.exe:Zone.Identifier',
        Hash: `MD5=${'0A'.repeat(16)},IMPHASH=${'0'.repeat(32)}`,
      },
      { 'file.hash.md5': '0a'.repeat(16), 'file.pe.imphash': undefined },
    ],
    ['a pipe', { ...SYSMON, EventID: 17, PipeName: '\\psexesvc' }, { 'file.name': '\\psexesvc' }],
    [
      'a look-up',
      {
        ...SYSMON,
        EventID: 22,
        QueryName: 'a.example',
        QueryResults: 'type:  5 b.example;::ffff:203.0.113.9;203.0.113.9;2001:db8::1;',
      },
      { 'dns.question.name': 'a.example', 'dns.resolved_ip': ['203.0.113.9', '2001:db8::1'] },
    ],
    [
      'a deleted file',
      { ...SYSMON, EventID: 23, TargetFilename: 'C:\\a.txt' },
      { 'event.action': 'file-deleted', 'file.path': 'C:\\a.txt' },
    ],
    [
      'a service of the System log by its installer',
      {
        Channel: 'System',
        EventID: 7045,
        ServiceName: 's',
        AccountName: 'LocalSystem',
        UserID: 'S-1-5-21-1',
      },
      { 'user.id': 'S-1-5-21-1', 'user.name': undefined, 'service.name': 's' },
    ],
    [
      'a script block',
      {
        Channel: 'Microsoft-Windows-PowerShell/Operational',
        EventID: 4104,
        UserID: 'S-1-5-21-1',
        Path: 'C:\\a.ps1',
      },
      { 'file.name': 'a.ps1', 'user.id': 'S-1-5-21-1' },
    ],
    [
      'the command line of a module event',
      {
        Channel: 'Microsoft-Windows-PowerShell/Operational',
        EventID: 4103,
        ContextInfo: '  Host Application = powershell -c x\r\n  Engine Version = 5',
      },
      { 'process.command_line': 'powershell -c x' },
    ],
    [
      'an event without facts of its own',
      {
        Channel: 'Unknown',
        EventID: 77,
        Provider_Name: 'P',
        Computer: 'h',
        User: 'T\\a',
        Image: 'C:\\a.exe',
      },
      {
        'event.code': '77',
        'event.provider': 'P',
        'host.name': 'h',
        'user.name': 'a',
        'event.action': undefined,
      },
    ],
  ];
  for (const [what, fields, expected] of rows) {
    it(`name ${what}`, () => {
      const actual = ecs(fields);
      for (const [name, value] of Object.entries(expected)) expect(actual[name], name).to.deep.equal(value);
    });
  }
});
