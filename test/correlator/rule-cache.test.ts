import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CACHES_MAX, cacheKey, openRuleCache } from '../../correlator/rule-cache.ts';
import { ruleFiles, ruleTestFiles } from '../../correlator/rule-files.ts';
import { createRuleLoader, loadRules } from '../../correlator/rules.ts';
import { parseDocuments } from '../../sigma/index.ts';

let directory = '';
const at = (...names: string[]): string => join(directory, ...names);
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'canh-rules-'));
  mkdirSync(at('rules'));
  for (let n = 0; n < 40; n += 1) writeFileSync(at(`rules/r${n}.yml`), ruleText(n));
  writeFileSync(at('rules/correlation.yml'), others);
});
afterEach(() => {
  chmodSync(directory, 0o700);
  rmSync(directory, { recursive: true, force: true });
});

const ruleText = (n: number): string => `
title: Rule ${n}
id: 0d1c7b5e-33a4-4bb2-9a4e-${String(n).padStart(12, '0')}
name: rule_${n}
level: high
logsource: { product: windows, category: process_creation }
detection:
  s: { CommandLine|contains|windash: [' -a${n}', 'đ*\\\\'], Hash|re: 'a+b', Ip|cidr: 10.0.0.0/8, N|gte: 1.5, E|exists: true }
  t: { __proto__: null }
  condition: s and not t
custom: { n: ${n}, list: [1, null, true] }
`;
const others = `
title: Both
level: high
correlation:
  type: temporal
  rules: [rule_1, rule_2]
  group-by: [who]
  timespan: 5m
  aliases: { who: { rule_1: User, rule_2: Account } }
---
title: Not the backup
logsource: { product: windows }
filter: { rules: [rule_3], s: { User: backup }, condition: not s }
---
title: Broken
---
[
`;
const cacheFile = (): string => at('cache', readdirSync(at('cache'))[0] ?? '');
const load = (): ReturnType<typeof loadRules> => loadRules([at('rules')], { cache: at('cache') });

describe('loadRules with a cache', () => {
  it('gives what it gives without one: rules, correlations, filters and problems', () => {
    const fresh = loadRules([at('rules')]);
    expect(fresh.rules).to.have.length(40);
    expect(fresh.correlations).to.have.length(1);
    expect(fresh.filters).to.equal(1);
    expect(fresh.problems).to.not.have.length(0);
    expect(load()).to.deep.equal(fresh);
    const cached = load();
    expect(cached).to.deep.equal(fresh);
    expect(cached.rules[0]?.detection.searches).to.be.instanceOf(Map);
  });

  it('is the user’s alone, and is not written where nothing changed', () => {
    load();
    expect([statSync(at('cache')).mode & 0o777, statSync(cacheFile()).mode & 0o777]).to.deep.equal([
      0o700, 0o600,
    ]);
    const { ino } = statSync(cacheFile());
    load();
    expect(statSync(cacheFile()).ino).to.equal(ino);
  });

  it('takes from it what is there, and reads what changed', () => {
    load();
    // Told apart by a title that only the cache has.
    const planted = readFileSync(cacheFile(), 'utf8').split('\n');
    const index = planted.findIndex((line) => line.includes('"Rule 7"'));
    const line = planted[index] ?? '';
    const documents = parseDocuments(ruleText(7).replace('Rule 7', 'Planted'), { file: at('rules/r7.yml') });
    const cache = openRuleCache(at('other'), 'x');
    cache.keep([{ key: line.slice(0, 43), documents }]);
    const other = readFileSync(at('other', readdirSync(at('other'))[0] ?? ''), 'utf8').split('\n')[1] ?? '';
    writeFileSync(cacheFile(), planted.with(index, other).join('\n'), { mode: 0o600 });
    expect(load().rules.filter(({ title }) => title === 'Planted')).to.have.length(1);
    writeFileSync(at('rules/r7.yml'), ruleText(7).replace('Rule 7', 'Changed'));
    const titles = load().rules.map(({ title }) => title);
    expect([titles.includes('Planted'), titles.includes('Changed')]).to.deep.equal([false, true]);
  });

  const spoiled: readonly (readonly [string, (text: string) => string])[] = [
    ['is cut off', (text) => text.slice(0, text.length / 2)],
    ['has a changed letter', (text) => text.replaceAll('"title":"Rule', '"title":"Lure')],
    ['is another version’s', (text) => text.replace(/^canh-rules \d+ ./, 'canh-rules 1 _')],
    ['is empty', () => ''],
    ['is something else', () => '\0'.repeat(10_000)],
  ];
  for (const [what, spoil] of spoiled)
    it(`reads the rules themselves where it ${what}, and writes it anew`, () => {
      const fresh = load();
      const text = readFileSync(cacheFile(), 'utf8');
      writeFileSync(cacheFile(), spoil(text), { mode: 0o600 });
      expect(load()).to.deep.equal(fresh);
      expect(readFileSync(cacheFile(), 'utf8') === text).to.equal(true);
    });

  it('does not trust what others can write', function () {
    if (process.platform === 'win32') return this.skip();
    openRuleCache(at('cache'), 'x').keep([{ key: cacheKey('a', 'b'), documents: [] }]);
    const isTrusted = (): boolean => openRuleCache(at('cache'), 'x').get(cacheKey('a', 'b')) !== undefined;
    expect(isTrusted()).to.equal(true);
    for (const [path, open, own] of [
      [at('cache'), 0o777, 0o700],
      [cacheFile(), 0o666, 0o600],
    ] as const) {
      chmodSync(path, open);
      expect(isTrusted(), path).to.equal(false);
      chmodSync(path, own);
    }
  });

  it('is no failure where it cannot be written', () => {
    writeFileSync(at('file'), '');
    expect(loadRules([at('rules')], { cache: at('file') }).rules).to.have.length(40);
  });

  it('keeps other placeholders and other paths apart, and only so many', () => {
    const cache = at('cache');
    for (let n = 0; n < CACHES_MAX + 3; n += 1) loadRules([at('rules')], { cache, placeholders: { a: [n] } });
    expect(readdirSync(cache)).to.have.length(CACHES_MAX);
  });

  it('is left alone for a few files', () => {
    loadRules([at('rules/r1.yml')], { cache: at('cache') });
    expect(() => readdirSync(at('cache'))).to.throw('ENOENT');
  });
});

describe('createRuleLoader', () => {
  it('gives the very same rule for a file that did not change', () => {
    const loader = createRuleLoader();
    const first = loader.load([at('rules')]);
    writeFileSync(at('rules/r7.yml'), ruleText(7).replace('Rule 7', 'Changed'));
    rmSync(at('rules/r9.yml'));
    const second = loader.load([at('rules')]);
    expect(second.rules).to.have.length(39);
    const same = second.rules.filter((rule) => first.rules.includes(rule)).map(({ title }) => title);
    // Rule 3 is another object each time, with the filter's conditions; rule 7 changed.
    expect(same).to.have.length(37);
    expect(same).to.not.include('Rule 3').and.to.not.include('Changed');
  });
});

describe('cacheKey', () => {
  it('tells path from content', () => {
    expect(cacheKey('a', 'b')).to.not.equal(cacheKey('ab', ''));
    expect(cacheKey('a', 'b')).to.have.length(43);
  });
});

describe('ruleFiles', () => {
  it('finds rules in a fixed order, not tests, not what is hidden, and survives links that lead back', () => {
    mkdirSync(at('set/b/.github'), { recursive: true });
    mkdirSync(at('set/a'));
    for (const name of [
      'b/z.yml',
      'b/a.yaml',
      'b/a.test.yml',
      'b/.hidden.yml',
      'b/.github/ci.yml',
      'a.yml',
      'x.txt',
    ])
      writeFileSync(at('set', name), '');
    symlinkSync(at('set'), at('set/a/loop'));
    symlinkSync(at('set/a.yml'), at('set/linked.yml'));
    const names = (files: readonly string[]): readonly string[] =>
      files.map((file) => file.slice(at('set').length + 1));
    expect(names(ruleFiles(at('set')))).to.deep.equal([
      'a.yml',
      'a/loop/a.yml',
      'a/loop/b/a.yaml',
      'a/loop/b/z.yml',
      'a/loop/linked.yml',
      'b/a.yaml',
      'b/z.yml',
      'linked.yml',
    ]);
    expect(names(ruleTestFiles(at('set'))).filter((name) => !name.startsWith('a/'))).to.deep.equal([
      'b/a.test.yml',
    ]);
  });

  it('refuses a path that is not there', () => {
    expect(() => ruleFiles(at('none')))
      .to.throw()
      .with.property('code', 'file_unreadable');
  });
});
