import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { LogName } from './scenario/index.ts';

/** Where the demo's one host that ships over the wire sends its lines. */
export const SYSLOG_ADDRESS = '127.0.0.1';
const PORT_MIN = 20_000;
const PORTS = 10_000;

/** The port of a demo's syslog input: drawn from its directory, so that two demos on one machine keep apart. */
export function syslogPortOf(directory: string): number {
  return PORT_MIN + (Number.parseInt(hash('sha256', directory).slice(0, 8), 16) % PORTS);
}

/** The files that the hosts of the demo write, below its directory. */
export const files: Readonly<Record<Exclude<LogName, 'syslog'>, string>> = {
  'mail-auth': 'mail01/auth.log',
  'web-access': 'web01/nginx/access.log',
  'web-error': 'web01/nginx/error.log',
  'web-audit': 'web01/audit/audit.log',
  'dc-events': 'dc01/events.ndjson',
};

const ZONE = 'Asia/Ho_Chi_Minh';

/** Configuration, as people write it, with the inputs that read what the demo writes below `directory`. */
export function demoConfig(directory: string, syslogPort: number = syslogPortOf(directory)) {
  const file = (id: string, log: keyof typeof files, product: string) => ({
    type: 'file' as const,
    id,
    // The glob takes in the rotated file, which is read to its end under its new name.
    paths: [`${join(directory, files[log])}*`],
    product,
    zone: ZONE,
  });
  return {
    collector: {
      agency: 'soc',
      // The web server's files name no host, so they count as those of the collector's machine.
      id: 'web01',
      inputs: [
        file('mail01-auth', 'mail-auth', 'linux'),
        file('web01-access', 'web-access', 'nginx'),
        file('web01-error', 'web-error', 'nginx'),
        file('web01-audit', 'web-audit', 'linux'),
        file('dc01-events', 'dc-events', 'windows'),
        {
          type: 'syslog' as const,
          id: 'vanban01-syslog',
          listen: `${SYSLOG_ADDRESS}:${syslogPort}`,
          protocol: 'tcp' as const,
          product: 'linux',
          zone: ZONE,
        },
      ],
    },
  };
}
