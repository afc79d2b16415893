import { copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { FileBench } from './file-bench.ts';
import { intervals } from './model.ts';

describe('Follower, when files are rotated', () => {
  let files: FileBench;
  beforeEach(() => {
    files = new FileBench();
  });
  afterEach(async () => await files.dispose());

  describe('rotation', () => {
    it('reads the rest of a file renamed out of the patterns', async () => {
      files.open({ paths: [files.path('a.log')] });
      files.append('a.log', '1\n');
      await files.settle();
      files.append('a.log', '2\n');
      renameSync(files.path('a.log'), files.path('old-a'));
      files.append('old-a', '3\nunfinished');
      files.append('a.log', '4\n');
      await files.settle();
      expect(files.lines.toSorted()).to.deep.equal(['1', '2', '3', '4']);
      await files.settle(intervals.partialWaitMs);
      expect(files.lines).to.include('unfinished');
    });

    it('finds a file that was renamed out of the patterns while it was stopped', async () => {
      files.open({ paths: [files.path('a.log')] });
      files.append('a.log', '1\n');
      await files.settle();
      await files.follower.close();
      files.append('a.log', '2\n');
      renameSync(files.path('a.log'), files.path('archived'));
      files.append('a.log', '3\n');
      await files.restart({ paths: [files.path('a.log')] });
      await files.settle();
      expect(files.lines.toSorted()).to.deep.equal(['1', '2', '3']);
    });

    it('reads the rest of a deleted file that it had open', async () => {
      files.append('a.log', '1\n');
      await files.settle();
      files.append('a.log', '2\n');
      rmSync(files.path('a.log'));
      await files.settle();
      expect(files.lines).to.deep.equal(['1', '2']);
    });

    it('takes a new file that got the inode of a deleted one for new', async () => {
      files.append('a.log', 'a long enough first line of the old file\n');
      await files.settle();
      await files.follower.close();
      rmSync(files.path('a.log'));
      files.append('a.log', 'short\n');
      await files.restart();
      await files.settle();
      expect(files.lines.at(-1)).to.equal('short');
      rmSync(files.path('a.log'));
      files.append('a.log', 'and one that is much longer than the one before it was\n');
      await files.restart();
      await files.settle();
      expect(files.lines).to.have.length(3);
    });

    it('forgets the positions of files that are gone, after a while', async () => {
      files.open();
      files.append('a.log', '1\n');
      await files.settle();
      rmSync(files.path('a.log'));
      await files.settle();
      await files.settle(intervals.leaveMs);
      await files.settle();
      expect(files.spool.cursors('f').size).to.equal(1);
      await files.settle(intervals.keepMs + 1);
      expect(files.spool.cursors('f').size).to.equal(0);
    });
  });

  describe('copytruncate', () => {
    it('begins again at the start, reports it, and repeats nothing from the copy', async () => {
      files.append('a.log', '1\n2\n3\n');
      await files.settle();
      copyFileSync(files.path('a.log'), files.path('a.log.1'));
      truncateSync(files.path('a.log'), 0);
      files.append('a.log', '4\n');
      await files.settle();
      expect(files.lines).to.deep.equal(['1', '2', '3', '4']);
      expect(await files.counted('replaced')).to.equal(1);
      expect(files.bench.log.entries.map(({ level }) => level)).to.include('warn');
    });

    it('reads from the copy what had not been read before, also outside the patterns', async () => {
      files.open({ paths: [files.path('a.log')] });
      files.append('a.log', '1\n2\n3\n');
      await files.settle();
      files.append('a.log', '4\n');
      copyFileSync(files.path('a.log'), files.path('a.log.1'));
      truncateSync(files.path('a.log'), 0);
      await files.settle();
      expect(files.lines).to.deep.equal(['1', '2', '3', '4']);
    });

    it('notices a truncation after which the file has outgrown its old size, also while stopped', async () => {
      files.append('a.log', 'first generation\n');
      await files.settle();
      await files.follower.close();
      copyFileSync(files.path('a.log'), files.path('b.log-copy'));
      writeFileSync(files.path('a.log'), 'second generation, which is longer than the first was\n');
      await files.restart();
      await files.settle();
      expect(files.lines).to.include('second generation, which is longer than the first was');
    });

    it('counts bytes known to be unread when nothing has a copy of them', async () => {
      files.append('a.log', `${'x'.repeat(99)}\n`.repeat(30_000));
      await files.follower.poll();
      const read = files.lines.length * 100;
      truncateSync(files.path('a.log'), 0);
      await files.settle();
      expect(read).to.be.within(1, 2_900_000);
      expect(await files.counted('truncatedBytes')).to.be.within(2_900_000 - read, 3_000_000 - read);
    });

    it('keeps an unfinished line that is truncated away', async () => {
      files.append('a.log', '1\nhalf');
      await files.settle();
      truncateSync(files.path('a.log'), 0);
      await files.settle();
      await files.settle();
      expect(files.lines).to.deep.equal(['1', 'half']);
    });
  });

  describe('gzip', () => {
    it('reads a finished file whole, with its last line, once', async () => {
      writeFileSync(files.path('a.log.1.gz'), gzipSync('1\n2\nlast'));
      await files.settle();
      await files.restart();
      await files.settle();
      expect(files.lines).to.deep.equal(['1', '2', 'last']);
    });

    it('reads several members', async () => {
      writeFileSync(files.path('a.log.gz'), Buffer.concat([gzipSync('1\n'), gzipSync('2\n')]));
      await files.settle();
      expect(files.lines).to.deep.equal(['1', '2']);
    });

    it('does not read again what it read before it was packed', async () => {
      files.append('a.log.1', '1\n2\n');
      await files.settle();
      writeFileSync(files.path('a.log.2.gz'), gzipSync('1\n2\n'));
      rmSync(files.path('a.log.1'));
      await files.settle();
      await files.settle(intervals.leaveMs);
      await files.settle();
      expect(files.lines).to.deep.equal(['1', '2']);
    });

    it('reads the part that was not read when the file was packed while it was stopped', async () => {
      files.append('a.log', '1\n2\n');
      await files.settle();
      await files.follower.close();
      writeFileSync(files.path('a.log.1.gz'), gzipSync('1\n2\n3\n4'));
      rmSync(files.path('a.log'));
      await files.restart();
      await files.settle();
      expect(files.lines).to.deep.equal(['1', '2', '3', '4']);
    });

    it('takes the whole lines of a file that ends too early, and the rest when it is complete', async () => {
      const lines = Array.from(
        { length: 60_000 },
        (_, i) => `line ${String((i * 48_271) % 65_521)} of ${String(i)}`,
      );
      const packed = gzipSync(`${lines.join('\n')}\n`);
      writeFileSync(files.path('a.log.gz'), packed.subarray(0, packed.length / 2));
      await files.settle();
      const early = files.lines.length;
      expect(early).to.be.within(1, lines.length - 1);
      writeFileSync(files.path('a.log.gz'), packed);
      await files.settle(10);
      expect(files.lines).to.deep.equal(lines);
    });

    it('reports a damaged one and goes on with the others', async () => {
      writeFileSync(files.path('a.log.gz'), 'this is no gzip');
      files.append('b.log', 'fine\n');
      await files.settle();
      expect(files.lines).to.deep.equal(['fine']);
      expect(files.bench.log.entries.map(({ fields }) => fields['code'])).to.deep.equal(['input_unreadable']);
      expect(files.follower.trouble()).to.match(/a\.log\.gz: .*incorrect header/);
    });

    it('stops unpacking at the limit and says so', async () => {
      files.open({}, { gzipBytesMax: 3 * 1024 * 1024 });
      writeFileSync(files.path('bomb.log.gz'), gzipSync(Buffer.alloc(16 * 1024 * 1024, 'x\n')));
      await files.settle();
      expect(files.follower.trouble()).to.match(/more than is unpacked/);
    });
  });
});
