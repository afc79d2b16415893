import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const rooms = [
  'platform',
  'sigma',
  'integrations',
  'collectors',
  'correlator',
  'api',
  'ui',
  'demo',
  'bin',
  'test',
];

/** Room → rooms it may import; `index` after a colon: only the public face. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  sigma: [],
  integrations: ['platform', 'sigma'],
  collectors: ['platform'],
  correlator: ['platform', 'integrations', 'sigma'],
  api: ['platform', 'integrations:index', 'sigma:index', 'collectors:index', 'correlator:index'],
  ui: ['api/contract'],
  demo: ['platform'],
  bin: ['*'],
  test: ['*'],
};

/** Packages that a room may import besides Node's own; a room not named here may import any. */
const packages: Readonly<Record<string, readonly string[]>> = { sigma: ['js-yaml', 're2js'] };

interface Source {
  readonly path: string;
  readonly room: string;
  readonly text: string;
}

function walk(directory: string): readonly string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory())
      return ['node_modules', 'dist', 'samples'].includes(entry.name) ? [] : walk(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const sources: readonly Source[] = rooms.flatMap((room) =>
  walk(room).map((path) => ({ path, room, text: readFileSync(join(root, path), 'utf8') })),
);

function importsOf(source: Source): readonly string[] {
  const found = source.text.matchAll(
    /(?:^|\n)(?:import|export)\b[^'"`;]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g,
  );
  return [...found].map((match) => match[1] ?? match[2] ?? '');
}

function violation(source: Source, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) {
    const names = packages[source.room];
    if (names === undefined || specifier.startsWith('node:') || names.includes(specifier)) return undefined;
    return `${source.path} imports ${specifier}`;
  }
  const target = relative(root, resolve(root, dirname(source.path), specifier));
  const room = target.split('/')[0] ?? '';
  const rules = allowed[source.room] ?? [];
  const fine =
    room === source.room ||
    rules.includes('*') ||
    rules.includes(room) ||
    (rules.includes(`${room}:index`) && target === `${room}/index.ts`) ||
    rules.some((rule) => rule.includes('/') && target.startsWith(rule));
  return fine ? undefined : `${source.path} imports ${target}`;
}

/** What may not stand in a source, where, and what to use in its place. */
const banned: readonly { readonly pattern: RegExp; readonly instead: string; readonly except: RegExp }[] = [
  {
    pattern: /\bDate\.now\(|\bnew Date\(\)/,
    instead: 'the Clock that was passed in',
    except: /^(bin|test|ui)\/|main\.ts$|^platform\/clock\.ts$/,
  },
  { pattern: /\bMath\.random\(/, instead: 'randomness that was passed in', except: /^test\/bench\// },
  {
    pattern: /\bprocess\.(env|argv|exit)\b/,
    instead: 'an argument; only bin/ and main.ts read the process',
    except: /^(bin|test)\/|main\.ts$/,
  },
  {
    pattern: /\bfrom ['"]\.[^'"]*(?<!\/launcher)\.js['"]/,
    instead: 'the .ts file itself',
    except: /^test\/tidy|launcher/,
  },
  {
    pattern: /dangerouslySetInnerHTML|\beval\(|new Function\(/,
    instead: 'encoded output',
    except: /^test\//,
  },
  {
    pattern: /@ts-ignore|@ts-nocheck|eslint-disable|oxlint-disable(?!-next-line [\w/-]+ --)/,
    instead: 'a fix, or one rule with its reason',
    except: /^test\/tidy/,
  },
];

const bannedNames = /(^|[/-])(utils?|helpers?|manager|common|misc)([.-]|\/)/;

describe('tidy', () => {
  it('imports go one way', () => {
    const violations = sources.flatMap((source) =>
      importsOf(source).map((specifier) => violation(source, specifier)),
    );
    expect(violations.filter((found) => found !== undefined)).to.deep.equal([]);
  });

  for (const { pattern, instead, except } of banned) {
    it(`no ${String(pattern)}: use ${instead}`, () => {
      const found = sources.filter(
        ({ path, text }) => !except.test(path) && path !== 'test/tidy.test.ts' && pattern.test(text),
      );
      expect(found.map(({ path }) => path)).to.deep.equal([]);
    });
  }

  it('files are named for what they are', () => {
    expect(sources.map(({ path }) => path).filter((path) => bannedNames.test(path))).to.deep.equal([]);
  });

  it('every room says what it is for, in at most 60 lines', () => {
    const lines = rooms
      .filter((room) => room !== 'test' && room !== 'bin')
      .map((room) => ({
        room,
        lines: readFileSync(join(root, room, 'README.md'), 'utf8').split('\n').length,
      }));
    expect(lines.filter((readme) => readme.lines > 61)).to.deep.equal([]);
  });

  it('no dependency has an install script', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.to.include('"hasInstallScript"');
  });

  it('sees what it checks', () => {
    const planted: Source = {
      path: 'platform/x.ts',
      room: 'platform',
      text: "import { a } from '../api/index.ts';\n",
    };
    expect(importsOf(planted).map((specifier) => violation(planted, specifier))).to.deep.equal([
      'platform/x.ts imports api/index.ts',
    ]);
  });
});
