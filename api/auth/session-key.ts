import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CanhError, systemCode } from '../../platform/errors/index.ts';
import type { Random } from '../random.ts';

const KEY_BYTES = 32;

/**
 * The key that signs sessions: `session.key` in the data directory, made at the first run and readable by its owner
 * alone. Deleting the file ends every session. Throws `config_secret_unreadable`.
 */
export async function loadSessionKey(directory: string, random: Random): Promise<Buffer> {
  const path = join(directory, 'session.key');
  const key = (await readKey(path)) ?? (await writeKey(path, Buffer.from(random(KEY_BYTES))));
  if (key.length !== KEY_BYTES) {
    throw new CanhError(
      'config_secret_unreadable',
      `${path} is damaged; delete it, and everybody signs in again.`,
    );
  }
  return key;
}

async function readKey(path: string): Promise<Buffer | undefined> {
  try {
    await chmod(path, 0o600);
    return await readFile(path);
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw new CanhError('config_secret_unreadable', `${path} cannot be read; check its permissions.`, {
      cause,
    });
  }
}

/** Written beside and renamed, so that a crash never leaves half a key. */
async function writeKey(path: string, key: Buffer): Promise<Buffer> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(key);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  return key;
}
