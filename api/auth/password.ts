import { argon2, timingSafeEqual } from 'node:crypto';
import { CanhError } from '../../platform/errors/index.ts';
import type { Random } from '../random.ts';

/** Shortest password that is taken, in characters. */
export const PASSWORD_CHARS_MIN = 12;

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. Memory in KiB. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const TAG_BYTES = 32;
/** A stored hash that asks for more than this is not computed: it could only stop the process. */
const MEMORY_KIB_MAX = 1_048_576;
const PASSES_MAX = 64;
const LANES_MAX = 16;

interface Phc {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** Hash of a password as a PHC string (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`). */
export async function hashPassword(password: string, random: Random): Promise<string> {
  const salt = Buffer.from(random(SALT_BYTES));
  const tag = await derive(password, { ...COST, salt, tag: Buffer.alloc(TAG_BYTES) });
  const cost = `m=${COST.memory},t=${COST.passes},p=${COST.parallelism}`;
  return `$argon2id$v=19$${cost}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** Whether `password` is the one behind the PHC string; false too for a string that is none of ours. */
export async function verifyPassword(phc: string, password: string): Promise<boolean> {
  const parsed = parsePhc(phc);
  if (parsed === undefined) return false;
  return timingSafeEqual(await derive(password, parsed), parsed.tag);
}

/** Refuses a replacement that is too short or equal to the current one; throws `auth_password_weak`. */
export function checkReplacement(current: string, replacement: string): void {
  if (Array.from(normalised(replacement)).length < PASSWORD_CHARS_MIN) {
    throw new CanhError(
      'auth_password_weak',
      `The password needs at least ${PASSWORD_CHARS_MIN} characters.`,
    );
  }
  if (normalised(current) === normalised(replacement)) {
    throw new CanhError('auth_password_weak', 'The new password must differ from the current one.');
  }
}

/** A password that nobody chose: 120 random bits in groups of four, without letters that look alike. */
export function randomPassword(random: Random): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
  const letters = [...random(24)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
  return letters.match(/.{4}/g)?.join('-') ?? letters;
}

/** The same password typed on another keyboard may come in another Unicode form. */
function normalised(password: string): string {
  return password.normalize('NFC');
}

async function derive(password: string, phc: Phc): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    const { memory, passes, parallelism, salt, tag } = phc;
    argon2(
      'argon2id',
      {
        message: Buffer.from(normalised(password)),
        nonce: salt,
        memory,
        passes,
        parallelism,
        tagLength: tag.length,
      },
      (error, derived) => {
        if (error === null) resolve(derived);
        else reject(error);
      },
    );
  });
}

function parsePhc(phc: string): Phc | undefined {
  const found =
    /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/.exec(
      phc,
    );
  if (found === null) return undefined;
  const [memory = 0, passes = 0, parallelism = 0] = found.slice(1, 4).map(Number);
  if (memory > MEMORY_KIB_MAX || passes > PASSES_MAX || parallelism > LANES_MAX) return undefined;
  if (parallelism < 1 || passes < 1 || memory < 8 * parallelism) return undefined;
  const [salt = '', tag = ''] = found.slice(4);
  return { memory, passes, parallelism, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

/** Base64 as PHC strings write it. */
function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
