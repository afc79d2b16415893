import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';

const dist = resolve(dirname(fileURLToPath(import.meta.url)), '../../ui/dist');
const budgetKb = { js: 220, css: 40, fonts: 120 };

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

/** Files that a first visit of /alerts loads: the entry (it holds the queue), what it imports, and one language. */
function firstLoad(): readonly string[] {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    Chunk
  >;
  const files = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`the manifest has no ${name}`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const css of chunk.css ?? []) files.add(css);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  visit('index.html');
  visit('src/i18n/vi.ts');
  return [...files];
}

function kilobytes(files: readonly string[], measure: (bytes: Buffer) => number): number {
  return files.reduce((sum, file) => sum + measure(readFileSync(join(dist, file))), 0) / 1000;
}

function zipped(bytes: Buffer): number {
  return gzipSync(bytes).length;
}

describe('budget of the console', () => {
  before(function () {
    if (existsSync(join(dist, '.vite/manifest.json'))) return;
    process.stderr.write('SKIPPED: the budget of the console; build it first (npm run prepare)\n');
    this.skip();
  });

  it('loads at most 220 kB of scripts for /alerts', () => {
    const scripts = firstLoad().filter((file) => file.endsWith('.js'));
    expect(kilobytes(scripts, zipped)).to.be.at.most(budgetKb.js);
  });

  it('loads at most 40 kB of styles for /alerts', () => {
    const styles = firstLoad().filter((file) => file.endsWith('.css'));
    expect(kilobytes(styles, zipped)).to.be.at.most(budgetKb.css);
  });

  it('loads at most 120 kB of fonts', () => {
    const styles = firstLoad().filter((file) => file.endsWith('.css'));
    const text = styles.map((file) => readFileSync(join(dist, file), 'utf8')).join('');
    const fonts = [...new Set([...text.matchAll(/assets\/[\w.-]+\.woff2/g)].map(([file]) => file))];
    expect(fonts).to.have.length(4);
    expect(kilobytes(fonts, (bytes) => bytes.length)).to.be.at.most(budgetKb.fonts);
  });

  it('has no script inside the page, which the content security policy would refuse', () => {
    const html = readFileSync(join(dist, 'index.html'), 'utf8');
    expect(html).to.match(/<script type="module"[^>]* src="[^"]+"><\/script>/);
    expect(html).not.to.match(/<script(?![^>]* src=)/);
  });
});
