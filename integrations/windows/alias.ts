import type { Native } from './native.ts';

type Aliases = Readonly<Record<string, string>>;

/** Sysmon's names, which process creation rules use, for those of Security 4688. */
const CREATED_PROCESS: Aliases = {
  Image: 'NewProcessName',
  ParentImage: 'ParentProcessName',
  IntegrityLevel: 'MandatoryLabel',
  LogonId: 'SubjectLogonId',
};

const CREATED_PROCESS_RENAMED: Aliases = { ...CREATED_PROCESS, CommandLine: 'ProcessCommandLine' };

/** Names of the category `antivirus` for Defender's. */
const THREAT: Aliases = { Signature: 'ThreatName', Filename: 'Path' };

/** Exports without the unnamed values still have them in the rendered message. */
const RENDERED_DATA: Aliases = { Data: 'Message' };

/** Sigma taxonomy name → native name, where an event of this kind has another one; undefined where all are the same. */
export function aliasesOf(native: Native, service: string, id: number): Aliases | undefined {
  switch (service) {
    case 'security':
      if (id !== 4688) return undefined;
      return native['CommandLine'] === undefined ? CREATED_PROCESS_RENAMED : CREATED_PROCESS;
    case 'windefend':
      return THREAT;
    case 'powershell-classic':
    case 'application':
    case 'msexchange-management':
      return native['Data'] === undefined && native['Message'] !== undefined ? RENDERED_DATA : undefined;
  }
  return undefined;
}
