import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';

const sigma = join(import.meta.dirname, '../../sigma');

describe('sigma/README.md', () => {
  const readme = readFileSync(join(sigma, 'README.md'), 'utf8');

  it('shows a use that works as pasted', () => {
    const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'canh-readme-'));
    const file = join(folder, 'use.ts');
    writeFileSync(file, code.replace('./sigma/index.ts', pathToFileURL(join(sigma, 'index.ts')).href));
    const said = execFileSync(process.execPath, [file], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(said).to.include('Somebody asks who he is').and.to.include('whoami.exe');
  }).timeout(20_000);
});
