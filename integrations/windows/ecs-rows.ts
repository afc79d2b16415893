import {
  account,
  callerId,
  executable,
  filterDirection,
  flag,
  guid,
  hashes,
  hostApplication,
  initiated,
  ip,
  list,
  memberName,
  number,
  path,
  port,
  principal,
  registry,
  resolvedAddresses,
  sid,
  text,
  threatPath,
  transport,
  type Row,
} from './ecs-set.ts';

/** On every event. */
export const common: readonly Row[] = [
  ['Computer', text('host.name')],
  ['EventID', text('event.code')],
  ['Provider_Name', text('event.provider')],
  ['Provider_Guid', guid('winlog.provider_guid')],
  ['Channel', text('winlog.channel')],
  ['EventRecordID', text('winlog.record_id')],
  ['Message', text('message')],
];

/** The account that acts. */
export const subject: readonly Row[] = [
  ['SubjectUserSid', sid('user.id')],
  ['SubjectUserName', text('user.name')],
  ['SubjectDomainName', text('user.domain')],
];

/** The account that logs on or off or asks for a ticket: in these events the target is the one who acts. */
export const logonUser: readonly Row[] = [
  ['TargetUserSid', sid('user.id')],
  ['TargetSid', sid('user.id')],
  ['TargetUserName', text('user.name')],
  ['TargetDomainName', text('user.domain')],
];

/** The same in Kerberos events, where the name carries its realm. */
export const kerberosUser: readonly Row[] = [...logonUser, ['TargetUserName', principal('user.name')]];

/** The account that something is done to. */
export const targetUser: readonly Row[] = [
  ['TargetUserSid', sid('user.target.id')],
  ['TargetSid', sid('user.target.id')],
  ['TargetUserName', text('user.target.name')],
  ['TargetDomainName', text('user.target.domain')],
];

export const group: readonly Row[] = [
  ['TargetSid', sid('group.id')],
  ['TargetUserName', text('group.name')],
  ['TargetDomainName', text('group.domain')],
  ['MemberSid', sid('user.target.id')],
  ['MemberName', memberName],
];

/** Where a logon or a request came from. */
export const origin: readonly Row[] = [
  ['IpAddress', ip('source.ip')],
  ['IpPort', port('source.port')],
  ['ClientAddress', ip('source.ip')],
  ['WorkstationName', text('source.domain')],
  ['Workstation', text('source.domain')],
  ['ClientName', text('source.domain')],
];

/** The process that called, in events of the Security channel. */
export const caller: readonly Row[] = [
  ['ProcessName', executable('process')],
  ['ProcessId', callerId('process.pid')],
];

export const newProcess: readonly Row[] = [
  ['NewProcessName', executable('process')],
  ['NewProcessId', number('process.pid')],
  ['ProcessCommandLine', text('process.command_line')],
  ['CommandLine', text('process.command_line')],
  ['ParentProcessName', executable('process.parent')],
  ['ProcessId', number('process.parent.pid')],
];

export const service: readonly Row[] = [
  ['ServiceName', text('service.name')],
  ['ServiceFileName', text('process.command_line')],
  ['ImagePath', text('process.command_line')],
];

export const filteredConnection: readonly Row[] = [
  ['Application', executable('process')],
  ['ProcessID', number('process.pid')],
  ['ProcessId', number('process.pid')],
  ['SourceAddress', ip('source.ip')],
  ['SourcePort', port('source.port')],
  ['DestAddress', ip('destination.ip')],
  ['DestPort', port('destination.port')],
  ['Protocol', transport],
  ['Direction', filterDirection],
];

/** The process that a Sysmon event is about. */
export const image: readonly Row[] = [
  ['Image', executable('process')],
  ['ProcessId', number('process.pid')],
  ['ProcessGuid', guid('process.entity_id')],
  ['User', account('user')],
];

export const createdProcess: readonly Row[] = [
  ...image,
  ['CommandLine', text('process.command_line')],
  ['CurrentDirectory', text('process.working_directory')],
  ['OriginalFileName', text('process.pe.original_file_name')],
  ['FileVersion', text('process.pe.file_version')],
  ['Description', text('process.pe.description')],
  ['Product', text('process.pe.product')],
  ['Company', text('process.pe.company')],
  ['Hashes', hashes('process')],
  ['ParentImage', executable('process.parent')],
  ['ParentProcessId', number('process.parent.pid')],
  ['ParentProcessGuid', guid('process.parent.entity_id')],
  ['ParentCommandLine', text('process.parent.command_line')],
  ['ParentUser', account('process.parent.user')],
];

/** The process that reaches into another one. */
export const sourceProcess: readonly Row[] = [
  ['SourceImage', executable('process')],
  ['SourceProcessId', number('process.pid')],
  ['SourceProcessGuid', guid('process.entity_id')],
  ['SourceProcessGUID', guid('process.entity_id')],
  ['SourceThreadId', number('process.thread.id')],
  ['SourceUser', account('user')],
  ['TargetUser', account('user.target')],
];

export const connection: readonly Row[] = [
  ...image,
  ['SourceIp', ip('source.ip')],
  ['SourcePort', port('source.port')],
  ['SourceHostname', text('source.domain')],
  ['DestinationIp', ip('destination.ip')],
  ['DestinationPort', port('destination.port')],
  ['DestinationHostname', text('destination.domain')],
  ['Protocol', transport],
  ['Initiated', initiated],
];

export const loadedImage: readonly Row[] = [
  ...image,
  ['ImageLoaded', path('dll')],
  ['OriginalFileName', text('dll.pe.original_file_name')],
  ['FileVersion', text('dll.pe.file_version')],
  ['Description', text('dll.pe.description')],
  ['Product', text('dll.pe.product')],
  ['Company', text('dll.pe.company')],
  ['Hashes', hashes('dll')],
  ['Signed', flag('dll.code_signature.exists')],
  ['Signature', text('dll.code_signature.subject_name')],
  ['SignatureStatus', text('dll.code_signature.status')],
];

export const loadedDriver: readonly Row[] = [
  ['ImageLoaded', path('file')],
  ['Hashes', hashes('file')],
  ['Signed', flag('file.code_signature.exists')],
  ['Signature', text('file.code_signature.subject_name')],
  ['SignatureStatus', text('file.code_signature.status')],
];

export const writtenFile: readonly Row[] = [
  ...image,
  ['TargetFilename', path('file')],
  ['Hashes', hashes('file')],
  ['Hash', hashes('file')],
];

export const registryKey: readonly Row[] = [...image, ['TargetObject', registry(false)]];

export const registryValue: readonly Row[] = [
  ...image,
  ['TargetObject', registry(true)],
  ['Details', list('registry.data.strings')],
];

export const pipe: readonly Row[] = [...image, ['PipeName', text('file.name')]];

export const dnsQuery: readonly Row[] = [
  ...image,
  ['QueryName', text('dns.question.name')],
  ['QueryResults', resolvedAddresses],
];

export const powershellModule: readonly Row[] = [
  ['Security_UserID', sid('user.id')],
  ['AccountName', text('user.name')],
  ['Domain', text('user.domain')],
  ['ContextInfo', hostApplication('Host Application = ')],
];

export const powershellScript: readonly Row[] = [
  ['Security_UserID', sid('user.id')],
  ['AccountName', text('user.name')],
  ['Domain', text('user.domain')],
  ['Path', path('file')],
];

export const powershellClassic: readonly Row[] = [
  ['Data', hostApplication('HostApplication=')],
  ['Message', hostApplication('HostApplication=')],
];

export const threat: readonly Row[] = [
  ['DetectionUser', account('user')],
  ['ProcessName', executable('process')],
  ['Path', threatPath],
];

/** For events that have no rows of their own. */
export const anything: readonly Row[] = [
  ['Security_UserID', sid('user.id')],
  ...image,
  ...subject,
  ...targetUser,
  ...origin,
];
