import type { LogSource } from '../../platform/event.ts';

/** Sigma service → the channels whose events it names, in lower case: Windows compares channel names without case. */
const CHANNELS: Readonly<Record<string, readonly string[]>> = {
  application: ['application'],
  security: ['security'],
  system: ['system'],
  sysmon: ['microsoft-windows-sysmon/operational'],
  powershell: ['microsoft-windows-powershell/operational', 'powershellcore/operational'],
  'powershell-classic': ['windows powershell'],
  'application-experience': [
    'microsoft-windows-application-experience/program-telemetry',
    'microsoft-windows-application-experience/program-compatibility-assistant',
  ],
  applocker: [
    'microsoft-windows-applocker/exe and dll',
    'microsoft-windows-applocker/msi and script',
    'microsoft-windows-applocker/packaged app-deployment',
    'microsoft-windows-applocker/packaged app-execution',
  ],
  'appmodel-runtime': ['microsoft-windows-appmodel-runtime/admin'],
  'appxdeployment-server': ['microsoft-windows-appxdeploymentserver/operational'],
  'appxpackaging-om': ['microsoft-windows-appxpackaging/operational'],
  bitlocker: ['microsoft-windows-bitlocker/bitlocker management'],
  'bits-client': ['microsoft-windows-bits-client/operational'],
  capi2: ['microsoft-windows-capi2/operational'],
  'certificateservicesclient-lifecycle-system': [
    'microsoft-windows-certificateservicesclient-lifecycle-system/operational',
  ],
  'codeintegrity-operational': ['microsoft-windows-codeintegrity/operational'],
  dhcp: ['microsoft-windows-dhcp-server/operational'],
  'diagnosis-scripted': ['microsoft-windows-diagnosis-scripted/operational'],
  'dns-client': [
    'microsoft-windows-dns client events/operational',
    'microsoft-windows-dns-client/operational',
  ],
  'dns-server': ['dns server', 'microsoft-windows-dns-server/audit'],
  'dns-server-analytic': ['microsoft-windows-dns-server/analytical'],
  'driver-framework': ['microsoft-windows-driverframeworks-usermode/operational'],
  'firewall-as': ['microsoft-windows-windows firewall with advanced security/firewall'],
  'hyper-v-worker': [
    'microsoft-windows-hyper-v-worker',
    'microsoft-windows-hyper-v-worker-admin',
    'microsoft-windows-hyper-v-worker-operational',
  ],
  'iis-configuration': ['microsoft-iis-configuration/operational'],
  'kernel-event-tracing': [
    'microsoft-windows-kernel-eventtracing',
    'microsoft-windows-kernel-eventtracing/admin',
    'microsoft-windows-kernel-eventtracing/analytic',
  ],
  'kernel-shimengine': [
    'microsoft-windows-kernel-shimengine/operational',
    'microsoft-windows-kernel-shimengine/diagnostic',
  ],
  ldap: ['microsoft-windows-ldap-client/debug'],
  'lsa-server': ['microsoft-windows-lsa/operational'],
  'msexchange-management': ['msexchange management'],
  ntfs: ['microsoft-windows-ntfs/operational'],
  ntlm: ['microsoft-windows-ntlm/operational'],
  openssh: ['openssh/operational'],
  'printservice-admin': ['microsoft-windows-printservice/admin'],
  'printservice-operational': ['microsoft-windows-printservice/operational'],
  'security-mitigations': [
    'microsoft-windows-security-mitigations/kernel mode',
    'microsoft-windows-security-mitigations/user mode',
    'microsoft-windows-security-mitigations/kernelmode',
    'microsoft-windows-security-mitigations/usermode',
  ],
  sense: ['microsoft-windows-sense/operational'],
  // Rules and the routing table of SigmaHQ's own tests disagree about this name, so events carry both.
  'microsoft-servicebus-client': [
    'microsoft-servicebus-client/admin',
    'microsoft-servicebus-client/operational',
  ],
  'servicebus-client': ['microsoft-servicebus-client/admin', 'microsoft-servicebus-client/operational'],
  'shell-core': ['microsoft-windows-shell-core/operational'],
  'smbclient-connectivity': ['microsoft-windows-smbclient/connectivity'],
  'smbclient-security': ['microsoft-windows-smbclient/security'],
  'smbserver-connectivity': ['microsoft-windows-smbserver/connectivity'],
  taskscheduler: ['microsoft-windows-taskscheduler/operational'],
  'terminalservices-localsessionmanager': [
    'microsoft-windows-terminalservices-localsessionmanager/operational',
  ],
  vhdmp: ['microsoft-windows-vhdmp/operational'],
  windefend: ['microsoft-windows-windows defender/operational'],
  wmi: ['microsoft-windows-wmi-activity/operational'],
};

/** The channel of events that name none, by their provider in lower case. */
const CHANNEL_OF_PROVIDER: ReadonlyMap<string, string> = new Map([
  ['microsoft-windows-sysmon', 'Microsoft-Windows-Sysmon/Operational'],
  ['microsoft-windows-security-auditing', 'Security'],
  ['microsoft-windows-powershell', 'Microsoft-Windows-PowerShell/Operational'],
  ['powershell', 'Windows PowerShell'],
  ['microsoft-windows-windows defender', 'Microsoft-Windows-Windows Defender/Operational'],
  ['service control manager', 'System'],
]);

/**
 * Service → EventID → categories. `EventID:EventType` where the kind of change decides. Registry changes keep the older
 * category `registry_event` beside the exact one; the clipboard has a name in the taxonomy and another in rules.
 */
const CATEGORIES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  sysmon: {
    1: ['process_creation'],
    2: ['file_change'],
    3: ['network_connection'],
    4: ['sysmon_status'],
    5: ['process_termination'],
    6: ['driver_load'],
    7: ['image_load'],
    8: ['create_remote_thread'],
    9: ['raw_access_thread'],
    10: ['process_access'],
    11: ['file_event'],
    12: ['registry_event'],
    '12:CreateKey': ['registry_event', 'registry_add'],
    '12:DeleteKey': ['registry_event', 'registry_delete'],
    '12:DeleteValue': ['registry_event', 'registry_delete'],
    13: ['registry_event', 'registry_set'],
    14: ['registry_event', 'registry_rename'],
    15: ['create_stream_hash'],
    16: ['sysmon_status'],
    17: ['pipe_created'],
    18: ['pipe_created'],
    19: ['wmi_event'],
    20: ['wmi_event'],
    21: ['wmi_event'],
    22: ['dns_query'],
    23: ['file_delete'],
    24: ['clipboard_capture', 'clipboard_change'],
    25: ['process_tampering'],
    26: ['file_delete_detected'],
    27: ['file_block_executable'],
    28: ['file_block_shredding'],
    29: ['file_executable_detected'],
    255: ['sysmon_error'],
  },
  security: { 4688: ['process_creation'] },
  powershell: { 4103: ['ps_module'], 4104: ['ps_script'] },
  'powershell-classic': {
    400: ['ps_classic_start'],
    600: ['ps_classic_provider_start'],
    800: ['ps_classic_script'],
  },
  // The events of Defender that name a threat or a path.
  windefend: Object.fromEntries(
    [1006, 1007, 1008, 1009, 1010, 1011, 1012, 1017, 1018, 1019, 1115, 1116].map((id) => [id, ['antivirus']]),
  ),
};

/** What is known of a channel: its first service, and the sources of its events. */
interface Channel {
  readonly service: string;
  readonly plain: readonly LogSource[];
  readonly byEvent: ReadonlyMap<string, readonly LogSource[]>;
}

const plainWindows: readonly LogSource[] = [{ product: 'windows' }];
const channels: ReadonlyMap<string, Channel> = buildChannels();

function buildChannels(): Map<string, Channel> {
  const services = new Map<string, string[]>();
  for (const [service, names] of Object.entries(CHANNELS)) {
    for (const name of names) services.set(name, [...(services.get(name) ?? []), service]);
  }
  const built = new Map<string, Channel>();
  for (const [name, [service = '', ...others]] of services) {
    const plain = [
      ...plainWindows,
      ...[service, ...others].map((each) => ({ product: 'windows', service: each })),
    ];
    const byEvent = new Map<string, readonly LogSource[]>();
    for (const [key, categories] of Object.entries(CATEGORIES[service] ?? {})) {
      byEvent.set(key, [
        ...plain,
        ...categories.map((category) => ({ product: 'windows', service, category })),
      ]);
    }
    built.set(name, { service, plain, byEvent });
  }
  return built;
}

/** Every logsource that a Windows event can have. */
export const windowsLogsources: readonly LogSource[] = [
  ...new Map(
    [...channels.values()]
      .flatMap((channel) => [...channel.plain, ...[...channel.byEvent.values()].flat()])
      .map((source) => [`${source.service ?? ''}|${source.category ?? ''}`, source]),
  ).values(),
];

/** Where an event stands: the service of its channel, and the logsources it belongs to. */
export interface Place {
  /** Sigma's service; empty where the channel has none. */
  readonly service: string;
  readonly logsource: readonly LogSource[];
}

/** The place of an event by its channel (or provider, where it names no channel), EventID and Sysmon's EventType. */
export function placeOf(
  channel: string | undefined,
  provider: string | undefined,
  event: { readonly id: number; readonly type?: unknown },
): Place {
  const name = channel ?? CHANNEL_OF_PROVIDER.get(provider?.toLowerCase() ?? '');
  const known = name === undefined ? undefined : channels.get(name.toLowerCase());
  if (known === undefined) return { service: '', logsource: plainWindows };
  const typed =
    typeof event.type === 'string' && event.id === 12
      ? known.byEvent.get(`${event.id}:${event.type}`)
      : undefined;
  return { service: known.service, logsource: typed ?? known.byEvent.get(String(event.id)) ?? known.plain };
}
