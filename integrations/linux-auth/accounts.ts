import type { Facts, ReadFacts } from './facts.ts';

interface Form {
  readonly pattern: RegExp;
  readonly facts: (match: RegExpExecArray) => Facts;
}

const NAME = String.raw`'?([^\s',]{1,256})'?`;

function form(pattern: string, facts: Form['facts']): Form {
  return { pattern: new RegExp(pattern.replaceAll('NAME', NAME)), facts };
}

function user(action: string, change: 'creation' | 'change' | 'deletion', more: Partial<Facts>): Facts {
  return { category: ['iam'], type: ['user', change], action, outcome: 'success', ...more };
}

function group(action: string, change: 'creation' | 'change' | 'deletion', more: Partial<Facts>): Facts {
  return { category: ['iam'], type: ['group', change], action, outcome: 'success', ...more };
}

/** What useradd, usermod, userdel, groupadd, groupdel, gpasswd, passwd, chage, chsh and chfn write, most specific first. */
const forms: readonly Form[] = [
  form('^new user: ', ({ input }) => {
    const native = readPairs(input.slice('new user: '.length));
    return user('user_created', 'creation', {
      targetUser: native['name'] ?? '',
      native,
      ecs: native['UID'] === undefined ? {} : { 'user.target.id': native['UID'] },
    });
  }),
  form('^new group: ', ({ input }) => {
    const native = readPairs(input.slice('new group: '.length));
    return group('group_created', 'creation', { group: native['name'] ?? '', native });
  }),
  form('^failed adding user NAME', ([, name]) =>
    user('user_created', 'creation', { targetUser: name ?? '', outcome: 'failure' }),
  ),
  form('^add NAME to (?:shadow )?group NAME', ([, name, to]) =>
    group('user_added_to_group', 'change', { targetUser: name ?? '', group: to ?? '' }),
  ),
  form(String.raw`^user NAME added by NAME to group NAME`, ([, name, by, to]) =>
    group('user_added_to_group', 'change', { targetUser: name ?? '', user: by ?? '', group: to ?? '' }),
  ),
  form('^user NAME removed by NAME from group NAME', ([, name, by, from]) =>
    group('user_removed_from_group', 'change', { targetUser: name ?? '', user: by ?? '', group: from ?? '' }),
  ),
  form('^delete NAME from (?:shadow )?group NAME', ([, name, from]) =>
    group('user_removed_from_group', 'change', { targetUser: name ?? '', group: from ?? '' }),
  ),
  form('^delete user NAME', ([, name]) => user('user_deleted', 'deletion', { targetUser: name ?? '' })),
  form('^(?:removed (?:shadow )?group NAME|group NAME removed)', ([, first, second]) =>
    group('group_deleted', 'deletion', { group: first ?? second ?? '' }),
  ),
  form('^(lock|unlock) user NAME password', ([, verb, name]) =>
    user(verb === 'lock' ? 'user_locked' : 'user_unlocked', 'change', { targetUser: name ?? '' }),
  ),
  form('^change user NAME password', ([, name]) =>
    user('password_changed', 'change', { targetUser: name ?? '' }),
  ),
  form(
    "^change user NAME ([\\w ]{1,40}) from '([^']{0,512})' to '([^']{0,512})'",
    ([, name, what, from, to]) =>
      user('user_changed', 'change', {
        targetUser: name ?? '',
        native: { attribute: what ?? '', from: from ?? '', to: to ?? '' },
      }),
  ),
  form('^change user NAME', ([, name]) => user('user_changed', 'change', { targetUser: name ?? '' })),
  form('^password for NAME changed by NAME', ([, name, by]) =>
    user('password_changed', 'change', { targetUser: name ?? '', user: by ?? '' }),
  ),
  form('^changed password expiry for NAME', ([, name]) =>
    user('password_expiry_changed', 'change', { targetUser: name ?? '' }),
  ),
  form('^changed user NAME (?:shell to|information)', ([, name]) =>
    user('user_changed', 'change', { targetUser: name ?? '' }),
  ),
  form('^group (?:added|changed) ', ({ input }) =>
    group('group_changed', 'change', { native: { text: input } }),
  ),
];

export const readAccounts: ReadFacts = (message) => {
  for (const { pattern, facts } of forms) {
    const match = pattern.exec(message);
    if (match !== null) return facts(match);
  }
  return undefined;
};

/** `name=an, UID=1001, GID=1001, home=/home/an, shell=/bin/bash, from=/dev/pts/1` */
function readPairs(text: string): Readonly<Record<string, string>> {
  const pairs = new Map<string, string>();
  for (const item of text.split(', ', 16)) {
    const equals = item.indexOf('=');
    const name = item.slice(0, Math.max(equals, 0));
    if (/^[A-Za-z]{1,16}$/.test(name) && !pairs.has(name)) pairs.set(name, item.slice(equals + 1));
  }
  return Object.fromEntries(pairs);
}
