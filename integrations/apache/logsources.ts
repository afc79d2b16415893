import type { LogSource } from '../../platform/event.ts';

/** SigmaHQ's rules ask for `service: apache`, others for the log by its name. */
export const accessLogsource: readonly LogSource[] = [
  { category: 'webserver', product: 'apache', service: 'access' },
  { category: 'webserver', product: 'apache', service: 'apache' },
];

export const errorLogsource: readonly LogSource[] = [
  { product: 'apache', service: 'error' },
  { product: 'apache', service: 'apache' },
];
