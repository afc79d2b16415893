import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Input } from '../../collectors/input.ts';
import { journalCursor, journalInput } from '../../collectors/journal.ts';
import type { Spool } from '../../collectors/spool.ts';
import { createBench, linesOf, until, type Bench } from './fixture.ts';

const JOURNALD = '/lib/systemd/systemd-journald';
const signal = new AbortController().signal;

describe('journalInput', () => {
  let bench: Bench;
  let spool: Spool;
  let input: Input | undefined;
  beforeEach(() => {
    bench = createBench();
    spool = bench.spool();
  });
  afterEach(async () => {
    await input?.stop();
    await spool.close();
    bench.dispose();
  });

  /** A program that answers like journalctl from a file of entries, and can be told to end. */
  const script = (): { readonly command: string; readonly entries: string } => {
    const command = join(bench.directory, 'reader.sh');
    const entries = join(bench.directory, 'entries');
    writeFileSync(entries, '');
    writeFileSync(
      command,
      `#!/bin/sh\necho "$@" >> ${bench.directory}/calls\ncat ${entries}\nexec sleep 60\n`,
    );
    chmodSync(command, 0o755);
    return { command, entries };
  };
  const entry = (n: number): string =>
    JSON.stringify({ MESSAGE: `m${String(n)}`, __CURSOR: `s=1;i=${String(n)}` });

  it('keeps entries as they are, and the cursor of the last one with them', async () => {
    const { command, entries } = script();
    appendFileSync(entries, `${entry(1)}\n${entry(2)}\n{"cut off`);
    const deps = bench.deps(spool, 'j');
    input = journalInput({ command, arguments: [] }).create(
      'j',
      { type: 'journal', units: ['ssh.service'] },
      deps,
    );
    await input.start(bench.emit(spool, 'j'), signal);
    await until(() => linesOf(spool).length === 2);
    await input.stop();
    expect(linesOf(spool)).to.deep.equal([entry(1), entry(2)]);
    expect(spool.cursor('j', 'cursor')).to.equal('s=1;i=2');
    expect(deps.failures).to.deep.equal([]);
    input = journalInput({ command, arguments: ['--x'] }).create('j', { type: 'journal', units: [] }, deps);
    await input.start(bench.emit(spool, 'j'), signal);
    const calls = (): readonly string[] =>
      readFileSync(join(bench.directory, 'calls'), 'utf8').trim().split('\n');
    await until(() => calls().length === 2);
    expect(calls()[0]).to.equal('--output=json --all --quiet --follow --no-tail --unit=ssh.service');
    expect(calls()[1]).to.match(/^--x .*--after-cursor=s=1;i=2$/);
  });

  it('tells when the program ends, with what it complained about', async () => {
    const command = join(bench.directory, 'fails.sh');
    writeFileSync(command, '#!/bin/sh\necho no journal here >&2\nexit 3\n');
    chmodSync(command, 0o755);
    const deps = bench.deps(spool, 'j');
    input = journalInput({ command, arguments: [] }).create('j', { type: 'journal', units: [] }, deps);
    await input.start(bench.emit(spool, 'j'), signal);
    await until(() => deps.failures.length === 1);
    expect(deps.failures[0]).to.include({ code: 'input_failed' });
    expect(String(deps.failures[0])).to.match(/ended \(exit 3\)\. no journal here/);
  });

  it('says so when the program is not installed', async () => {
    const command = join(bench.directory, 'absent');
    input = journalInput({ command, arguments: [] }).create(
      'j',
      { type: 'journal', units: [] },
      bench.deps(spool, 'j'),
    );
    const failure = await input.start(bench.emit(spool, 'j'), signal).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.include({ code: 'input_unreadable' });
    expect(String(failure)).to.match(/is not installed/);
  });

  it('reads a real journal, and goes on after its cursor', async function () {
    if (!existsSync(JOURNALD) || process.getuid?.() !== 0) {
      process.stdout.write(
        'SKIPPED: no systemd-journald that may be started; the real journal was not read.\n',
      );
      this.skip();
    }
    const namespace = `canhtest${String(process.pid)}`;
    const machine = readFileSync('/etc/machine-id', 'utf8').trim();
    const stored = ['/var/log/journal', '/run/log/journal'].map((base) =>
      join(base, `${machine}.${namespace}`),
    );
    const journald: ChildProcess = spawn(JOURNALD, [namespace], { stdio: 'ignore' });
    try {
      const socket = `/run/systemd/journal.${namespace}/dev-log`;
      await until(() => existsSync(socket));
      const log = (text: string): void =>
        void execFileSync('/usr/bin/logger', ['-u', socket, '-t', 'canh', text]);
      const reader = { command: 'journalctl', arguments: [`--namespace=${namespace}`] };
      const messages = (): readonly string[] =>
        linesOf(spool)
          .map((line) => JSON.parse(line) as { MESSAGE: string; SYSLOG_IDENTIFIER: string })
          .filter((each) => each.SYSLOG_IDENTIFIER === 'canh')
          .map((each) => each.MESSAGE);
      for (const text of ['first đăng nhập', 'second']) {
        input = journalInput(reader).create('j', { type: 'journal', units: [] }, bench.deps(spool, 'j'));
        await input.start(bench.emit(spool, 'j'), signal);
        log(text);
        await until(() => messages().includes(text));
        await input.stop();
      }
      expect(messages()).to.deep.equal(['first đăng nhập', 'second']);
    } finally {
      const gone = new Promise((resolve) => journald.once('exit', resolve));
      journald.kill();
      await gone;
      for (const path of stored) rmSync(path, { recursive: true, force: true });
      rmSync(`/run/systemd/journal.${namespace}`, { recursive: true, force: true });
    }
  });
});

describe('journalCursor', () => {
  const rows: readonly (readonly [line: string | Uint8Array | undefined, cursor: string | undefined])[] = [
    ['{"__CURSOR":"s=1"}', 's=1'],
    ['{"MESSAGE":"\\"__CURSOR\\":\\"forged\\"","__CURSOR":"s=1"}', 's=1'],
    ['{"__CURSOR":5}', undefined],
    [`{"__CURSOR":"${'x'.repeat(1025)}"}`, undefined],
    ['{"MESSAGE":"x"}', undefined],
    ['no json', undefined],
    ['null', undefined],
    [Uint8Array.of(0xff), undefined],
    [undefined, undefined],
  ];
  for (const [line, cursor] of rows) {
    it(`${String(line).slice(0, 40)} has ${cursor ?? 'none'}`, () => {
      expect(journalCursor(line)).to.equal(cursor);
    });
  }
});
