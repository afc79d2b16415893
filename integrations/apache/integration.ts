import type { Integration } from '../contract.ts';
import { accessEvent } from '../web-access/access-event.ts';
import { parseAccessLine } from '../web-access/access-line.ts';
import { serverLine } from '../web-access/server.ts';
import { parseErrorLine } from './error-line.ts';
import { accessLogsource, errorLogsource } from './logsources.ts';

/** Access and error lines of Apache, ModSecurity's among them. Access lines only where something says that Apache wrote them. */
export const apache: Integration = {
  id: 'apache',
  version: 1,
  products: ['apache'],
  logsources: [...accessLogsource, ...errorLogsource],
  parse(line) {
    const { text, server } = serverLine(line);
    const event = parseErrorLine(text, line, server === 'apache');
    if (event !== undefined) return [event];
    if (server !== 'apache') return undefined;
    const access = parseAccessLine(text);
    if (access === undefined) return undefined;
    return [accessEvent(access, { dataset: 'apache.access', logsource: accessLogsource })];
  },
};
