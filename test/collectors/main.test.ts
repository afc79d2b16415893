import { createSocket } from 'node:dgram';
import { appendFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { startCollector, type Collector } from '../../collectors/index.ts';
import type { TcpInput } from '../../collectors/syslog/tcp.ts';
import { openSqliteBus } from '../../platform/bus/sqlite.ts';
import type { Bus } from '../../platform/bus/port.ts';
import { configSchema } from '../../platform/config/schema.ts';
import { decodeEntry, isTick, type LogRecord } from '../../platform/record.ts';
import { createRegistry } from '../../platform/metrics.ts';
import { createBench, until, type Bench } from './fixture.ts';

describe('startCollector', () => {
  let bench: Bench;
  let bus: Bus;
  let collector: Collector | undefined;
  let registry = createRegistry({ processMetrics: false });

  const start = async (inputs: readonly object[], extra: object = {}): Promise<Collector> => {
    const config = configSchema.parse({ collector: { agency: 'ct', id: 'host-1', inputs } });
    registry = createRegistry({ processMetrics: false });
    const { log } = bench;
    collector = await startCollector(config, {
      bus,
      log,
      registry,
      directory: join(bench.directory, 'c'),
      ...extra,
    });
    return collector;
  };
  const records = async (): Promise<readonly LogRecord[]> =>
    (await bus.read('canh.records', 0, 1, { messages: 1e5, bytes: 1e9 }))
      .map(({ value }) => decodeEntry(value))
      .filter((entry): entry is LogRecord => !isTick(entry));

  beforeEach(() => {
    bench = createBench();
    bus = openSqliteBus(join(bench.directory, 'bus.db'));
  });
  afterEach(async () => {
    await collector?.stop();
    await bus.close();
    bench.dispose();
  });

  it('brings lines of every kind of input to the bus', async () => {
    const file = join(bench.directory, 'auth.log');
    writeFileSync(file, 'from a file\n');
    const stdin = new PassThrough();
    const running = await start(
      [
        { type: 'file', id: 'auth', paths: [file], product: 'linux', zone: 'Asia/Ho_Chi_Minh' },
        { type: 'syslog', id: 'tcp', listen: '127.0.0.1:0', protocol: 'tcp' },
        { type: 'syslog', id: 'udp', listen: '127.0.0.1:0' },
        { type: 'stdin' },
      ],
      { stdin },
    );
    const port = (id: string): number => (running.inputs().get(id) as TcpInput).address()?.port ?? 0;
    connect(port('tcp'), '127.0.0.1').end('<13>over tcp\n');
    const sender = createSocket('udp4');
    sender.send('<13>over udp', port('udp'), '127.0.0.1', () => sender.close());
    stdin.end('from stdin\n');
    await until(async () => (await records()).length === 4);
    const seen = (await records()).map(({ agency, collector: id, input, line, hints }) => [
      agency,
      id,
      input,
      line,
      hints,
    ]);
    expect(seen).to.have.deep.members([
      ['ct', 'host-1', 'auth', 'from a file', { product: 'linux', zone: 'Asia/Ho_Chi_Minh' }],
      ['ct', 'host-1', 'tcp', '<13>over tcp', { format: 'syslog' }],
      ['ct', 'host-1', 'udp', '<13>over udp', { format: 'syslog' }],
      ['ct', 'host-1', 'stdin', 'from stdin', {}],
    ]);
    expect(running.health().map(({ name, state }) => `${name} ${state}`)).to.deep.equal([
      'collector.spool ok',
      'collector.ship ok',
      'collector.input.auth ok',
      'collector.input.tcp ok',
      'collector.input.udp ok',
      'collector.input.stdin ok',
    ]);
    const metrics = await registry.metrics();
    expect(metrics).to.include('canh_collector_records_received_total{input="auth"} 1');
    expect(metrics).to.match(/canh_collector_file_lag_bytes\{input="auth",path="[^"]*auth.log"\} 0/);
  });

  it('goes on where it stopped, in a new epoch that names the old one', async () => {
    const file = join(bench.directory, 'a.log');
    for (const line of ['one', 'two']) {
      appendFileSync(file, `${line}\n`);
      await start([{ type: 'file', paths: [file] }]);
      await until(async () => (await records()).some((record) => record.line === line));
      await collector?.stop();
    }
    const [first, second] = await records();
    expect([first?.line, second?.line]).to.deep.equal(['one', 'two']);
    expect(second?.previous).to.deep.equal({ epoch: first?.epoch, seq: 1 });
    expect(second?.epoch)
      .to.match(/^[0-9a-f]{16}$/)
      .and.not.equal(first?.epoch);
  });

  it('keeps the other inputs running when one cannot start, and starts it when it can', async () => {
    const blocker = createSocket('udp4');
    await new Promise<void>((resolve) => blocker.bind(0, '127.0.0.1', resolve));
    const listen = `127.0.0.1:${String(blocker.address().port)}`;
    const file = join(bench.directory, 'a.log');
    writeFileSync(file, 'fine\n');
    const running = await start([
      { type: 'syslog', id: 'taken', listen },
      { type: 'file', paths: [file] },
    ]);
    await until(async () => (await records()).length === 1);
    const state = (): string | undefined =>
      running.health().find(({ name }) => name === 'collector.input.taken')?.state;
    expect(state()).to.equal('failed');
    expect(bench.log.entries.map(({ fields }) => fields['code'])).to.include('listen_failed');
    await new Promise<void>((resolve) => blocker.close(() => resolve()));
    await until(() => state() === 'ok');
  });

  it('refuses two inputs of one id', async () => {
    const twice = { type: 'syslog', listen: '127.0.0.1:0', protocol: 'tcp' };
    const failure = await start([twice, twice]).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.include({ code: 'config_invalid' });
  });

  it('refuses a directory that cannot be written', async () => {
    writeFileSync(join(bench.directory, 'c'), 'a file in the way');
    const failure = await start([]).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.include({ code: 'data_unwritable' });
  });

  it('stops also while the spool is full and the bus is down', async () => {
    const file = join(bench.directory, 'a.log');
    writeFileSync(file, `${'line '.repeat(20)}\n`.repeat(25_000));
    const down: Bus = { ...bus, append: async () => await Promise.reject(new Error('down')) };
    const running = await start([{ type: 'file', paths: [file] }], {
      bus: down,
      spoolBytesMax: 1000,
      stopMsMax: 20,
    });
    await until(() =>
      running.health().every(({ name, state }) => state === 'degraded' || name.includes('.input.')),
    );
    await running.stop();
    collector = undefined;
    await start([{ type: 'file', paths: [file] }]);
    await until(async () => (await bus.lag('none', 'canh.records', 0)) >= 25_000);
  });
});
