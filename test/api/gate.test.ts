import { expect } from 'chai';
import { createGate } from '../../api/auth/gate.ts';
import { CanhError } from '../../platform/errors/index.ts';

describe('createGate', () => {
  it('lets so many run, so many wait, and refuses one more', async () => {
    const gate = createGate({ running: 2, waiting: 3 });
    let running = 0;
    let most = 0;
    let open: () => void = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await opened;
      running -= 1;
    };
    const admitted = Array.from({ length: 5 }, async () => await gate.run(work));
    const refused = await gate.run(work).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(CanhError).with.property('code', 'auth_locked');
    expect(running).to.equal(2);
    open();
    await Promise.all(admitted);
    expect([running, most]).to.deep.equal([0, 2]);
  });

  it('gives the place of work that fails to the next, and its failure to the caller', async () => {
    const gate = createGate({ running: 1, waiting: 1 });
    const fail = async (): Promise<never> => await Promise.reject(new Error('no'));
    const outcomes = await Promise.allSettled([
      gate.run(fail),
      gate.run(async () => await Promise.resolve('done')),
    ]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled']);
    expect(await gate.run(async () => await Promise.resolve('again'))).to.equal('again');
  });
});
