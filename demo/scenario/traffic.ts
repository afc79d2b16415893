import { administrators, browsers, DOMAIN, hosts, outsiders, pages, PORTAL, staff } from './city.ts';
import { accessLine, authLine, nginxError, windowsLine } from './formats.ts';
import { HOUR, MINUTE, SECOND, type LogName, type Script } from './step.ts';

/** What goes on in the city while nobody does anything wrong. */
export function playTraffic(script: Script): void {
  readers(script);
  forms(script);
  census(script);
  for (const log of ['mail-auth', 'syslog'] as const) {
    cronJobs(script, log);
    administration(script, log);
  }
  logons(script);
  controllerProcesses(script);
}

/** Citizens on the portal: a request every two seconds or so. */
function readers(script: Script): void {
  const { random } = script;
  for (let at = SECOND; at < HOUR; at += random.int(500, 4500)) {
    const path = random.pick(pages);
    script.line(
      at,
      'web-access',
      accessLine(script.timeOf(at), {
        client: `198.51.100.${random.int(100, 250)}`,
        request: `GET ${path} HTTP/2.0`,
        status: random.next() < 0.06 ? 304 : 200,
        bytes: random.int(900, 48_000),
        agent: random.pick(browsers),
        ...(random.next() < 0.6 ? { referrer: `https://${PORTAL}/` } : {}),
      }),
    );
  }
}

/** Staff who work in the portal, and pages that are not there. */
function forms(script: Script): void {
  const { random } = script;
  for (let at = 20 * SECOND; at < HOUR; at += random.int(15, 60) * SECOND) {
    const person = random.pick(staff);
    const id = random.int(20_000, 29_999);
    script.line(
      at,
      'web-access',
      accessLine(script.timeOf(at), {
        client: person.address,
        request: `POST /noi-bo/ho-so/${id}/chuyen-buoc HTTP/1.1`,
        status: 302,
        bytes: 0,
        agent: browsers[0],
        referrer: `https://${PORTAL}/noi-bo/ho-so/${id}`,
      }),
    );
    if (random.next() > 0.15) continue;
    const client = `198.51.100.${random.int(100, 250)}`;
    const request = `GET /tin-tuc/${random.int(2015, 2019)}/bai-${random.int(1, 400)} HTTP/1.1`;
    const access = { client, request, status: 404, bytes: 153, agent: random.pick(browsers) };
    script.line(at + 300, 'web-access', accessLine(script.timeOf(at + 300), access));
    script.line(
      at + 300,
      'web-error',
      nginxError(script.timeOf(at + 300), id, {
        message: `open() "/srv/portal/public${request.slice(4, -9)}" failed (2: No such file or directory)`,
        context: `client: ${client}, server: ${PORTAL}, request: "${request}", host: "${PORTAL}"`,
      }),
    );
  }
}

/** What every address on the internet gets: the first of it is there at once. */
function census(script: Script): void {
  const { random } = script;
  const visits = [
    { at: 4 * SECOND, request: 'GET / HTTP/1.1', status: 200, agent: 'Mozilla/5.0 zgrab/0.x' },
    { at: 19 * MINUTE, request: 'GET /favicon.ico HTTP/1.1', status: 200, agent: 'Mozilla/5.0 zgrab/0.x' },
    { at: 33 * MINUTE, request: String.raw`\x16\x03\x01\x00\xEE\x01\x00`, status: 400, agent: '-' },
    { at: 47 * MINUTE, request: 'GET /.env HTTP/1.1', status: 404, agent: 'python-requests/2.32' },
  ];
  for (const { at, ...access } of visits) {
    const line = { ...access, client: outsiders.census, bytes: random.int(150, 160) };
    script.line(at, 'web-access', accessLine(script.timeOf(at), line));
  }
}

/** Jobs every five minutes, as every Linux has them. */
function cronJobs(script: Script, log: LogName): void {
  const { random } = script;
  for (let at = random.int(1, 59) * SECOND; at < HOUR; at += 5 * MINUTE) {
    const pid = random.int(3000, 29_000);
    const session = 'pam_unix(cron:session): session';
    authLine(script, at, {
      log,
      app: 'CRON',
      pid,
      message: `${session} opened for user root(uid=0) by root(uid=0)`,
    });
    authLine(script, at + SECOND, { log, app: 'CRON', pid, message: `${session} closed for user root` });
  }
}

/** Administrators who sign in with their keys, look after a service and leave. */
function administration(script: Script, log: LogName): void {
  const { random } = script;
  const commands = [
    '/usr/bin/systemctl status postfix',
    '/usr/bin/apt list --upgradable',
    '/usr/bin/df -h',
  ] as const;
  for (let at = random.int(2, 6) * MINUTE; at < HOUR - 5 * MINUTE; at += random.int(7, 13) * MINUTE) {
    const { user, address } = random.pick(administrators);
    const pid = random.int(3000, 29_000);
    const port = random.int(40_000, 60_000);
    const ssh = (offsetMs: number, message: string): void => {
      authLine(script, at + offsetMs, { log, app: 'sshd', pid, message });
    };
    if (random.next() < 0.2) {
      ssh(-6 * SECOND, `Failed password for ${user} from ${address} port ${port - 1} ssh2`);
    }
    ssh(
      0,
      `Accepted publickey for ${user} from ${address} port ${port} ssh2: ED25519 SHA256:${random.hex(40)}`,
    );
    ssh(200, `pam_unix(sshd:session): session opened for user ${user}(uid=1004) by ${user}(uid=0)`);
    const sudo = `${user} : TTY=pts/0 ; PWD=/home/${user} ; USER=root ; COMMAND=${random.pick(commands)}`;
    authLine(script, at + 20 * SECOND, { log, app: 'sudo', pid: pid + 40, message: sudo });
    ssh(3 * MINUTE, `Received disconnect from ${address} port ${port}:11: disconnected by user`);
    ssh(3 * MINUTE + 100, `Disconnected from user ${user} ${address} port ${port}`);
    ssh(3 * MINUTE + 200, `pam_unix(sshd:session): session closed for user ${user}`);
  }
}

const SECURITY = {
  SourceName: 'Microsoft-Windows-Security-Auditing',
  Channel: 'Security',
  SeverityValue: 2,
} as const;

/** Staff who sign in to the domain. */
function logons(script: Script): void {
  const { random } = script;
  for (let at = 3 * SECOND; at < HOUR; at += random.int(8, 40) * SECOND) {
    const person = random.pick(staff);
    const logonId = `0x${random.hex(7)}`;
    const target = { TargetUserName: person.user, TargetDomainName: DOMAIN };
    const events = [
      {
        EventID: 4768,
        ...target,
        ServiceName: 'krbtgt',
        Status: '0x0',
        TicketEncryptionType: '0x12',
        IpAddress: `::ffff:${person.address}`,
      },
      {
        EventID: 4624,
        ...target,
        LogonType: 3,
        LogonProcessName: 'Kerberos',
        AuthenticationPackageName: 'Kerberos',
        WorkstationName: person.workstation,
        TargetLogonId: logonId,
        IpAddress: person.address,
        IpPort: random.int(49_200, 65_000),
      },
      { EventID: 4634, ...target, LogonType: 3, TargetLogonId: logonId },
    ];
    for (const [index, event] of events.entries()) {
      const moment = at + index * 350;
      const line = windowsLine(script.timeOf(moment), { ...SECURITY, EventType: 'AUDIT_SUCCESS', ...event });
      script.line(moment, 'dc-events', line);
    }
  }
}

const SYSTEM32 = 'C:\\Windows\\System32';

/** Image, arguments and parent of what a domain controller starts by itself. */
const SERVICES: readonly [readonly [string, string, string], ...(readonly [string, string, string])[]] = [
  [`${SYSTEM32}\\svchost.exe`, ' -k netsvcs -p -s Schedule', `${SYSTEM32}\\services.exe`],
  [`${SYSTEM32}\\svchost.exe`, ' -k LocalServiceNetworkRestricted -p', `${SYSTEM32}\\services.exe`],
  [`${SYSTEM32}\\taskhostw.exe`, ' Install', `${SYSTEM32}\\svchost.exe`],
  [`${SYSTEM32}\\dfsrs.exe`, '', `${SYSTEM32}\\services.exe`],
  [`${SYSTEM32}\\wbem\\WmiPrvSE.exe`, ' -secured -Embedding', `${SYSTEM32}\\svchost.exe`],
];

function controllerProcesses(script: Script): void {
  const { random } = script;
  for (let at = 30 * SECOND; at < HOUR; at += random.int(40, 120) * SECOND) {
    const [image, args, parent] = random.pick(SERVICES);
    const line = windowsLine(script.timeOf(at), {
      SourceName: 'Microsoft-Windows-Sysmon',
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      EventType: 'INFO',
      EventID: 1,
      ProcessGuid: `{${random.hex(8)}-0000-0000-0000-${random.hex(12)}}`,
      ProcessId: random.int(1000, 9000),
      Image: image,
      CommandLine: `${image}${args}`,
      User: 'NT AUTHORITY\\SYSTEM',
      IntegrityLevel: 'System',
      ParentImage: parent,
      ParentCommandLine: parent,
      Computer: hosts.controller.name,
    });
    script.line(at, 'dc-events', line);
  }
}
