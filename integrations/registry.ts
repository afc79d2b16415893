import type { LogSource } from '../platform/event.ts';
import { apache } from './apache/integration.ts';
import type { Integration } from './contract.ts';
import { linuxAuditd } from './linux-auditd/integration.ts';
import { linuxAuth } from './linux-auth/integration.ts';
import { nginx } from './nginx/integration.ts';
import { syslogMessages } from './syslog/integration.ts';
import { webAccess } from './web-access/integration.ts';
import { windows } from './windows/integration.ts';

/** Every product that Canh reads, in the order in which they are tried; the strictest first. */
export const integrations: readonly Integration[] = [
  windows,
  linuxAuditd,
  linuxAuth,
  nginx,
  apache,
  webAccess,
  syslogMessages,
];

/** Every logsource that some event can have; a rule for any other is blind. */
export const logsources: readonly LogSource[] = integrations.flatMap((integration) => integration.logsources);
