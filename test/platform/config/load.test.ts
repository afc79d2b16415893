import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfig, parseConfig } from '../../../platform/config/load.ts';
import { CanhError } from '../../../platform/errors/index.ts';

const full = `
listen: 127.0.0.1:8081
data: /var/lib/canh
rules: [./rules, /etc/canh/rules]
retention: { hot_days: 7, archive_days: 400 }
collector:
  agency: can-tho
  id: soc-1
  inputs:
    - { type: file, paths: ["/var/log/auth.log"], product: linux }
    - { type: syslog, listen: "127.0.0.1:5514", protocol: tcp }
    - { type: journal, units: [ssh.service] }
    - { type: stdin, zone: Asia/Ho_Chi_Minh }
`;

function parse(text: string, environment: Record<string, string> = {}) {
  return parseConfig(text, { file: 'canh.yaml', environment });
}

function failure(text: string, environment: Record<string, string> = {}): CanhError {
  try {
    parse(text, environment);
  } catch (error) {
    if (error instanceof CanhError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseConfig', () => {
  it('an empty file gives the defaults', () => {
    expect(parse('')).to.deep.equal({
      listen: '127.0.0.1:8080',
      data: './data',
      rules: ['./rules'],
      log_level: 'info',
      retention: { hot_days: 30, archive_days: 365 },
      correlation: { lateness_s: 120, idle_s: 60, state_mb: 64 },
      pipelines: [],
      collector: { agency: 'soc', inputs: [] },
    });
  });

  it('takes every key as people write it', () => {
    const config = parse(full);
    expect(config.collector.agency).to.equal('can-tho');
    expect(config.collector.inputs.map(({ type }) => type)).to.deep.equal([
      'file',
      'syslog',
      'journal',
      'stdin',
    ]);
    expect(config.retention).to.deep.equal({ hot_days: 7, archive_days: 400 });
  });

  it('the environment wins over the file, by type', () => {
    const config = parse(full, {
      CANH_LISTEN: '0.0.0.0:9',
      CANH_RETENTION_HOT_DAYS: '3',
      CANH_RULES: '/a, /b',
    });
    expect(config.listen).to.equal('0.0.0.0:9');
    expect(config.retention).to.deep.equal({ hot_days: 3, archive_days: 400 });
    expect(config.rules).to.deep.equal(['/a', '/b']);
  });

  const bad: readonly {
    name: string;
    text: string;
    code: string;
    says: string;
    line: number;
    column?: number;
  }[] = [
    {
      name: 'an unknown key',
      text: 'lisen: x:1',
      code: 'config_unknown_key',
      says: 'did you mean "listen"',
      line: 1,
      column: 1,
    },
    {
      name: 'an unknown nested key',
      text: 'retention:\n  hot_day: 3',
      code: 'config_unknown_key',
      says: 'did you mean "hot_days"',
      line: 2,
      column: 3,
    },
    {
      name: 'an unknown key of an input',
      text: 'collector:\n  inputs:\n    - { type: file, paths: [a], exclud: [b] }',
      code: 'config_unknown_key',
      says: 'did you mean "exclude"',
      line: 3,
    },
    {
      name: 'an unknown key unlike any',
      text: 'zzzzzzzz: 1',
      code: 'config_unknown_key',
      says: 'Unknown key "zzzzzzzz"',
      line: 1,
    },
    {
      name: 'an unknown type of input',
      text: 'collector:\n  inputs:\n    - { type: fil, paths: [a] }',
      code: 'config_invalid',
      says: "'file' | 'syslog'",
      line: 3,
    },
    {
      name: 'a missing value',
      text: 'collector:\n  inputs:\n    - { type: file }',
      code: 'config_invalid',
      says: 'collector.inputs.0.paths',
      line: 3,
    },
    {
      name: 'a number below its range',
      text: 'retention: { hot_days: 0 }',
      code: 'config_invalid',
      says: 'retention.hot_days',
      line: 1,
    },
    {
      name: 'text for a number',
      text: 'retention: { hot_days: many }',
      code: 'config_invalid',
      says: 'retention.hot_days',
      line: 1,
    },
    {
      name: 'an address without a port',
      text: 'listen: localhost',
      code: 'config_invalid',
      says: 'host:port',
      line: 1,
    },
    {
      name: 'a port past the last one',
      text: 'listen: localhost:65536',
      code: 'config_invalid',
      says: '65535',
      line: 1,
    },
    { name: 'broken YAML', text: 'listen: [', code: 'config_syntax', says: '', line: 1 },
    { name: 'a list at the top', text: '- a', code: 'config_invalid', says: 'map of keys', line: 1 },
    { name: 'the same key twice', text: 'data: a\ndata: b', code: 'config_syntax', says: 'unique', line: 2 },
  ];
  for (const row of bad) {
    it(`${row.name} is refused with its place`, () => {
      const error = failure(row.text);
      expect(error.code).to.equal(row.code);
      expect(error.message).to.include(row.says);
      expect(error.place?.file).to.equal('canh.yaml');
      expect(error.place?.line).to.equal(row.line);
      if (row.column !== undefined) expect(error.place?.column).to.equal(row.column);
    });
  }

  it('a value of the environment that is no number is refused', () => {
    expect(failure('', { CANH_RETENTION_HOT_DAYS: 'x' }).code).to.equal('config_invalid');
  });
});

describe('loadConfig', () => {
  let directory = '';
  before(() => (directory = mkdtempSync(join(tmpdir(), 'canh-config-'))));
  after(() => rmSync(directory, { recursive: true }));

  it('reads a file, and values from files that the environment names', () => {
    const file = join(directory, 'canh.yaml');
    const secret = join(directory, 'listen');
    writeFileSync(file, 'data: /x\n');
    writeFileSync(secret, '127.0.0.1:7\n');
    const config = loadConfig({ file, environment: { CANH_LISTEN_FILE: secret } });
    expect([config.data, config.listen]).to.deep.equal(['/x', '127.0.0.1:7']);
  });

  it('a file that is not there is named', () => {
    const file = join(directory, 'none.yaml');
    expect(() => loadConfig({ file, environment: {} }))
      .to.throw(CanhError)
      .that.deep.includes({ code: 'config_unreadable', place: { file } });
  });

  it('a secret that cannot be read is named', () => {
    const environment = { CANH_LISTEN_FILE: join(directory, 'none') };
    expect(() => loadConfig({ environment }))
      .to.throw(CanhError)
      .with.property('code', 'config_secret_unreadable');
  });
});
