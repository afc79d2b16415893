import { expect } from 'chai';
import { removeDirectory, temporaryDirectory } from '../fixture.ts';
import { Experiment } from './model.ts';

const EXPERIMENTS = 40;
const STEPS = 60;

describe('Follower, in random experiments', () => {
  // CANH_TEST_SEED repeats one experiment, CANH_TEST_EXPERIMENTS runs more of them.
  const only = process.env['CANH_TEST_SEED'];
  const count = Number(process.env['CANH_TEST_EXPERIMENTS'] ?? EXPERIMENTS);
  const seeds = only === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(only)];

  it('takes every line exactly once through rotation, truncation, compression, restart and crash', async () => {
    for (const seed of seeds) {
      const directory = temporaryDirectory();
      try {
        const experiment = new Experiment(directory, seed);
        await experiment.run(STEPS);
        expect(experiment.problems(), experiment.history.join('\n')).to.deep.equal([]);
      } finally {
        removeDirectory(directory);
      }
    }
  }).timeout(count * 1000);
});
