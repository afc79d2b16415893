import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { demoConfig, files } from '../../demo/config.ts';
import { playDemo } from '../../demo/main.ts';
import { HOUR, scenario, type LogName } from '../../demo/scenario/index.ts';
import { configSchema } from '../../platform/config/schema.ts';

const SPEED = 36_000;
const START = Date.UTC(2026, 10, 23, 2);

/** A clock that moves on by a tenth of a second each time it is asked. */
function steppingClock(): { now(): number } {
  let time = START - 100;
  return { now: () => (time += 100) };
}

describe('playDemo', () => {
  let directory: string;
  let server: Server;
  let received: string;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'canh-demo-test-'));
    received = '';
    server = createServer((socket) => {
      socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    rmSync(directory, { recursive: true, force: true });
    server.close();
    await once(server, 'close');
  });

  const play = async (signal: AbortSignal, out: string[] = []): Promise<void> => {
    const syslogPort = (server.address() as AddressInfo).port;
    await playDemo({
      directory,
      speed: SPEED,
      signal,
      out: (line) => out.push(line),
      syslogPort,
      clock: steppingClock(),
    });
  };

  it('writes every line of the hour to the file or the socket of its host', async () => {
    await play(new AbortController().signal);
    const steps = scenario({ seed: 2026, start: START + HOUR / SPEED - HOUR });
    const expected = (log: LogName): string =>
      steps.flatMap((step) => (step.kind === 'line' && step.log === log ? [`${step.text}\n`] : [])).join('');
    for (const [log, name] of Object.entries(files)) {
      const path = join(directory, name);
      const rotated = existsSync(`${path}.1`) ? readFileSync(`${path}.1`, 'utf8') : '';
      expect(rotated + readFileSync(path, 'utf8'), log).to.equal(expected(log as LogName));
    }
    expect(received).to.equal(expected('syslog'));
  });

  it('rotates the access log in the middle', async () => {
    await play(new AbortController().signal);
    const path = join(directory, files['web-access']);
    expect(readFileSync(`${path}.1`, 'utf8')).to.include('POST /tai-len/');
    expect(readFileSync(path, 'utf8')).to.include('?cmd=');
  });

  it('says what is going on', async () => {
    const out: string[] = [];
    await play(new AbortController().signal, out);
    expect(out).to.have.length.above(6);
    expect(out[1]).to.match(/^03:00 {2}/);
  });

  it('stops when it is told to', async () => {
    const stopping = new AbortController();
    stopping.abort();
    const out: string[] = [];
    await play(stopping.signal, out);
    expect(out).to.have.length(1);
  });

  it('plays on where nobody listens for syslog', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const syslogPort = (gone.address() as AddressInfo).port;
    gone.close();
    const out: string[] = [];
    const { signal } = new AbortController();
    await playDemo({
      directory,
      speed: SPEED,
      signal,
      out: (line) => out.push(line),
      syslogPort,
      clock: steppingClock(),
    });
    expect(out.filter((line) => line.startsWith('Nobody listens'))).to.have.length(1);
    expect(readFileSync(join(directory, files['mail-auth']), 'utf8')).to.include('Accepted password');
  });
});

describe('demoConfig', () => {
  it('is a configuration', () => {
    const config = configSchema.parse(demoConfig('/demo'));
    expect(config.collector.agency).to.equal('soc');
    expect(config.collector.inputs).to.have.length(6);
  });
});
