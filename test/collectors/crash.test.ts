import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createBench, recordsOf, seeded } from './fixture.ts';

const KILLS = 6;
const FILES = 8;
const LINES = 25_000;
const SEED = 20_261_124;

describe('Spool and Follower, killed at random moments', () => {
  it('keep every line once, and number without a gap', async function () {
    this.timeout(60_000);
    const bench = createBench();
    const random = seeded(SEED);
    for (let file = 0; file < FILES; file += 1) {
      const lines = Array.from({ length: LINES }, (_, i) => `${String(file)}-${String(i)} ${'x'.repeat(60)}`);
      writeFileSync(join(bench.directory, `${String(file)}.log`), `${lines.join('\n')}\n`);
    }
    let kills = 0;
    for (let run = 0; ; run += 1) {
      const killAfterMs = kills < KILLS ? random() * 120 : undefined;
      const outcome = await runChild(bench.directory, `r${String(run)}`, killAfterMs);
      if (outcome === 'killed') kills += 1;
      else break;
    }
    const spool = bench.spool();
    const records = recordsOf(spool);
    await spool.close();
    bench.dispose();
    expect(kills, 'kills that met a running child').to.be.greaterThan(2);
    const lines = records.filter(({ input }) => input === 'f').map(({ line }) => String(line));
    expect(lines).to.have.length(FILES * LINES);
    expect(new Set(lines).size).to.equal(FILES * LINES);
    expectUnbroken(records);
  });
});

type Records = ReturnType<typeof recordsOf>;

/** Numbers from 1 by one in each epoch, and each epoch's first record naming the epoch before it. */
function expectUnbroken(records: Records): void {
  let before: Records[number] | undefined;
  for (const record of records) {
    if (record.epoch === before?.epoch) {
      if (record.seq !== before.seq + 1) expect.fail(`gap before ${record.epoch} ${String(record.seq)}`);
    } else {
      expect(record.seq).to.equal(1);
      expect(record.previous).to.deep.equal(
        before === undefined ? null : { epoch: before.epoch, seq: before.seq },
      );
    }
    before = record;
  }
}

/** Runs the child; kills it some time after it has started, unless it is done before. */
async function runChild(
  directory: string,
  epoch: string,
  killAfterMs: number | undefined,
): Promise<'killed' | 'done'> {
  const script = fileURLToPath(new URL('crash-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, directory, epoch], { stdio: ['ignore', 'pipe', 'inherit'] });
  let done = false;
  child.stdout.on('data', (text: Buffer) => {
    done ||= text.includes('done');
    if (text.includes('started') && killAfterMs !== undefined)
      setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0 && code !== null) throw new Error(`the child failed with ${String(code)}`);
  return done ? 'done' : 'killed';
}
