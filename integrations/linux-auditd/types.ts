/** Record types that the kernel prints as numbers when no audit daemon runs (`linux/audit.h`). */
const names: ReadonlyMap<string, string> = new Map(
  [
    '1006 LOGIN 1100 USER_AUTH 1101 USER_ACCT 1102 USER_MGMT 1103 CRED_ACQ 1104 CRED_DISP 1105 USER_START',
    '1106 USER_END 1107 USER_AVC 1108 USER_CHAUTHTOK 1109 USER_ERR 1110 CRED_REFR 1112 USER_LOGIN 1113 USER_LOGOUT',
    '1114 ADD_USER 1115 DEL_USER 1116 ADD_GROUP 1117 DEL_GROUP 1123 USER_CMD 1124 USER_TTY 1130 SERVICE_START',
    '1131 SERVICE_STOP 1132 GRP_MGMT 1200 DAEMON_START 1201 DAEMON_END 1300 SYSCALL 1302 PATH 1303 IPC',
    '1304 SOCKETCALL 1305 CONFIG_CHANGE 1306 SOCKADDR 1307 CWD 1309 EXECVE 1317 FD_PAIR 1318 OBJ_PID 1319 TTY',
    '1320 EOE 1321 BPRM_FCAPS 1322 CAPSET 1323 MMAP 1325 NETFILTER_CFG 1326 SECCOMP 1327 PROCTITLE',
    '1328 FEATURE_CHANGE 1330 KERN_MODULE 1331 FANOTIFY 1334 BPF 1335 EVENT_LISTENER 1336 URINGOP 1337 OPENAT2',
    '1400 AVC 1403 MAC_POLICY_LOAD 1404 MAC_STATUS 1700 ANOM_PROMISCUOUS 1701 ANOM_ABEND 1702 ANOM_LINK',
  ]
    .join(' ')
    .match(/\d+ \w+/g)
    ?.map((pair) => [pair.slice(0, 4), pair.slice(5)] as const),
);

/** Types that come one record at a time, whatever their serial; all others may have companions. */
const alone =
  /^(?:USER_\w+|CRED_\w+|ADD_\w+|DEL_\w+|GRP_\w+|ACCT_\w+|CHGRP_ID|CHUSER_ID|SERVICE_\w+|SYSTEM_\w+|DAEMON_\w+|CRYPTO_\w+|VIRT_\w+|ROLE_\w+|RESP_\w+|USYS_\w+|TEST|TRUSTED_APP)$/;

/** The name of a type given by name or number. */
export function typeName(type: string): string {
  return names.get(type) ?? type;
}

/** True where the kernel may write further records with the same serial. */
export function hasCompanions(type: string): boolean {
  return !alone.test(type);
}

/** True for the record that ends a serial. On disk auditd leaves EOE out; PROCTITLE is the kernel's last before it. */
export function endsSerial(type: string): boolean {
  return type === 'EOE' || type === 'PROCTITLE';
}
