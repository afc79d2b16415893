import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killRun } from '../faults/kill.ts';

describe('canh up', () => {
  const seed = Number(process.env['CANH_TEST_SEED'] ?? 20261123);
  const directory = mkdtempSync(join(tmpdir(), 'canh-soak-'));
  after(() => rmSync(directory, { recursive: true, force: true }));

  it(`killed twenty times while it reads a million lines (seed ${seed}) loses none and doubles none`, async () => {
    await killRun({ directory, lines: 1_000_000, kills: 20, seed, lifeMsMax: 16_000 });
  });
});
