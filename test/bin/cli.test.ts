import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync, strToU8 } from 'fflate';
import { expect } from 'chai';
import { eventToDocument, type Event } from '../../platform/event.ts';
import { timedId } from '../../platform/ids.ts';
import { socTenant } from '../../platform/index/port.ts';
import { openSqliteIndex } from '../../platform/index/sqlite/index.ts';
import { root } from '../faults/canh-process.ts';

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function canh(args: readonly string[], input?: string): Promise<Result> {
  return await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(root, 'bin', 'canh'), ...args],
      { cwd: directory, env: { ...process.env, XDG_CACHE_HOME: at('xdg') } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
    child.stdin?.end(input);
  });
}

const rule = `
title: Wanted
id: 0d1c7b5e-33a4-4bb2-9a4e-94b1a3b1c001
level: high
logsource: { product: windows }
detection:
  selection: { CommandLine|contains: wanted }
  condition: selection
`;
const event = (commandLine: string): string =>
  JSON.stringify({
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    TimeCreated: '2026-11-23T03:00:00Z',
    CommandLine: commandLine,
  });

const pair = `
title: Wanted twice
level: critical
correlation: { type: event_count, rules: [wanted], group-by: [CommandLine], timespan: 1h, condition: { gte: 2 } }
`;

let directory = '';
const at = (name: string): string => join(directory, name);

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'canh-cli-'));
  mkdirSync(at('rules'));
  mkdirSync(at('bad'));
  writeFileSync(at('rules/wanted.yml'), rule);
  writeFileSync(at('bad/typo.yml'), rule.replace('contains', 'contians'));
  writeFileSync(at('events.ndjson'), `${event('x')}\n${event('wanted')}\n`);
  writeFileSync(at('array.json'), `[\n${event('wanted')},\n${event('wanted')}\n]`);
  writeFileSync(at('pretty.json'), JSON.stringify(JSON.parse(event('wanted')), undefined, 2).repeat(2));
  writeFileSync(at('events.gz'), gzipSync(event('wanted')));
  writeFileSync(at('pair.yml'), `${rule}name: wanted\n---${pair}`);
  writeFileSync(at('binary'), Buffer.from([0, 1, 2, 0xff, 0xfe, 10, 13, 0]));
});
after(() => rmSync(directory, { recursive: true, force: true }));

describe('canh detect', () => {
  const forms: readonly { file: string; matches: number; lines: readonly number[] }[] = [
    { file: 'events.ndjson', matches: 1, lines: [2] },
    { file: 'array.json', matches: 2, lines: [2, 3] },
    { file: 'pretty.json', matches: 2, lines: [1, 6] },
    { file: 'events.gz', matches: 1, lines: [1] },
    { file: 'binary', matches: 0, lines: [] },
  ];
  for (const { file, matches, lines } of forms) {
    it(`finds ${matches} in ${file}, with file and line`, async () => {
      const { code, stdout, stderr } = await canh(['detect', '--rules', at('rules'), at(file)]);
      expect(code, stderr).to.equal(0);
      const found = stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { event: { file: string; line: number } });
      expect(found.map((match) => match.event.line)).to.deep.equal(lines);
      expect(found.every((match) => match.event.file === at(file))).to.equal(true);
      const summary = JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
      expect(summary).to.include({ matches, rules_loaded: 1, rules_skipped: 0 });
    });
  }

  it('a match says which rule, when and why', async () => {
    const { stdout } = await canh(['detect', '--rules', at('rules'), '-'], event('wanted'));
    const match = JSON.parse(stdout) as Record<string, unknown>;
    expect(match).to.have.nested.property('rule.title', 'Wanted');
    expect(match).to.have.nested.property('event.time', '2026-11-23T03:00:00.000Z');
    expect(match).to.have.nested.property('why.condition', 'selection');
    expect(JSON.stringify(match['why'])).to.include('"value":"wanted"');
  });

  it('a file that cannot be read is named and gives 66; the others are done', async () => {
    const { code, stdout, stderr } = await canh([
      'detect',
      '--rules',
      at('rules'),
      at('none.json'),
      at('events.ndjson'),
    ]);
    expect(code).to.equal(66);
    expect(stderr).to.include('file_unreadable').and.to.include(at('none.json'));
    expect(stdout.split('\n').filter(Boolean)).to.have.length(1);
  });

  it('takes several rule directories, and says how many rules do not run and why', async () => {
    const { stderr } = await canh(['detect', '--rules', at('rules'), at('bad'), at('events.ndjson')]);
    const summary = JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
    expect(summary).to.deep.include({
      rules_loaded: 1,
      rules_skipped: 1,
      skipped_reasons: { modifier_unknown: 1 },
    });
  });

  it('prints what correlations come to, with where it lies, and not the rules that they speak for', async () => {
    const { code, stdout, stderr } = await canh([
      'detect', '--rules', at('pair.yml'), '--workers', '2', at('events.ndjson'), at('array.json'),
    ]); // prettier-ignore
    expect(code, stderr).to.equal(0);
    const [finding, ...others] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const time = '2026-11-23T03:00:00.000Z';
    const rule = 'Wanted';
    expect(others).to.deep.equal([]);
    expect(finding).to.deep.include({
      rule: { id: null, title: 'Wanted twice', level: 'critical' },
      group: { CommandLine: 'wanted' },
      count: 3,
      first: time,
      last: time,
      constituents: [
        { file: at('events.ndjson'), line: 2, time, rule },
        { file: at('array.json'), line: 2, time, rule },
        { file: at('array.json'), line: 3, time, rule },
      ],
    });
    expect(JSON.parse(stderr)).to.include({ matches: 0, correlations_loaded: 1, correlated: 1, events: 4 });
    const table = await canh(['detect', '--rules', at('pair.yml'), '--format', 'table', at('array.json')]);
    expect(table.stdout).to.match(
      /^critical +2026-11-23T03:00:00\.000Z {2}Wanted twice {2}2 × CommandLine=wanted .*array\.json:2/,
    );
  });

  it('fills placeholders, and takes rules through a pipeline', async () => {
    writeFileSync(at('placed.yml'), rule.replace('CommandLine|contains: wanted', "Befehl|expand: '%words%'"));
    writeFileSync(at('words.yml'), 'words: [wanted, other]');
    writeFileSync(
      at('pipeline.yml'),
      'name: p\npriority: 1\ntransformations: [{ id: m, type: field_name_mapping, mapping: { Befehl: CommandLine } }]',
    );
    const run = ['detect', '--rules', at('placed.yml'), '--placeholders', at('words.yml')];
    const plain = await canh([...run, at('events.ndjson')]);
    expect(plain.stdout).to.equal('');
    const piped = await canh([...run, '--pipeline', at('pipeline.yml'), at('events.ndjson')]);
    expect(piped.stdout, piped.stderr).to.include('"line":2');
    writeFileSync(at('words.yml'), 'words: 1');
    expect((await canh([...run, at('events.ndjson')])).code).to.equal(65);
  });

  const wrong: readonly (readonly string[])[] = [
    ['detect', '--rules', '.', '--workers', '0', 'x'],
    ['detect'],
    ['detect', 'x'],
    ['detect', '--rules'],
    ['nonsense'],
    ['detect', '--rules', '.', '--format', 'xml', 'x'],
    [],
  ];
  for (const args of wrong) {
    it(`canh ${args.join(' ')}: wrong usage gives 64`, async () => {
      expect((await canh(args)).code).to.equal(64);
    });
  }
});

describe('canh rules', () => {
  it('check is content with a good rule', async () => {
    const { code, stdout } = await canh(['rules', 'check', at('rules')]);
    expect([code, stdout]).to.deep.equal([
      0,
      '0 problems (0 errors, 0 warnings); 1 rules, 0 correlations, 0 filters can run, in 1 files\n',
    ]);
  });

  it('check names file, line, code and the nearest right word, and gives 1', async () => {
    const { code, stdout } = await canh(['rules', 'check', at('bad')]);
    expect(code).to.equal(1);
    expect(stdout).to.match(/typo\.yml:7:\d+: error: modifier_unknown: .*Did you mean "contains"\?/);
    expect(stdout).to.include('1 problems (1 errors, 0 warnings); 0 rules,');
    expect(stdout.match(/Did you mean/g)).to.have.length(1);
  });

  it('check says as JSON what it says as text, and fails on what it is told to', async () => {
    const { code, stdout } = await canh([
      'rules',
      'check',
      '--format',
      'json',
      '--fail-on',
      'none',
      at('bad'),
    ]);
    expect(code).to.equal(0);
    const said = JSON.parse(stdout) as { readonly problems: readonly unknown[]; readonly summary: unknown };
    expect(said.problems).to.have.length(1);
    expect(said.summary).to.deep.equal({
      files: 1,
      rules: 0,
      correlations: 0,
      filters: 0,
      errors: 1,
      warnings: 0,
    });
    writeFileSync(at('warned.yml'), rule.replace('level: high', ''));
    const codes = ['warning', 'error'].map(async (severity) => {
      const checked = await canh(['rules', 'check', '--fail-on', severity, at('warned.yml')]);
      return checked.code;
    });
    expect(await Promise.all(codes)).to.deep.equal([1, 0]);
  });

  it('explain says why and why not, of every event or of one line', async () => {
    const all = await canh(['rules', 'explain', at('rules/wanted.yml'), at('events.ndjson')]);
    expect(all.stdout.split('\n').slice(0, -1)).to.deep.equal([
      `${at('events.ndjson')}:1: "Wanted" does not match`,
      '  - selection: CommandLine is "x", which does not contain "wanted".',
      `${at('events.ndjson')}:2: "Wanted" matches`,
      '  selection',
      '  + selection',
      '    + CommandLine|contains: "wanted"  ("wanted")',
    ]);
    const id = '0d1c7b5e-33a4-4bb2-9a4e-94b1a3b1c001';
    writeFileSync(at('canh.yaml'), `rules: [${at('rules')}]\n`);
    const one = await canh([
      'rules', 'explain', id, at('events.ndjson'), '--line', '1', '--format', 'json', '--config', at('canh.yaml'),
    ]); // prettier-ignore
    expect(JSON.parse(one.stdout)).to.deep.include({ matched: false, rule: { id, title: 'Wanted' } });
    for (const args of [
      [at('rules/wanted.yml'), at('events.ndjson'), '--line', '7'],
      ['no such rule', at('events.ndjson')],
    ])
      expect((await canh(['rules', 'explain', ...args])).code).to.equal(64);
    expect((await canh(['rules', 'explain', at('bad/typo.yml'), at('events.ndjson')])).stderr).to.include(
      'typo.yml:7:',
    );
  });

  it('check gives 66 for a path that is not there', async () => {
    expect((await canh(['rules', 'check', at('none')])).code).to.equal(66);
  });

  it('import keeps the names of a directory, however it is written', async () => {
    mkdirSync(at('set/sub'), { recursive: true });
    for (const name of ['a.yml', 'ab.yml', 'sub/bb.yml']) writeFileSync(at(`set/${name}`), rule);
    const { stdout } = await canh(['rules', 'import', './set', '--name', 'named', '--data', at('data')]);
    expect(stdout).to.include('3 rules of "named" can run');
    const files = readdirSync(at('data/rules/named'), { recursive: true, encoding: 'utf8' });
    expect(files.toSorted()).to.deep.equal(['a.yml', 'ab.yml', 'sub', 'sub/bb.yml']);
  });

  it('test gives 66 for a path that is not there', async () => {
    expect((await canh(['rules', 'test', at('none')])).code).to.equal(66);
  });

  it('import takes a zip with its licence, and refuses one that leaves its folder', async () => {
    const zip = (files: Record<string, string>): Uint8Array =>
      zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
    writeFileSync(at('set.zip'), zip({ 'set/a.yml': rule, 'set/LICENSE': 'DRL 1.1', 'set/run.sh': 'no' }));
    writeFileSync(at('evil.zip'), zip({ '../evil.yml': rule }));
    const imported = await canh(['rules', 'import', at('set.zip'), '--data', at('data')]);
    expect(imported.stdout)
      .to.include('1 rules of "set" can run')
      .and.to.include('Licence kept: set/LICENSE');
    const refused = await canh(['rules', 'import', at('evil.zip'), '--data', at('data')]);
    expect([refused.code, refused.stderr.includes('rule_set_invalid')]).to.deep.equal([1, true]);
  });
});

describe('canh events', () => {
  before(async () => {
    const store = openSqliteIndex({ directory: at('data/index') });
    const documents = [0, 1, 2].map((n) => {
      const accepted = Date.UTC(2026, 10, 23, n);
      const made: Event = {
        id: timedId(accepted, [n]),
        agency: 'soc',
        time: accepted,
        accepted,
        logsource: [],
        ecs: { 'user.name': n === 2 ? '=cmd|calc' : 'hạnh' },
        native: {},
        aliases: {},
        original: `line ${n}`,
        parser: { name: 'test', version: 1 },
        record: { collector: 'c', epoch: 'e', seq: n, input: 'i', ordinal: 0, records: 1 },
      };
      return { id: made.id, agency: 'soc', time: accepted, body: eventToDocument(made) };
    });
    await store.bind(socTenant).create('events', documents);
    await store.close();
  });

  it('prints one document a line with its id, newest first', async () => {
    const { stdout } = await canh(['events', '--data', at('data')]);
    const found = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; event: { original: string } });
    expect(found.map((document) => document.event.original)).to.deep.equal(['line 2', 'line 1', 'line 0']);
    expect(found.every(({ id }) => id.length === 26)).to.equal(true);
  });

  it('finds by query and since', async () => {
    const { stdout } = await canh([
      'events',
      'user.name:hanh',
      '--since',
      '2026-11-23T00:30:00Z',
      '--data',
      at('data'),
    ]);
    expect(stdout.trim().split('\n')).to.have.length(1);
  });

  it('writes CSV that no spreadsheet runs', async () => {
    const { stdout } = await canh(['events', '--format', 'csv', '--data', at('data')]);
    expect(stdout.split('\r\n')[0]).to.equal('time,agency,host,user,source,action,outcome,original,id');
    expect(stdout).to.include(",'=cmd|calc,");
  });

  it('a query that cannot be read gives 64 and says where', async () => {
    const { code, stderr } = await canh(['events', 'user.name:(', '--data', at('data')]);
    expect(code).to.equal(64);
    expect(stderr).to.include('query_syntax');
  });

  it('a directory without an index gives 66', async () => {
    expect((await canh(['events', '--data', at('elsewhere')])).code).to.equal(66);
  });
});

describe('canh', () => {
  it('every command has a help with an example', async () => {
    for (const args of [
      ['up'],
      ['demo'],
      ['detect'],
      ['rules', 'check'],
      ['rules', 'test'],
      ['rules', 'explain'],
      ['rules', 'import'],
      ['events'],
      ['alerts'],
      ['completion'],
    ]) {
      const { code, stdout } = await canh([...args, '--help']);
      expect(code, args.join(' ')).to.equal(0);
      expect(stdout, args.join(' ')).to.include('Example:');
    }
  });

  it('prints a completion that bash can read and that completes', async () => {
    const { stdout } = await canh(['completion']);
    const script = `${stdout}\nCOMP_WORDS=(canh rules im) COMP_CWORD=2; _canh; echo "\${COMPREPLY[@]}"`;
    const completed = await new Promise<string>((resolve) => {
      execFile('bash', ['-c', script], (_error, out) => resolve(out));
    });
    expect(completed.trim()).to.equal('import');
  });

  it('a configuration with a wrong key gives 78, with the place and the right one', async () => {
    writeFileSync(at('wrong.yaml'), 'lisen: x\n');
    const { code, stderr } = await canh(['up', '--config', at('wrong.yaml')]);
    expect(code).to.equal(78);
    expect(stderr).to.include('wrong.yaml:1:1').and.to.include('did you mean "listen"');
  });
});
