import { expect } from 'chai';
import { placeOf, windowsLogsources } from '../../integrations/windows/logsource.ts';
import { aliasesOf } from '../../integrations/windows/alias.ts';

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';
const DEFENDER = 'Microsoft-Windows-Windows Defender/Operational';
const POWERSHELL = 'Microsoft-Windows-PowerShell/Operational';

describe('placeOf', () => {
  const rows: readonly (readonly [
    channel: string,
    id: number,
    service: string,
    categories: string,
    type?: string,
  ])[] = [
    [SYSMON, 1, 'sysmon', 'process_creation'],
    [SYSMON.toLowerCase(), 5, 'sysmon', 'process_termination'],
    [SYSMON, 12, 'sysmon', 'registry_event'],
    [SYSMON, 12, 'sysmon', 'registry_event registry_add', 'CreateKey'],
    [SYSMON, 12, 'sysmon', 'registry_event registry_delete', 'DeleteValue'],
    [SYSMON, 13, 'sysmon', 'registry_event registry_set', 'SetValue'],
    [SYSMON, 14, 'sysmon', 'registry_event registry_rename', 'RenameKey'],
    [SYSMON, 24, 'sysmon', 'clipboard_capture clipboard_change'],
    [SYSMON, 29, 'sysmon', 'file_executable_detected'],
    [SYSMON, 255, 'sysmon', 'sysmon_error'],
    [SYSMON, 4688, 'sysmon', ''],
    ['security', 4688, 'security', 'process_creation'],
    ['Security', 1, 'security', ''],
    [POWERSHELL, 4103, 'powershell', 'ps_module'],
    ['PowerShellCore/Operational', 4104, 'powershell', 'ps_script'],
    ['Windows PowerShell', 400, 'powershell-classic', 'ps_classic_start'],
    ['Windows PowerShell', 600, 'powershell-classic', 'ps_classic_provider_start'],
    ['Windows PowerShell', 800, 'powershell-classic', 'ps_classic_script'],
    ['Application', 400, 'application', ''],
    [DEFENDER, 1116, 'windefend', 'antivirus'],
    [DEFENDER, 5001, 'windefend', ''],
    ['Microsoft-Windows-AppLocker/EXE and DLL', 8004, 'applocker', ''],
  ];
  for (const [channel, id, service, categories, type] of rows) {
    it(`puts ${channel} ${id} ${type ?? ''} under ${service} ${categories}`, () => {
      const { logsource } = placeOf(channel, undefined, { id, type });
      expect(logsource).to.deep.include({ product: 'windows' });
      expect(logsource).to.deep.include({ product: 'windows', service });
      const found = logsource.flatMap(({ category }) => category ?? []).join(' ');
      expect(found).to.equal(categories);
    });
  }

  it('gives events of a channel without a service to rules for all of Windows', () => {
    expect(placeOf('Ứng dụng riêng', undefined, { id: 1 }).logsource).to.deep.equal([{ product: 'windows' }]);
    expect(placeOf('constructor', 'constructor', { id: 1 }).logsource).to.deep.equal([
      { product: 'windows' },
    ]);
  });

  it('takes the channel of a provider where the event names none', () => {
    expect(placeOf(undefined, 'Microsoft-Windows-Sysmon', { id: 1 }).service).to.equal('sysmon');
    expect(placeOf('System', 'Microsoft-Windows-Sysmon', { id: 1 }).service).to.equal('system');
  });

  it('carries both names of a service that has two', () => {
    const { logsource } = placeOf('Microsoft-ServiceBus-Client/Admin', undefined, { id: 1 });
    expect(logsource.map(({ service }) => service)).to.include.members([
      'servicebus-client',
      'microsoft-servicebus-client',
    ]);
  });
});

describe('windowsLogsources', () => {
  it('names each logsource once', () => {
    const keys = windowsLogsources.map((source) => JSON.stringify(source));
    expect(new Set(keys).size).to.equal(keys.length);
    expect(windowsLogsources).to.deep.include({
      product: 'windows',
      service: 'windefend',
      category: 'antivirus',
    });
  });
});

describe('aliasesOf', () => {
  const rows = [
    ['Image of 4688', { CommandLine: 'x' }, 'security', 4688, 'Image', 'NewProcessName'],
    ['CommandLine of 4688 under its longer name', {}, 'security', 4688, 'CommandLine', 'ProcessCommandLine'],
    [
      'no CommandLine where it has its own name',
      { CommandLine: 'x' },
      'security',
      4688,
      'CommandLine',
      undefined,
    ],
    ['Signature of Defender', {}, 'windefend', 1116, 'Signature', 'ThreatName'],
    ['Data of a rendered event', { Message: 'x' }, 'powershell-classic', 400, 'Data', 'Message'],
    [
      'no Data where there is some',
      { Message: 'x', Data: 'y' },
      'powershell-classic',
      400,
      'Data',
      undefined,
    ],
    ['nothing for a logon', {}, 'security', 4624, 'Image', undefined],
  ] as const;
  for (const [what, native, service, id, name, target] of rows) {
    it(`has ${what}`, () => {
      expect(aliasesOf(native, service, id)?.[name]).to.equal(target);
    });
  }
});
