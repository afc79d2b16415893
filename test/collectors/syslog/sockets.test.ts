import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { kernelDrops } from '../../../collectors/syslog/kernel-drops.ts';
import { TcpInput } from '../../../collectors/syslog/tcp.ts';
import { UdpInput } from '../../../collectors/syslog/udp.ts';
import type { Spool } from '../../../collectors/spool.ts';
import { createBench, linesOf, recordsOf, until, type Bench } from '../fixture.ts';

const config = { type: 'syslog', listen: '127.0.0.1:0' } as const;
const signal = new AbortController().signal;

describe('TcpInput', () => {
  let bench: Bench;
  let spool: Spool;
  let input: TcpInput;
  const clients: Socket[] = [];

  const start = async (connectionsMax = 100): Promise<void> => {
    input = new TcpInput('s', { ...config, protocol: 'tcp' }, { ...bench.deps(spool, 's'), connectionsMax });
    await input.start(bench.emit(spool, 's', { format: 'syslog' }));
  };
  const dial = async (): Promise<Socket> => {
    const socket = connect(input.address()?.port ?? 0, '127.0.0.1');
    socket.on('error', () => undefined);
    clients.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    return socket;
  };

  beforeEach(() => {
    bench = createBench();
    spool = bench.spool();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await input.stop();
    await spool.close();
    bench.dispose();
  });

  it('takes both framings from many senders, and says who sent', async () => {
    await start();
    const senders = await Promise.all(Array.from({ length: 20 }, dial));
    for (const [i, sender] of senders.entries()) {
      const text = `<13>from ${String(i)}`;
      sender.end(i % 2 === 0 ? `${text}\n` : `${String(text.length)} ${text}`);
    }
    await until(() => linesOf(spool).length === 20);
    expect(linesOf(spool).toSorted()).to.deep.equal(
      senders.map((_, i) => `<13>from ${String(i)}`).toSorted(),
    );
    expect(new Set(recordsOf(spool).map(({ path }) => path))).to.deep.equal(new Set(['127.0.0.1']));
    expect(recordsOf(spool)[0]?.hints).to.deep.equal({ format: 'syslog' });
  });

  it('takes the unfinished frame of a sender that closes', async () => {
    await start();
    (await dial()).end('<13>whole\n<13>half');
    await until(() => linesOf(spool).length === 2);
    expect(linesOf(spool)).to.deep.equal(['<13>whole', '<13>half']);
  });

  it('takes what arrived when it is stopped', async () => {
    await start();
    const sender = await dial();
    sender.write('<13>one\n<13>two');
    await until(() => linesOf(spool).length === 1);
    await input.stop();
    expect(linesOf(spool)).to.deep.equal(['<13>one', '<13>two']);
  });

  it('reads no faster than lines become durable, and loses none', async () => {
    let emitted = 0;
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    input = new TcpInput('s', { ...config, protocol: 'tcp' }, bench.deps(spool, 's'));
    await input.start(async ({ lines }) => {
      await gate;
      emitted += lines.length;
    });
    const sender = await dial();
    const line = `<13>${'x'.repeat(1000)}\n`;
    const count = 40_000;
    let sent = 0;
    while (sent < count && sender.write(line.repeat(100))) sent += 100;
    await until(() => sender.writableLength > 0);
    expect(emitted).to.equal(0);
    release();
    for (; sent < count; sent += 100) sender.write(line.repeat(100));
    sender.end();
    await until(() => emitted >= sent);
  });

  it('refuses a sender over the maximum, counts it, and makes room by closing one that was idle', async () => {
    await start(1);
    const first = await dial();
    first.write('<13>a\n');
    await until(() => linesOf(spool).length === 1);
    const second = await dial();
    await new Promise((resolve) => second.once('close', resolve));
    expect((await bench.metrics.dropped.get()).values[0]).to.deep.include({
      value: 1,
      labels: { input: 's', reason: 'connection_refused' },
    });
    expect(input.trouble()).to.match(/connections are in use/);
    bench.clock.time += 10 * 60_000;
    const third = await dial();
    third.write('<13>b\n');
    await until(() => linesOf(spool).length === 2);
  });

  it('says when it cannot listen', async () => {
    await start();
    const { port } = input.address() ?? { port: 0 };
    const taken = `127.0.0.1:${String(port)}`;
    const other = new TcpInput('t', { ...config, listen: taken, protocol: 'tcp' }, bench.deps(spool, 't'));
    const failure = await other.start(bench.emit(spool, 't')).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.have.property('code', 'listen_failed');
    await other.stop();
  });
});

describe('UdpInput', () => {
  let bench: Bench;
  let spool: Spool;
  let input: UdpInput;
  const sender = createSocket('udp4');
  const send = async (text: string | Buffer): Promise<void> => {
    const { port } = input.address() ?? { port: 0 };
    await new Promise((resolve) => sender.send(text, port, '127.0.0.1', resolve));
  };

  beforeEach(() => {
    bench = createBench();
    spool = bench.spool();
  });
  afterEach(async () => {
    await input.stop();
    await spool.close();
    bench.dispose();
  });
  after(() => sender.close());

  it('takes a datagram for a message', async () => {
    input = new UdpInput('u', { ...config, protocol: 'udp' }, bench.deps(spool, 'u'));
    await input.start(bench.emit(spool, 'u'));
    for (const text of ['<13>a', '<13>b\n', '<13>c\nd', '\n', Buffer.of(0x3c, 0xff, 0x0a)]) await send(text);
    await until(() => linesOf(spool).length === 4);
    expect(linesOf(spool)).to.deep.equal(['<13>a', '<13>b', '<13>c\nd', '<\xff']);
    expect(recordsOf(spool)[0]?.path).to.equal('127.0.0.1');
    await input.stop();
  });

  it('drops and counts what the queue does not hold, and recovers', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let emitted = 0;
    input = new UdpInput(
      'u',
      { ...config, protocol: 'udp' },
      { ...bench.deps(spool, 'u'), queueBytesMax: 1000 },
    );
    await input.start(async ({ lines }) => {
      await gate;
      emitted += lines.length;
    });
    const dropped = async (): Promise<number> =>
      (await bench.metrics.dropped.get()).values.find(({ labels }) => labels.reason === 'udp_queue_full')
        ?.value ?? 0;
    for (let i = 0; i < 10; i += 1) await send(`<13>${'x'.repeat(100)}`);
    await until(async () => (await dropped()) === 7);
    expect(input.trouble()).to.match(/dropped/);
    release();
    await until(() => emitted === 3);
    await send('<13>again');
    await until(() => emitted === 4);
    expect(input.trouble()).to.equal(undefined);
    expect(signal.aborted).to.equal(false);
  });
});

describe('kernelDrops', () => {
  const table = [
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
    '  100: 0100007F:1592 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 11 2 0000000000000000 17',
    '  101: 00000000:1592 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12 2 0000000000000000 3',
    '  102: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 13 2 0000000000000000 5',
    '',
  ].join('\n');
  const rows: readonly (readonly [table: string, port: number, drops: number])[] = [
    [table, 0x1592, 20],
    [table, 53, 5],
    [table, 514, 0],
    ['', 514, 0],
  ];
  for (const [text, port, drops] of rows) {
    it(`finds ${String(drops)} drops of port ${String(port)}`, () => {
      expect(kernelDrops(text, port)).to.equal(drops);
    });
  }
});
