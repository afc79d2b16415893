import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { root } from '../faults/canh-process.ts';

const run = promisify(execFile);

/** A Node older than 24, as Debian has it; where there is none, the launcher needs no child. */
async function olderNode(): Promise<string | undefined> {
  for (const path of ['/usr/bin/node', '/usr/bin/nodejs', '/usr/local/bin/node']) {
    const version = await run(path, ['--version']).then(
      ({ stdout }) => stdout,
      () => undefined,
    );
    if (version !== undefined && Number.parseInt(version.slice(1), 10) < 24) return path;
  }
  return undefined;
}

describe('launcher', () => {
  const directory = mkdtempSync(join(tmpdir(), 'canh-launcher-'));
  const launcher = join(root, 'bin', 'launcher.js');
  after(() => rmSync(directory, { recursive: true, force: true }));

  it('runs a TypeScript program with its arguments, and gives its exit code back', async () => {
    writeFileSync(
      join(directory, 'code.ts'),
      'const code: number = Number(process.argv[2]); process.exitCode = code;',
    );
    const code = await run(process.execPath, [launcher, 'code.ts', '7'], { cwd: directory }).then(
      () => 0,
      (error: { code: number }) => error.code,
    );
    expect(code).to.equal(7);
  });

  it('a program that it started ends when it is killed', async function () {
    const node = await olderNode();
    if (node === undefined) {
      process.stderr.write('SKIPPED: no Node older than 24 here, so the launcher starts no second process\n');
      this.skip();
    }
    const config = join(directory, 'canh.yaml');
    writeFileSync(config, `listen: 127.0.0.1:0\ndata: ${join(directory, 'data')}\nlog_level: error\n`);
    const canh = spawn(node, [join(root, 'bin', 'canh'), 'up', '--config', config], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(canh.stdout, 'data')) as [Buffer];
    const address = /http:\S+/.exec(line.toString())?.[0] ?? '';
    expect((await fetch(`${address}/health`)).status).to.equal(200);
    canh.kill('SIGKILL');
    let alive = true;
    while (alive) {
      alive = await fetch(`${address}/health`).then(
        () => true,
        () => false,
      );
      await wait(50);
    }
  });
});
