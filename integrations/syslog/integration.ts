import type { LogSource } from '../../platform/event.ts';
import type { Integration } from '../contract.ts';
import { MESSAGE_CHARS_MAX } from '../fallback.ts';
import { envelopeEcs } from './envelope.ts';

const syslog: LogSource = { product: 'linux', service: 'syslog' };

/** Programs that Sigma names a service of their own for. */
const services: ReadonlyMap<string, LogSource> = new Map(
  [
    ['vsftpd', 'vsftpd'],
    ['clamd', 'clamav'],
    ['clamav', 'clamav'],
    ['freshclam', 'clamav'],
    ['guacd', 'guacamole'],
  ].map(([app = '', service = '']) => [app, { product: 'linux', service }]),
);

/**
 * Whatever else a Linux host writes to syslog: the header is read, the message stays text. Only for inputs that are
 * said to be Linux, because routers and appliances write syslog too.
 */
export const syslogMessages: Integration = {
  id: 'syslog',
  version: 1,
  products: ['linux'],
  logsources: [syslog, ...new Set(services.values())],
  parse({ envelope, hints, message }) {
    if (envelope?.app === undefined || hints.product !== 'linux') return undefined;
    const own = services.get(envelope.app);
    return [
      {
        ...(envelope.time === undefined ? {} : { time: envelope.time }),
        ecs: { ...envelopeEcs(envelope), message: message.slice(0, MESSAGE_CHARS_MAX) },
        native: envelope.structuredData === undefined ? {} : { structured_data: envelope.structuredData },
        logsource: own === undefined ? [syslog] : [syslog, own],
      },
    ];
  },
};
