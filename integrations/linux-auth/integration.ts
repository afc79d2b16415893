import type { LogSource } from '../../platform/event.ts';
import type { Integration, Line } from '../contract.ts';
import { readAccounts } from './accounts.ts';
import { readCron } from './cron.ts';
import { authEvent, type ReadFacts } from './facts.ts';
import { readPam } from './pam.ts';
import { readLogin, readLogind } from './sessions.ts';
import { readSshd } from './sshd.ts';
import { readSu } from './su.ts';
import { readSudo } from './sudo.ts';

/** No program of this list writes longer messages; what is longer is none of theirs. */
const MESSAGE_CHARS_MAX = 16_384;
/** Events that one `message repeated N times` may come to. */
export const REPEATS_MAX = 100;

const auth: LogSource = { product: 'linux', service: 'auth' };
const sshd: LogSource = { product: 'linux', service: 'sshd' };
const sudo: LogSource = { product: 'linux', service: 'sudo' };
const cron: LogSource = { product: 'linux', service: 'cron' };
const processCreation: LogSource = { product: 'linux', category: 'process_creation' };

interface Program {
  readonly logsource: readonly LogSource[];
  readonly read: ReadFacts;
}

const nothing: ReadFacts = () => undefined;

function program(
  names: string,
  logsource: readonly LogSource[],
  read: ReadFacts,
): (readonly [string, Program])[] {
  return names.split(' ').map((name) => [name, { logsource, read }] as const);
}

/** The programs whose messages are read, by the names under which they write. */
const programs: ReadonlyMap<string, Program> = new Map([
  ...program('sshd sshd-session sshd-auth', [auth, sshd], readSshd),
  ...program('sudo sudo-rs', [auth, sudo], readSudo),
  ...program('su su-l runuser', [auth], readSu),
  ...program(
    'useradd usermod userdel groupadd groupmod groupdel gpasswd passwd chpasswd chage chsh chfn newusers adduser deluser',
    [auth],
    readAccounts,
  ),
  ...program('systemd-logind', [auth], readLogind),
  ...program('login', [auth], readLogin),
  ...program('CRON cron crond crontab anacron atd', [cron], readCron),
  ...program('gdm gdm3 gdm-password gdm-launch-environment lightdm sddm sddm-helper', [auth], nothing),
  ...program('polkitd pkexec polkit-agent-helper-1 unix_chkpwd', [auth], nothing),
]);

/**
 * Linux authentication: what sshd, sudo, su, PAM, the account tools, logind, login and cron write to auth.log, secure or
 * the journal.
 */
export const linuxAuth: Integration = {
  id: 'linux-auth',
  version: 1,
  products: ['linux'],
  logsources: [auth, sshd, sudo, cron, processCreation],
  parse(line) {
    const app = line.envelope?.app;
    if (app === undefined || line.message.length > MESSAGE_CHARS_MAX) return undefined;
    const found = programs.get(programName(app));
    if (found === undefined)
      return line.message.startsWith('pam_')
        ? [readLine(line, { logsource: [auth], read: nothing })]
        : undefined;
    const repeated = readRepeated(line.message);
    if (repeated === undefined) return [readLine(line, found)];
    const event = readLine({ ...line, message: repeated.message }, found);
    return Array.from({ length: repeated.times }, () => event);
  },
};

function readLine(line: Line, { logsource, read }: Program): ReturnType<typeof authEvent> {
  const pam = line.message.startsWith('pam_') || line.message.startsWith('PAM ');
  return authEvent(line, logsource, pam ? readPam(line.message) : read(line.message));
}

/** `/usr/sbin/cron` as a plain name. */
function programName(app: string): string {
  return app.slice(app.lastIndexOf('/') + 1);
}

/** rsyslog folds equal messages into `message repeated 3 times: [ … ]`: three events. */
function readRepeated(message: string): { readonly times: number; readonly message: string } | undefined {
  const head = /^message repeated (\d{1,9}) times?: \[ ?/.exec(message);
  if (head === null || !message.endsWith(']')) return undefined;
  const times = Math.max(1, Math.min(Number(head[1]), REPEATS_MAX));
  return { times, message: message.slice(head[0].length, -1) };
}
