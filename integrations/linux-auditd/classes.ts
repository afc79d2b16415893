/** How ECS classifies an audit event. */
export interface EventClass {
  readonly category: readonly string[];
  readonly type: readonly string[];
}

const byType: ReadonlyMap<string, EventClass> = new Map(
  Object.entries({
    USER_AUTH: { category: ['authentication'], type: ['start'] },
    USER_LOGIN: { category: ['authentication'], type: ['start'] },
    USER_ACCT: { category: ['authentication'], type: ['info'] },
    CRED_ACQ: { category: ['authentication'], type: ['info'] },
    CRED_REFR: { category: ['authentication'], type: ['info'] },
    CRED_DISP: { category: ['authentication'], type: ['info'] },
    USER_ERR: { category: ['authentication'], type: ['info'] },
    USER_START: { category: ['session'], type: ['start'] },
    USER_END: { category: ['session'], type: ['end'] },
    USER_LOGOUT: { category: ['session'], type: ['end'] },
    LOGIN: { category: ['session'], type: ['start'] },
    ADD_USER: { category: ['iam'], type: ['user', 'creation'] },
    DEL_USER: { category: ['iam'], type: ['user', 'deletion'] },
    ADD_GROUP: { category: ['iam'], type: ['group', 'creation'] },
    DEL_GROUP: { category: ['iam'], type: ['group', 'deletion'] },
    USER_CHAUTHTOK: { category: ['iam'], type: ['user', 'change'] },
    USER_MGMT: { category: ['iam'], type: ['user', 'change'] },
    GRP_MGMT: { category: ['iam'], type: ['group', 'change'] },
    USER_CMD: { category: ['process'], type: ['start'] },
    SERVICE_START: { category: ['process'], type: ['start'] },
    SERVICE_STOP: { category: ['process'], type: ['end'] },
    CONFIG_CHANGE: { category: ['configuration'], type: ['change'] },
    DAEMON_START: { category: ['process'], type: ['start'] },
    DAEMON_END: { category: ['process'], type: ['end'] },
    KERN_MODULE: { category: ['driver'], type: ['start'] },
    ANOM_ABEND: { category: ['process'], type: ['end'] },
    ANOM_PROMISCUOUS: { category: ['network'], type: ['info'] },
  }),
);

function calls(
  names: string,
  category: string,
  ...type: readonly string[]
): (readonly [string, EventClass])[] {
  return names.split(' ').map((name) => [name, { category: [category], type }] as const);
}

const bySyscall: ReadonlyMap<string, EventClass> = new Map([
  ...calls('execve execveat', 'process', 'start'),
  ...calls(
    'kill tkill tgkill ptrace process_vm_writev personality setuid setreuid setresuid setgid',
    'process',
    'change',
  ),
  ...calls('process_vm_readv', 'process', 'access'),
  ...calls('connect accept accept4', 'network', 'connection', 'start'),
  ...calls('bind listen', 'network', 'info'),
  ...calls('init_module finit_module create_module', 'driver', 'start'),
  ...calls('delete_module', 'driver', 'end'),
  ...calls(
    'chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat setxattr removexattr truncate ftruncate utime utimes utimensat futimesat',
    'file',
    'change',
  ),
  ...calls('unlink unlinkat rmdir', 'file', 'deletion'),
  ...calls('rename renameat renameat2', 'file', 'change'),
  ...calls('creat mkdir mkdirat mknod mknodat link linkat symlink symlinkat', 'file', 'creation'),
  ...calls('open openat openat2 readlink stat access', 'file', 'access'),
]);

/** The class by system call, else by the first record type that has one. */
export function classOf(types: ReadonlySet<string>, syscall: string | undefined): EventClass | undefined {
  const call = syscall === undefined ? undefined : bySyscall.get(syscall);
  if (call !== undefined && !types.has('LOGIN') && !types.has('CONFIG_CHANGE')) return call;
  for (const type of types) {
    const found = byType.get(type);
    if (found !== undefined) return found;
  }
  return call;
}
