import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Directory of the package: the checkout, or where it is installed. */
export function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}

/** The program's version, from its manifest. */
export function version(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
}

/** Rule directories as they are: what is not there beside the user is looked for beside the program. */
export function ruleDirectories(configured: readonly string[]): readonly string[] {
  return configured.map((path) => {
    const brought = join(packageRoot(), path);
    return !existsSync(path) && existsSync(brought) ? brought : path;
  });
}
