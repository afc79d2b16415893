import type { LogSource } from '../../platform/event.ts';

/** SigmaHQ's rules ask for `service: nginx`, others for the log by its name. */
export const accessLogsource: readonly LogSource[] = [
  { category: 'webserver', product: 'nginx', service: 'access' },
  { category: 'webserver', product: 'nginx', service: 'nginx' },
];

export const errorLogsource: readonly LogSource[] = [
  { product: 'nginx', service: 'error' },
  { product: 'nginx', service: 'nginx' },
];
