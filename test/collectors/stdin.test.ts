import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { stdinInput } from '../../collectors/stdin.ts';
import { createBench, linesOf, until } from './fixture.ts';

describe('stdinInput', () => {
  const rows: readonly {
    readonly name: string;
    readonly pieces: readonly string[];
    readonly lines: readonly string[];
  }[] = [
    { name: 'lines', pieces: ['a\nb\n'], lines: ['a', 'b'] },
    { name: 'lines cut anywhere', pieces: ['a', '\nCần T', 'hơ', '\r\n'], lines: ['a', 'Cần Thơ'] },
    { name: 'a last line without line end', pieces: ['a\nb'], lines: ['a', 'b'] },
    { name: 'nothing', pieces: [], lines: [] },
  ];
  for (const { name, pieces, lines } of rows) {
    it(`reads ${name} until the end`, async () => {
      const bench = createBench();
      const spool = bench.spool();
      const stream = new PassThrough();
      const deps = bench.deps(spool, 'i');
      const input = stdinInput(stream).create('i', { type: 'stdin' }, deps);
      await input.start(bench.emit(spool, 'i'), new AbortController().signal);
      for (const piece of pieces) stream.write(piece);
      stream.end();
      await until(() => linesOf(spool).length === lines.length);
      expect(linesOf(spool)).to.deep.equal(lines);
      await input.stop();
      expect(deps.failures).to.deep.equal([]);
      await spool.close();
      bench.dispose();
    });
  }

  it('can be stopped while nobody writes', async () => {
    const bench = createBench();
    const spool = bench.spool();
    const input = stdinInput(new PassThrough()).create('i', { type: 'stdin' }, bench.deps(spool, 'i'));
    await input.start(bench.emit(spool, 'i'), new AbortController().signal);
    await input.stop();
    await spool.close();
    bench.dispose();
  });
});
