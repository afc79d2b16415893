import { appendFileSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { defaultIntervals } from '../../../collectors/file/follower.ts';
import { fileInput } from '../../../collectors/file/index.ts';
import { FILES_MAX } from '../../../collectors/file/glob.ts';
import type { FileInputConfig } from '../../../platform/config/schema.ts';
import { createBench, linesOf, recordsOf, until } from '../fixture.ts';
import { FileBench } from './file-bench.ts';

describe('Follower', () => {
  let files: FileBench;
  beforeEach(() => {
    files = new FileBench();
  });
  afterEach(async () => await files.dispose());

  interface Content {
    readonly name: string;
    readonly content: string | Buffer;
    readonly lines: readonly string[];
  }
  const contents: readonly Content[] = [
    { name: 'lines', content: 'a\nb\n', lines: ['a', 'b'] },
    { name: 'CRLF', content: 'a\r\nb\r\n', lines: ['a', 'b'] },
    { name: 'an empty line', content: 'a\n\nb\n', lines: ['a', '', 'b'] },
    { name: 'no line end at the end: that line waits', content: 'a\nb', lines: ['a'] },
    { name: 'Vietnamese', content: 'Cần Thơ\n', lines: ['Cần Thơ'] },
    { name: 'a byte order mark, which is kept', content: '\ufeffa\n', lines: ['\ufeffa'] },
    { name: 'NUL characters', content: 'a\0b\n\0\n', lines: ['a\0b', '\0'] },
    {
      name: 'bytes that are no UTF-8 beside text',
      content: Buffer.from('ok\n\xff\xfe\r\nok\n', 'latin1'),
      lines: ['ok', '\xff\xfe', 'ok'],
    },
    { name: 'nothing', content: '', lines: [] },
  ];
  for (const { name, content, lines } of contents) {
    it(`reads ${name}`, async () => {
      files.append('a.log', content);
      await files.settle();
      expect(files.lines).to.deep.equal(lines);
    });
  }

  it('keeps a binary file byte for byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919 + (i >> 8) * 31) & 0xff));
    bytes[bytes.length - 1] = 0x0a;
    files.append('a.log', bytes);
    await files.settle();
    const back = recordsOf(files.spool).map(({ line }) => Buffer.from(line));
    const joined = Buffer.concat(back.flatMap((line) => [line, Buffer.from('\n')]));
    const expected = Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
    expect(joined.equals(expected)).to.equal(true);
  });

  it('keeps a line of 10 MB whole and goes on after it', async () => {
    const long = 'y'.repeat(10_000_000);
    files.append('a.log', `before\n${long}\nafter\n`);
    await files.settle();
    const lines = files.lines;
    expect(lines.map((line) => line.length)).to.deep.equal([6, long.length, 5]);
    expect(lines[1] === long).to.equal(true);
  });

  it('cuts a line without end, counts the cut, and loses nothing of it', async () => {
    const endless = 'z'.repeat(17 * 1024 * 1024);
    files.append('a.log', `${endless}\nafter\n`);
    await files.settle();
    expect(files.lines.join('') === `${endless}after`).to.equal(true);
    expect(await files.counted('cut')).to.equal(1);
  });

  it('never moves the cursor past a partial line', async () => {
    files.append('a.log', 'whole\npar');
    await files.settle();
    await files.restart();
    files.append('a.log', 'tial\n');
    await files.settle();
    expect(files.lines).to.deep.equal(['whole', 'partial']);
  });

  it('names the file in its records, by its first name also after a rotation', async () => {
    files.append('a.log', 'one\n');
    await files.settle();
    renameSync(files.path('a.log'), files.path('a.log.1'));
    files.append('a.log.1', 'two\n');
    await files.settle();
    expect(recordsOf(files.spool).map((record) => record.path)).to.deep.equal([
      files.path('a.log'),
      files.path('a.log'),
    ]);
  });

  it('reads a file under two names once', async () => {
    files.append('a.log', 'one\n');
    linkSync(files.path('a.log'), files.path('b.log'));
    symlinkSync(files.path('a.log'), files.path('c.log'));
    await files.settle();
    expect(files.lines).to.deep.equal(['one']);
  });

  it('leaves excluded files out', async () => {
    files.open({ exclude: ['b.*', files.path('sub/**')], paths: [files.path('**')] });
    mkdirSync(files.path('sub/deep'), { recursive: true });
    for (const name of ['a.log', 'b.log', 'sub/c.log', 'sub/deep/d.log']) files.append(name, `${name}\n`);
    files.open({ exclude: ['b.*', 'spool.db*', files.path('sub/**')], paths: [files.path('**')] });
    await files.settle();
    expect(files.lines).to.deep.equal(['a.log']);
  });

  it('follows more files than it keeps open', async () => {
    files.open({}, { filesOpenMax: 2 });
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 7; i += 1) files.append(`${String(i)}.log`, `${String(i)}-${String(round)}\n`);
      await files.settle(10);
    }
    expect(files.lines).to.have.length(21);
    expect(new Set(files.lines).size).to.equal(21);
    expect(FILES_MAX).to.be.greaterThan(1000);
  });

  describe('what cannot be read', () => {
    it('is logged once with its code, does not harm other files, and is tried again', async () => {
      files.open({
        paths: [files.path('missing.log'), files.path('directory'), files.path('loop'), files.path('b.log')],
      });
      mkdirSync(files.path('directory'));
      symlinkSync(files.path('loop'), files.path('loop'));
      files.append('b.log', 'fine\n');
      await files.settle();
      await files.settle();
      expect(files.lines).to.deep.equal(['fine']);
      const logged = files.bench.log.entries.map(
        ({ fields }) => `${String(fields['code'])} ${String(fields['path'])}`,
      );
      expect(logged).to.deep.equal(
        ['missing.log', 'directory', 'loop'].map((name) => `input_unreadable ${files.path(name)}`),
      );
      expect(files.follower.trouble()).to.match(/missing\.log: There is no such file yet\. \(and 2 more\)/);
      files.append('missing.log', 'there\n');
      rmSync(files.path('directory'), { recursive: true });
      rmSync(files.path('loop'));
      files.append('loop', 'none any more\n');
      files.append('directory', 'a file now\n');
      await files.settle();
      expect(files.lines).to.include.members(['there', 'a file now']);
      expect(files.follower.trouble()).to.equal(undefined);
    });

    it('is a damaged cursor: its file is read again', async () => {
      files.append('a.log', '1\n');
      await files.spool.append('f', { lines: [], cursors: [{ key: '7', value: '{"device":1}' }] }, {});
      await files.restart();
      await files.settle();
      expect(files.lines).to.deep.equal(['1']);
      expect(files.bench.log.entries[0]?.fields['code']).to.equal('cursor_invalid');
    });
  });

  describe('multi-line', () => {
    const multiline = { start: '^\\d{4}-', lines_max: 4, wait_ms: 2000 };
    const rows: readonly {
      readonly name: string;
      readonly content: string;
      readonly lines: readonly string[];
    }[] = [
      {
        name: 'joins what follows a first line',
        content: '2026-1\n at x\n at y\n2026-2\n',
        lines: ['2026-1\n at x\n at y'],
      },
      {
        name: 'keeps lines before the first start',
        content: ' tail\n2026-1\n2026-2\n',
        lines: [' tail', '2026-1'],
      },
      {
        name: 'ends a record at the maximum of lines',
        content: '2026-1\nb\nc\nd\ne\n2026-2\n',
        lines: ['2026-1\nb\nc\nd', 'e'],
      },
      { name: 'takes CRLF', content: '2026-1\r\nb\r\n2026-2\r\n', lines: ['2026-1\nb'] },
    ];
    for (const { name, content, lines } of rows) {
      it(name, async () => {
        files.open({ multiline });
        files.append('a.log', content);
        await files.settle();
        expect(files.lines).to.deep.equal(lines);
      });
    }

    it('ends the last record when nothing follows for the time configured', async () => {
      files.open({ multiline });
      files.append('a.log', '2026-1\n at x\npart');
      await files.settle();
      expect(files.lines).to.deep.equal([]);
      await files.settle(multiline.wait_ms);
      expect(files.lines).to.deep.equal(['2026-1\n at x']);
    });

    it('joins a record whose lines come before and after a restart', async () => {
      files.open({ multiline });
      files.append('a.log', '2026-1\n at x\n');
      await files.settle();
      await files.restart({ multiline });
      files.append('a.log', ' at y\n2026-2\n');
      await files.settle();
      expect(files.lines).to.deep.equal(['2026-1\n at x\n at y']);
    });

    it('refuses a pattern that RE2 does not take', () => {
      expect(() => files.open({ multiline: { ...multiline, start: '(?=x)' } }))
        .to.throw()
        .with.property('code', 'config_invalid');
    });
  });
});

describe('fileInput', () => {
  it('reads by itself until it is stopped, and goes on from there', async () => {
    const bench = createBench();
    const spool = bench.spool();
    const file = join(bench.directory, 'a.log');
    const config: FileInputConfig = { type: 'file', paths: [file], exclude: [] };
    const type = fileInput({ ...defaultIntervals, pollMs: 1, scanMs: 0 });
    expect(type.defaultId(config)).to.match(/^file-[\w.-]+a\.log$/);
    try {
      for (const line of ['one', 'two']) {
        const input = type.create('f', config, bench.deps(spool, 'f'));
        await input.start(bench.emit(spool, 'f'), new AbortController().signal);
        appendFileSync(file, `${line}\n`);
        await until(() => linesOf(spool).includes(line));
        await input.stop();
      }
      expect(linesOf(spool)).to.deep.equal(['one', 'two']);
    } finally {
      await spool.close();
      bench.dispose();
    }
  });

  it('tells when its spool breaks', async () => {
    const bench = createBench();
    const spool = bench.spool();
    const file = join(bench.directory, 'a.log');
    writeFileSync(file, 'x\n');
    const deps = bench.deps(spool, 'f');
    const input = fileInput({ ...defaultIntervals, pollMs: 1 }).create(
      'f',
      { type: 'file', paths: [file], exclude: [] },
      deps,
    );
    await input.start(async () => await Promise.reject(new Error('broken')), new AbortController().signal);
    await until(() => deps.failures.length === 1);
    await input.stop();
    await spool.close();
    bench.dispose();
  });
});
