import type { LogSource } from '../../platform/event.ts';
import type { Integration } from '../contract.ts';
import { accessEvent } from './access-event.ts';
import { parseAccessLine } from './access-line.ts';
import { serverLine } from './server.ts';

const logsource: readonly LogSource[] = [{ category: 'webserver' }];

/** Access lines of a server that nothing names: any web server writes them. Tried after nginx and Apache. */
export const webAccess: Integration = {
  id: 'web-access',
  version: 1,
  products: [],
  logsources: logsource,
  parse(line) {
    const access = parseAccessLine(serverLine(line).text);
    return access === undefined ? undefined : [accessEvent(access, { dataset: 'web.access', logsource })];
  },
};
