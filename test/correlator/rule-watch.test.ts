import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { signatureOf, watchRules, type RuleWatch } from '../../correlator/rule-watch.ts';
import { createLogger } from '../../platform/log.ts';
import { until } from './correlator-run.ts';

const LOOK_MS = 10;

describe('rule directories', () => {
  let directory = '';
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'canh-rules-'));
    mkdirSync(join(directory, 'linux'));
    write('linux/a.yml', 'title: a');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  describe('signatureOf', () => {
    const changes: readonly (readonly [what: string, change: () => void])[] = [
      ['a file that comes', () => write('b.yaml', '')],
      ['a file that goes', () => rmSync(join(directory, 'linux/a.yml'))],
      ['a file that grows', () => write('linux/a.yml', 'title: ab')],
      ['a file that is written again', () => utimesSync(join(directory, 'linux/a.yml'), 1, 1)],
      ['a directory that goes', () => rmSync(directory, { recursive: true })],
    ];
    for (const [what, change] of changes) {
      it(`is another for ${what}`, async () => {
        const before = await signatureOf([directory]);
        expect(await signatureOf([directory])).to.equal(before);
        change();
        expect(await signatureOf([directory])).not.to.equal(before);
      });
    }

    it('is the same for what is no rule', async () => {
      const before = await signatureOf([directory]);
      write('README.md', '');
      write('linux/a.test.yml', '');
      expect(await signatureOf([directory])).to.equal(before);
    });
  });

  describe('watchRules', () => {
    let watch: RuleWatch | undefined;
    let loads = 0;
    const start = async (reload = () => void (loads += 1)): Promise<void> => {
      watch = watchRules({
        paths: [directory],
        signature: await signatureOf([directory]),
        reload,
        log: createLogger({ level: 'error', plain: true }),
        lookMs: LOOK_MS,
      });
    };

    beforeEach(() => {
      loads = 0;
    });
    afterEach(async () => await watch?.stop());

    it('loads once for a change, and not while files still change', async () => {
      await start();
      for (let n = 0; n < 20; n += 1) {
        write(`${n}.yml`, '');
        await wait(LOOK_MS / 2);
      }
      await until(() => loads > 0);
      const before = loads;
      await wait(LOOK_MS * 5);
      expect(loads).to.equal(before);
    });

    it('a load that fails ends nothing', async () => {
      await start(() => {
        loads += 1;
        if (loads === 1) throw new Error('not yet');
      });
      write('b.yml', '');
      await until(() => loads === 1);
      write('c.yml', '');
      await until(() => loads === 2);
    });
  });
});
