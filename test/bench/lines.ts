/** A mixed hour of log lines, always the same: sshd, sudo, cron, nginx; every thousandth fires a rule. */
export function benchLine(n: number): string {
  const second = String(n % 60).padStart(2, '0');
  const host = `10.${n % 7}.${n % 31}.${n % 251}`;
  switch (n % 4) {
    case 0:
      return n % 1000 === 0
        ? `Nov 23 10:00:${second} mail01 sshd[${n}]: Accepted password for root from 203.0.113.9 port 50212 ssh2`
        : `Nov 23 10:00:${second} mail01 sshd[${n}]: Accepted publickey for deploy from ${host} port 50212 ssh2: ED25519 SHA256:Zk3${n}`;
    case 1:
      return `Nov 23 10:00:${second} web02 sudo:   hanh : TTY=pts/0 ; PWD=/home/hanh ; USER=root ; COMMAND=/usr/bin/systemctl status app${n % 50}`;
    case 2:
      return `Nov 23 10:00:${second} db03 CRON[${n}]: (backup) CMD (/usr/local/bin/backup --day ${n % 366})`;
    default:
      return `${host} - - [23/Nov/2026:10:00:${second} +0700] "GET /dich-vu-cong/ho-so/${n}?trang=${n % 9} HTTP/1.1" 200 ${1000 + (n % 9000)} "https://portal.example/" "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"`;
  }
}
