import { hosts } from './city.ts';
import type { LogName, Script } from './step.ts';

/** The city's clocks stand on Indochina Time, all year. */
const ZONE_MS = 7 * 3_600_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-11-23T08:00:00.000+07:00` */
function isoTime(time: number): string {
  return `${new Date(time + ZONE_MS).toISOString().slice(0, -1)}+07:00`;
}

/** `23/Nov/2026:08:00:00 +0700` */
function clfTime(time: number): string {
  const iso = isoTime(time);
  const month = MONTHS[Number(iso.slice(5, 7)) - 1] ?? '';
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0700`;
}

/** A line of rsyslog as Debian writes it to `auth.log`. */
function syslogLine(time: number, host: string, tag: string, message: string): string {
  return `${isoTime(time)} ${host} ${tag}: ${message}`;
}

/** The same over the wire (RFC 5424), facility authpriv. */
function wireLine(time: number, host: string, app: string, rest: { pid: number; message: string }): string {
  return `<86>1 ${isoTime(time)} ${host} ${app} ${rest.pid} - - ${rest.message}`;
}

export interface Access {
  readonly client: string;
  readonly request: string;
  readonly status: number;
  readonly bytes: number;
  readonly agent: string;
  readonly referrer?: string;
}

/** A request in nginx's combined format with its time at the end. */
export function accessLine(time: number, access: Access): string {
  const { client, request, status, bytes, agent, referrer = '-' } = access;
  const seconds = (0.002 + (bytes % 97) / 1000).toFixed(3);
  return `${client} - - [${clfTime(time)}] "${request}" ${status} ${bytes} "${referrer}" "${agent}" ${seconds}`;
}

/** A line of nginx's error log. */
export function nginxError(
  time: number,
  connection: number,
  rest: { message: string; context: string },
): string {
  const local = isoTime(time).slice(0, 19).replaceAll('-', '/').replace('T', ' ');
  return `${local} [error] 812#812: *${connection} ${rest.message}, ${rest.context}`;
}

/** A Windows event as NXLog ships it: System and event data side by side. */
export function windowsLine(time: number, event: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ EventTime: isoTime(time), Hostname: hosts.controller.name, ...event });
}

/** One audited system call as auditd writes it: records of one serial number. */
export function auditLines(
  time: number,
  serial: number,
  call: { readonly exe: string; readonly argv: readonly string[]; readonly pid: number },
): readonly string[] {
  const stamp = `audit(${(time / 1000).toFixed(3)}:${serial})`;
  const comm = call.exe.slice(call.exe.lastIndexOf('/') + 1);
  const args = call.argv.map((arg, index) => `a${index}=${quoteAudit(arg)}`).join(' ');
  const title = Buffer.from(call.argv.join('\0')).toString('hex').toUpperCase();
  return [
    `type=SYSCALL msg=${stamp}: arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d1 a2=55d2 a3=8 items=2 ppid=2204 pid=${call.pid} auid=4294967295 uid=33 gid=33 euid=33 suid=33 fsuid=33 egid=33 sgid=33 fsgid=33 tty=(none) ses=4294967295 comm="${comm}" exe="${call.exe}" subj=unconfined key="www-exec"`,
    `type=EXECVE msg=${stamp}: argc=${call.argv.length} ${args}`,
    `type=CWD msg=${stamp}: cwd="/srv/portal/public/tai-len/2026/11"`,
    `type=PROCTITLE msg=${stamp}: proctitle=${title}`,
  ];
}

/** auditd writes an argument with blanks or quotes as hexadecimal. */
function quoteAudit(arg: string): string {
  return /[\s"]/.test(arg) ? Buffer.from(arg).toString('hex').toUpperCase() : `"${arg}"`;
}

/** Writes a line of a host's `auth.log`, or sends it where that host ships over the wire. */
export function authLine(
  script: Script,
  atMs: number,
  entry: { readonly log: LogName; readonly app: string; readonly pid: number; readonly message: string },
): void {
  const { log, app, pid, message } = entry;
  const time = script.timeOf(atMs);
  const text =
    log === 'syslog'
      ? wireLine(time, hosts.documents.name, app, { pid, message })
      : syslogLine(time, hosts.mail.name, `${app}[${pid}]`, message);
  script.line(atMs, log, text);
}
