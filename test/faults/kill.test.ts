import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killRun } from './kill.ts';

describe('canh up', () => {
  const seed = Number(process.env['CANH_TEST_SEED'] ?? 20261123);
  const directory = mkdtempSync(join(tmpdir(), 'canh-kill-'));
  after(() => rmSync(directory, { recursive: true, force: true }));

  it(`killed at random moments (seed ${seed}) loses no line and doubles none`, async function () {
    this.timeout(120_000);
    await killRun({ directory, lines: 30_000, kills: 5, seed, lifeMsMax: 1500 });
  });
});
