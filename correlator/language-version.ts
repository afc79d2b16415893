import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sigma = join(dirname(fileURLToPath(import.meta.url)), '..', 'sigma');
const yamlParser = 'js-yaml/package.json';

/**
 * Tells apart any two versions of the code that reads rules, so that what an older one read is not taken for what this
 * one would read: a hash of that code itself, because a number that people must raise is forgotten once. Undefined where
 * the code is not to be found, as in a bundle.
 */
export function languageVersion(): string | undefined {
  try {
    const files = readdirSync(sigma, { recursive: true, encoding: 'utf8' }).filter(isCode).sort();
    const contents = files.map((file) => [file, readFileSync(join(sigma, file), 'utf8')]);
    const { version } = createRequire(import.meta.url)(yamlParser) as { readonly version: string };
    return hash('sha256', JSON.stringify([version, contents]), 'base64url');
  } catch {
    return undefined;
  }
}

function isCode(file: string): boolean {
  return ['.ts', '.js'].includes(extname(file));
}
