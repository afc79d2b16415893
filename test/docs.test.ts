import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { configReference } from '../platform/config/reference.ts';
import { catalogue } from '../platform/errors/index.ts';
import { problemCatalogue } from '../sigma/index.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

function errorReference(): string {
  const row = ([code, sentence]: readonly [string, string]): string =>
    `| \`${code}\` | ${sentence.replaceAll('|', '\\|')} |`;
  const table = (entries: Record<string, string>): readonly string[] => [
    '| code | what to do |',
    '| --- | --- |',
    ...Object.entries(entries).map(row),
  ];
  return [
    '# Error reference',
    '',
    'Every expected failure has one of these codes, on the command line, in the API and in the log. This page is made from',
    'the catalogues.',
    '',
    ...table(catalogue),
    '',
    '## Problems of rules',
    '',
    'What `canh rules check` reports.',
    '',
    ...table(problemCatalogue),
    '',
  ].join('\n');
}

const pages: readonly { readonly path: string; readonly make: () => string }[] = [
  { path: 'docs/reference/configuration.md', make: configReference },
  { path: 'docs/reference/errors.md', make: errorReference },
];

describe('docs', () => {
  for (const { path, make } of pages) {
    it(`${path} says what the code says (UPDATE_GOLDEN=1 rewrites it)`, () => {
      const file = join(root, path);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, make());
      expect(readFileSync(file, 'utf8')).to.equal(make());
    });
  }

  const markdown = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.md') && !/(^|\/)(node_modules|dist|data)\//.test(path),
  );
  it('every link between pages leads somewhere', () => {
    const broken = markdown.flatMap((path) =>
      [
        ...readFileSync(join(root, path), 'utf8').matchAll(
          /\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g,
        ),
      ]
        .map((match) => match[1] ?? '')
        .filter((target) => !existsSync(join(root, dirname(path), target)))
        .map((target) => `${path} → ${target}`),
    );
    expect(broken).to.deep.equal([]);
  });
});
