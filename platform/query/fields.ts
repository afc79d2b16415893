/** Short names that people type, and the paths they stand for. */
const shortNames = {
  agency: ['canh.agency'],
  assignee: ['canh.assignee'],
  collector: ['canh.collector'],
  level: ['canh.level'],
  state: ['canh.state'],
  tag: ['canh.tags'],
  verdict: ['canh.verdict'],
  product: ['canh.logsource.product'],
  service: ['canh.logsource.service'],
  category: ['canh.logsource.category'],
  id: ['event.id'],
  time: ['@timestamp'],
  action: ['event.action'],
  outcome: ['event.outcome'],
  original: ['event.original'],
  rule: ['rule.name'],
  tactic: ['threat.tactic.name'],
  technique: ['threat.technique.id'],
  host: ['host.name'],
  user: ['user.name'],
  src: ['source.ip'],
  dst: ['destination.ip'],
  sport: ['source.port'],
  dport: ['destination.port'],
  process: ['process.name'],
  pid: ['process.pid'],
  cmd: ['process.command_line'],
  file: ['file.path'],
  url: ['url.original'],
  status: ['http.response.status_code'],
  // Names of Sigma's taxonomy whose values ECS holds, so that they are not under `canh.native`.
  CommandLine: ['process.command_line', 'canh.native.CommandLine'],
  DestinationIp: ['destination.ip', 'canh.native.DestinationIp'],
  DestinationPort: ['destination.port', 'canh.native.DestinationPort'],
  EventID: ['event.code', 'canh.native.EventID'],
  Image: ['process.executable', 'canh.native.Image'],
  ParentCommandLine: ['process.parent.command_line', 'canh.native.ParentCommandLine'],
  ParentImage: ['process.parent.executable', 'canh.native.ParentImage'],
  QueryName: ['dns.question.name', 'canh.native.QueryName'],
  SourceIp: ['source.ip', 'canh.native.SourceIp'],
  SourcePort: ['source.port', 'canh.native.SourcePort'],
  TargetFilename: ['file.path', 'canh.native.TargetFilename'],
  TargetObject: ['registry.path', 'canh.native.TargetObject'],
  User: ['user.name', 'canh.native.User'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/**
 * Paths of a document that `field` stands for; a document has the values at all of them. A name that is not in
 * `shortNames` is a path itself, or a native field.
 */
export function fieldPaths(field: string): readonly string[] {
  if (Object.hasOwn(shortNames, field)) return shortNames[field as keyof typeof shortNames];
  if (field.startsWith('canh.') || field.startsWith('@')) return [field];
  return [field, `canh.native.${field}`];
}
