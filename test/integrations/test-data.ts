import { existsSync } from 'node:fs';

/** The folder of foreign test data, from `CANH_TEST_DATA`; undefined, with one loud line, where there is none. */
export function testData(): string | undefined {
  const folder = process.env['CANH_TEST_DATA'];
  if (folder !== undefined && existsSync(folder)) return folder;
  if (!said) process.stderr.write('SKIPPED: CANH_TEST_DATA is not set, so foreign test data was not read.\n');
  said = true;
  return undefined;
}

let said = false;
