import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { root } from '../faults/canh-process.ts';

const run = promisify(execFile);

describe('the package', function () {
  this.timeout(300_000);
  const directory = mkdtempSync(join(tmpdir(), 'canh-package-'));
  const command = join(directory, 'node_modules', '.bin', 'canh');
  let started: ChildProcess | undefined;
  after(() => {
    started?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  before(async () => {
    await run('npm', ['pack', '--pack-destination', directory], { cwd: root });
    const [tarball] = readdirSync(directory);
    writeFileSync(join(directory, 'package.json'), '{"private":true}');
    await run('npm', ['install', '--no-audit', '--no-fund', join(directory, String(tarball))], {
      cwd: directory,
    });
  });

  it('brings no TypeScript, and everything that it needs to run', () => {
    const files = readdirSync(join(directory, 'node_modules', 'canh'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).to.deep.equal([]);
    expect(existsSync(join(directory, 'node_modules', 'canh', 'ui', 'dist', 'index.html'))).to.equal(true);
  });

  it('runs canh detect with the rules that it brings', async () => {
    writeFileSync(
      join(directory, 'auth.log'),
      'Nov 23 10:00:00 mail01 sshd[812]: Accepted password for root from 203.0.113.9 port 50212 ssh2\n',
    );
    const rules = join(directory, 'node_modules', 'canh', 'rules');
    const { stdout } = await run(command, ['detect', '--rules', rules, 'auth.log'], { cwd: directory });
    expect(stdout).to.include('"title":"Root Login by SSH Password"');
  });

  it('runs canh up, which serves the console', async () => {
    const elsewhere = join(directory, 'elsewhere');
    mkdirSync(elsewhere);
    const env = { ...process.env, CANH_LISTEN: '127.0.0.1:0' };
    const canh = spawn(command, ['up', '--data', 'state'], {
      cwd: elsewhere,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started = canh;
    let output = '';
    for (const stream of [canh.stdout, canh.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    while (!output.includes('Canh is ready') && canh.exitCode === null) await once(canh.stdout, 'data');
    const address = /http:\S+/.exec(output)?.[0] ?? '';
    const page = await fetch(address);
    expect([page.status, (await page.text()).includes('<script type="module"')], output).to.deep.equal([
      200,
      true,
    ]);
    expect(output).to.match(/"rules":[1-9]\d/);
    canh.kill('SIGTERM');
    const [code] = (await once(canh, 'exit')) as [number];
    expect(code).to.equal(0);
  });
});
