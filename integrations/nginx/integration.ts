import type { Integration } from '../contract.ts';
import { accessEvent } from '../web-access/access-event.ts';
import { parseAccessLine } from '../web-access/access-line.ts';
import { serverLine } from '../web-access/server.ts';
import { parseErrorLine } from './error-line.ts';
import { parseJsonLine } from './json-line.ts';
import { accessLogsource, errorLogsource } from './logsources.ts';

/** Access lines (text and JSON) and error lines of nginx. Access lines only where something says that nginx wrote them. */
export const nginx: Integration = {
  id: 'nginx',
  version: 1,
  products: ['nginx'],
  logsources: [...accessLogsource, ...errorLogsource],
  parse(line) {
    const { text, server } = serverLine(line);
    const event = parseErrorLine(text, line) ?? parseJsonLine(text, line, server === 'nginx');
    if (event !== undefined) return [event];
    if (server !== 'nginx') return undefined;
    const access = parseAccessLine(text);
    if (access === undefined) return undefined;
    return [accessEvent(access, { dataset: 'nginx.access', logsource: accessLogsource })];
  },
};
