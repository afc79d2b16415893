import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { expandGlob, matchesGlob, matchesName } from '../../../collectors/file/glob.ts';
import { isRotationOf, unnumbered } from '../../../collectors/file/identity.ts';
import { removeDirectory, temporaryDirectory } from '../fixture.ts';

describe('expandGlob', () => {
  let root: string;
  before(() => {
    root = temporaryDirectory();
    for (const name of [
      'a.log',
      'ab.log',
      '.hidden.log',
      'x/a.log',
      'x/y/b.log',
      'x/.z/c.log',
      'x/y/b.txt',
    ]) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), '');
    }
    symlinkSync(root, join(root, 'x/loop'));
  });
  after(() => removeDirectory(root));

  const rows: readonly { readonly pattern: string; readonly paths: readonly string[] }[] = [
    { pattern: '*.log', paths: ['a.log', 'ab.log'] },
    { pattern: '?.log', paths: ['a.log'] },
    { pattern: '.*.log', paths: ['.hidden.log'] },
    { pattern: '*/a.log', paths: ['x/a.log'] },
    { pattern: '**/*.log', paths: ['a.log', 'ab.log', 'x/a.log', 'x/y/b.log'] },
    { pattern: 'x/**', paths: ['x/a.log', 'x/loop', 'x/y/b.log', 'x/y/b.txt'] },
    { pattern: 'x/loop/a.log', paths: ['x/loop/a.log'] },
    { pattern: 'absent.log', paths: ['absent.log'] },
    { pattern: 'absent/*.log', paths: [] },
    { pattern: 'x/../*.log', paths: ['a.log', 'ab.log'] },
  ];
  for (const { pattern, paths } of rows) {
    it(`${pattern} gives ${paths.join(', ') || 'nothing'}`, async () => {
      const found = await expandGlob(join(root, pattern), () => undefined);
      expect(found.filter((path) => !path.includes('loop/loop'))).to.deep.equal(
        paths.map((path) => join(root, path)),
      );
    });
  }
});

describe('matchesName', () => {
  it('agrees with the regular expression of the same pattern', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
    fc.assert(
      fc.property(text, pattern, (name, glob) => {
        const source = glob.replaceAll('*', '.*').replaceAll('?', '.');
        const expected = !name.startsWith('.') && new RegExp(`^${source}$`).test(name);
        expect(matchesName(name, glob)).to.equal(expected);
      }),
    );
  });
});

describe('matchesGlob', () => {
  const rows: readonly (readonly [path: string, pattern: string, matches: boolean])[] = [
    ['/var/log/a.log', '*.log', true],
    ['/var/log/a.txt', '*.log', false],
    ['/var/log/a.log', '/var/**', true],
    ['/var/log/a.log', '/var/**/a.log', true],
    ['/var/a.log', '/var/**/a.log', true],
    ['/var/log/a.log', '/var/*', false],
    ['/var/log/a.log', '/**/**/**/*.txt', false],
  ];
  for (const [path, pattern, matches] of rows) {
    it(`${path} ${matches ? 'matches' : 'does not match'} ${pattern}`, () => {
      expect(matchesGlob(path, pattern)).to.equal(matches);
    });
  }
});

describe('isRotationOf', () => {
  const rows: readonly (readonly [path: string, original: string, is: boolean])[] = [
    ['/l/app.log.1', '/l/app.log', true],
    ['/l/app.log.2.gz', '/l/app.log.1', true],
    ['/l/app.log-20260101', '/l/app.log', true],
    ['/l/app-20260101.log', '/l/app.log', true],
    ['/l/app.1.log', '/l/app.log', true],
    ['/l/app.log.gz', '/l/app.log', true],
    ['/l/old/app.log.1', '/l/app.log', true],
    ['/l/app.log.old', '/l/app.log', true],
    ['/l/app.log', '/l/app.log.1', false],
    ['/l/app.log', '/l/app.log', false],
    ['/l/other.log.1', '/l/app.log', false],
    ['/m/app.log.1', '/l/app.log', false],
    ['/l/app.logs', '/l/app.log', false],
  ];
  for (const [path, original, is] of rows) {
    it(`${path} ${is ? 'is one' : 'is none'} of ${original}`, () => {
      expect(isRotationOf(path, original)).to.equal(is);
    });
  }

  it('rests on names without their numbers', () => {
    expect(unnumbered('web01.log')).to.equal('web01.log');
    expect(unnumbered('app-2026-01-02.log.gz')).to.equal('app.log');
  });
});
