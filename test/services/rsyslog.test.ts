import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JsonObject } from '../../platform/event.ts';
import { root, startCanh, type CanhProcess } from '../faults/canh-process.ts';
import { countsOf, until, untilEvents, valueAt } from './indexed.ts';
import {
  fileAction,
  findProgram,
  forwardAction,
  HOST,
  startRsyslog,
  type Forward,
  type Rsyslog,
} from './rsyslog-process.ts';

const FAILED_LOGIN = 'Failed password for invalid user hanh from 203.0.113.77 port 40022 ssh2';
const BURST = 10_000;
const QUEUED = 3000;
/** Lines of one `logger` where lines keep flowing. */
const FLOW_BATCH = 20;
/** rsyslog sends a line again whose sending failed, though it had arrived: one for each time that it finds nobody. */
const SENT_AGAIN_MAX = 5;
/** Larger logs of the machine are left out, so that the test reads little. */
const LOG_BYTES_MAX = 1024 * 1024;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** The machine's own logs that can be read, with the number of lines that they have now. */
function machineLogs(): ReadonlyMap<string, number> {
  const logs = new Map<string, number>();
  for (const path of globSync('/var/log/{*,apt/*}.log')) {
    try {
      const { size } = statSync(path);
      const lines = size > LOG_BYTES_MAX ? '' : readFileSync(path, 'utf8');
      const count = lines.split('\n').slice(0, -1).filter(Boolean).length;
      if (count > 0) logs.set(path, count);
    } catch {
      // Not every log is readable by everybody.
    }
  }
  return logs;
}

function numbered(count: number, from = 0): readonly string[] {
  return Array.from({ length: count }, (_, n) => `number ${from + n}`);
}

/** How often each message came. */
function timesOf(events: readonly JsonObject[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const event of events) {
    const message = valueAt(event, 'message');
    if (typeof message === 'string') times.set(message, (times.get(message) ?? 0) + 1);
  }
  return times;
}

/**
 * Every line came. Syslog over TCP has no acknowledgement (RFC 6587, section 3.1), so rsyslog cannot know whether a line
 * arrived whose sending failed, and sends it again; that much is allowed, and said.
 */
function expectAll(events: readonly JsonObject[], lines: readonly string[]): void {
  const times = timesOf(events);
  const missing = lines.filter((line) => !times.has(line));
  expect(missing).to.deep.equal([]);
  const again = lines.reduce((sum, line) => sum + (times.get(line) ?? 0) - 1, 0);
  if (again > 0) process.stdout.write(`      rsyslog sent ${again} of ${lines.length} lines twice\n`);
  expect(again).to.be.at.most(SENT_AGAIN_MAX);
}

describe('canh up behind a real rsyslog', function () {
  this.timeout(300_000);
  const directory = mkdtempSync(join(tmpdir(), 'canh-rsyslog-'));
  const index = join(directory, 'data', 'index');
  const logs = join(directory, 'logs');
  const config = join(directory, 'canh.yaml');
  let machine: ReadonlyMap<string, number> = new Map();
  let ports = { tcp: 0, udp: 0 };
  let canh: CanhProcess | undefined;
  let rsyslog: Rsyslog | undefined;

  const startAgain = async (): Promise<void> => {
    canh = startCanh(['up', '--config', config]);
    await canh.ready();
  };
  const stop = async (): Promise<void> => {
    await canh?.end('SIGTERM');
    canh = undefined;
  };

  before(async function () {
    const missing = ['rsyslogd', 'logger'].filter((name) => findProgram(name) === undefined);
    if (missing.length > 0) {
      process.stderr.write(
        `SKIPPED: canh up behind a real rsyslog: ${missing.join(' and ')} not installed (Debian: rsyslog, bsdutils)\n`,
      );
      return this.skip();
    }
    ports = { tcp: await freePort(), udp: await freeUdpPort() };
    mkdirSync(logs);
    machine = machineLogs();
    const paths = [join(logs, '*.log'), ...machine.keys()];
    writeFileSync(
      config,
      `listen: 127.0.0.1:0
data: ${join(directory, 'data')}
rules: [${join(root, 'rules')}]
collector:
  id: soc
  inputs:
    - { type: file, paths: ${JSON.stringify(paths)} }
    - { type: syslog, listen: "127.0.0.1:${ports.tcp}", protocol: tcp, product: linux }
    - { type: syslog, listen: "127.0.0.1:${ports.udp}", protocol: udp, product: linux }
`,
    );
    await startAgain();
  });
  afterEach(async () => {
    await rsyslog?.end('SIGTERM');
    rsyslog = undefined;
  });
  after(async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const expectFailedLogin = (event: JsonObject | undefined, pid: number): void => {
    if (event === undefined) throw new Error('no event');
    const expected = {
      'event.category': ['authentication'],
      'event.type': ['start'],
      'event.action': 'ssh_login',
      'event.outcome': 'failure',
      'user.name': 'hanh',
      'source.ip': '203.0.113.77',
      'source.port': 40_022,
      'process.name': 'sshd',
      'process.pid': pid,
      'host.name': HOST,
    };
    const actual = Object.keys(expected).map((path) => [path, valueAt(event, path)]);
    expect(Object.fromEntries(actual)).to.deep.equal(expected);
  };

  it("the machine's own logs are read, every line of them", async () => {
    const enough = (counts: ReadonlyMap<string, number>): boolean =>
      [...machine].every(([path, lines]) => (counts.get(path) ?? 0) >= lines);
    await until(() => countsOf(index, 'log.file.path'), enough, `of ${machine.size} files`);
    const lines = [...machine.values()].reduce((sum, count) => sum + count, 0);
    process.stdout.write(`      ${machine.size} files of /var/log, ${lines} lines\n`);
  });

  const forwards: readonly (Omit<Forward, 'port'> & { readonly name: string })[] = [
    { name: 'TCP by line, RFC 3164', protocol: 'tcp', template: 'RSYSLOG_TraditionalForwardFormat' },
    { name: 'TCP by line, ISO times', protocol: 'tcp', template: 'RSYSLOG_ForwardFormat' },
    { name: 'TCP by line, RFC 5424', protocol: 'tcp', template: 'RSYSLOG_SyslogProtocol23Format' },
    {
      name: 'TCP by octet count, RFC 3164',
      protocol: 'tcp',
      framing: 'octet-counted',
      template: 'RSYSLOG_TraditionalForwardFormat',
    },
    {
      name: 'TCP by octet count, RFC 5424',
      protocol: 'tcp',
      framing: 'octet-counted',
      template: 'RSYSLOG_SyslogProtocol23Format',
    },
    { name: 'UDP, RFC 3164', protocol: 'udp', template: 'RSYSLOG_TraditionalForwardFormat' },
    { name: 'UDP, RFC 5424', protocol: 'udp', template: 'RSYSLOG_SyslogProtocol23Format' },
  ];

  forwards.forEach(({ name, ...forward }, n) => {
    it(`a failed ssh login comes as an event with its ECS fields: ${name}`, async () => {
      const pid = 800 + n;
      rsyslog = await startRsyslog({
        directory: join(directory, `rsyslog-${n}`),
        actions: forwardAction({ ...forward, port: ports[forward.protocol] }),
      });
      await rsyslog.log('sshd', pid, [FAILED_LOGIN]);
      const [event] = await untilEvents(index, `process.pid:${pid}`, (events) => events.length > 0);
      expectFailedLogin(event, pid);
    });
  });

  ['RSYSLOG_TraditionalFileFormat', 'RSYSLOG_FileFormat'].forEach((template, n) => {
    it(`a failed ssh login comes out of a file that rsyslog writes: ${template}`, async () => {
      const pid = 850 + n;
      const actions = fileAction(join(logs, `auth-${n}.log`), template);
      rsyslog = await startRsyslog({ directory: join(directory, `rsyslog-file-${n}`), actions });
      await rsyslog.log('sshd', pid, [FAILED_LOGIN]);
      const [event] = await untilEvents(index, `process.pid:${pid}`, (events) => events.length > 0);
      expectFailedLogin(event, pid);
    });
  });

  it('a file that was there before, and what is appended to it, comes by the same way', async () => {
    const copy = join(logs, 'copy.log');
    writeFileSync(copy, readFileSync(join(root, 'integrations/linux-auth/samples/sshd.log')));
    appendFileSync(copy, `Nov 23 10:00:00 ${HOST} sshd[900]: ${FAILED_LOGIN}\n`);
    const [event] = await untilEvents(index, 'process.pid:900', (events) => events.length > 0);
    expectFailedLogin(event, 900);
  });

  it('text outside ASCII comes whole where octets are counted', async () => {
    const lines = [
      'Failed password for invalid user nguyễn.văn.an from 203.0.113.78 port 40023 ssh2',
      'sau đó',
    ];
    const template = 'RSYSLOG_SyslogProtocol23Format';
    const forward: Forward = { port: ports.tcp, protocol: 'tcp', framing: 'octet-counted', template };
    rsyslog = await startRsyslog({
      directory: join(directory, 'rsyslog-utf8'),
      actions: forwardAction(forward),
    });
    await rsyslog.log('sshd', 901, lines);
    const events = await untilEvents(index, 'process.pid:901', (found) => found.length >= lines.length);
    expectAll(events, lines);
    expect(events.map((event) => valueAt(event, 'user.name'))).to.include('nguyễn.văn.an');
  });

  it(`a burst of ${BURST} lines comes whole, each once`, async () => {
    const template = 'RSYSLOG_SyslogProtocol23Format';
    const forward: Forward = { port: ports.tcp, protocol: 'tcp', framing: 'octet-counted', template };
    rsyslog = await startRsyslog({
      directory: join(directory, 'rsyslog-burst'),
      actions: forwardAction(forward),
    });
    await rsyslog.log('burst', 1, numbered(BURST));
    const events = await untilEvents(index, 'process.name:burst', (found) => found.length >= BURST);
    expect(events).to.have.length(BURST);
    expect(timesOf(events).size).to.equal(BURST);
  });

  for (const framing of ['traditional', 'octet-counted'] as const) {
    it(`lines that flow while Canh is stopped and started all come: ${framing}`, async () => {
      const tag = `flow-${framing}`;
      const sender = await startRsyslog({
        directory: join(directory, `rsyslog-${tag}`),
        actions: forwardAction({
          port: ports.tcp,
          protocol: 'tcp',
          framing,
          template: 'RSYSLOG_SyslogProtocol23Format',
          queue: 'disk-assisted',
        }),
      });
      rsyslog = sender;
      const lines: string[] = [];
      let flowing = true;
      const flow = async (): Promise<void> => {
        while (flowing) {
          const batch = numbered(FLOW_BATCH, lines.length);
          lines.push(...batch);
          await sender.log(tag, 1, batch);
        }
      };
      const done = flow();
      await untilEvents(index, `process.name:${tag}`, (found) => found.length > 0);
      await stop();
      await startAgain();
      flowing = false;
      await done;
      const enough = (found: readonly JsonObject[]): boolean => timesOf(found).size >= lines.length;
      expectAll(await untilEvents(index, `process.name:${tag}`, enough), lines);
    });
  }

  const ends = [
    { signal: 'SIGTERM', queue: 'disk-assisted' },
    { signal: 'SIGKILL', queue: 'disk' },
  ] as const;
  for (const { signal, queue } of ends) {
    it(`what a ${queue} queue holds when rsyslog ends by ${signal} and Canh is down comes later`, async () => {
      const lines = numbered(QUEUED);
      const tag = `queue-${queue}`;
      const seen = join(directory, `${tag}.txt`);
      const template = 'RSYSLOG_SyslogProtocol23Format';
      const options = {
        directory: join(directory, `rsyslog-${tag}`),
        actions: `${forwardAction({ port: ports.tcp, protocol: 'tcp', template, queue })}\n${fileAction(seen, template)}`,
      };
      await stop();
      const first = await startRsyslog(options);
      await first.log(tag, 1, lines);
      const read = async (): Promise<readonly string[]> =>
        existsSync(seen) ? readFileSync(seen, 'utf8').split('\n').slice(0, -1) : [];
      await until(read, (found) => found.length >= QUEUED, 'lines that rsyslog took');
      await first.end(signal);
      rsyslog = await startRsyslog(options);
      await startAgain();
      const enough = (found: readonly JsonObject[]): boolean => timesOf(found).size >= QUEUED;
      expectAll(await untilEvents(index, `process.name:${tag}`, enough), lines);
    });
  }
});
