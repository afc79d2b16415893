import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import {
  checkReplacement,
  hashPassword,
  PASSWORD_CHARS_MIN,
  randomPassword,
  verifyPassword,
} from '../../api/auth/password.ts';
import { CanhError } from '../../platform/errors/index.ts';

describe('hashPassword', () => {
  it('writes a PHC string of argon2id with at least 19 MiB and two passes, salted', async () => {
    const [first, second] = await Promise.all([
      hashPassword('bí mật', randomBytes),
      hashPassword('bí mật', randomBytes),
    ]);
    expect(first).to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(first).not.to.equal(second);
  });
});

describe('verifyPassword', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['takes the right password', 'Mật khẩu của tôi', true],
    ['takes it in another Unicode form', 'Mật khẩu của tôi'.normalize('NFD'), true],
    ['refuses another one', 'Mật khẩu của tôI', false],
    ['refuses an empty one', '', false],
  ];
  for (const [title, password, right] of cases) {
    it(title, async () => {
      expect(await verifyPassword(await hashPassword('Mật khẩu của tôi', randomBytes), password)).to.equal(
        right,
      );
    });
  }

  const salt = 'c2FsdHNhbHRzYWx0c2FsdA';
  const tag = 'A'.repeat(43);
  const broken: readonly (readonly [string, string])[] = [
    ['no PHC string', 'password'],
    ['another algorithm', `$argon2i$v=19$m=19456,t=2,p=1$${salt}$${tag}`],
    ['more memory than allowed', `$argon2id$v=19$m=99999999,t=2,p=1$${salt}$${tag}`],
    ['more passes than allowed', `$argon2id$v=19$m=19456,t=999,p=1$${salt}$${tag}`],
    ['no lane', `$argon2id$v=19$m=19456,t=2,p=0$${salt}$${tag}`],
  ];
  for (const [title, phc] of broken) {
    it(`refuses a stored hash with ${title}`, async () => {
      expect(await verifyPassword(phc, 'password')).to.equal(false);
    });
  }
});

describe('checkReplacement', () => {
  const long = 'x'.repeat(PASSWORD_CHARS_MIN);
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['takes one of the least length', long, true],
    ['refuses one character less', long.slice(1), false],
    ['counts characters and not code units', '🐃'.repeat(PASSWORD_CHARS_MIN - 1), false],
    ['refuses the current one', 'the current one', false],
  ];
  for (const [title, replacement, taken] of cases) {
    it(title, () => {
      const check = (): void => checkReplacement('the current one', replacement);
      if (taken) check();
      else expect(check).to.throw(CanhError).with.property('code', 'auth_password_weak');
    });
  }
});

describe('randomPassword', () => {
  it('is 24 letters in groups of four, never the same', () => {
    const made = Array.from({ length: 50 }, () => randomPassword(randomBytes));
    for (const password of made) expect(password).to.match(/^([a-km-np-z2-9]{4}-){5}[a-km-np-z2-9]{4}$/);
    expect(new Set(made).size).to.equal(50);
  });
});
