import type { SyslogInputConfig } from '../../platform/config/schema.ts';
import { hintsOf, idPart, type InputType } from '../input.ts';
import { TcpInput } from './tcp.ts';
import { UdpInput } from './udp.ts';

/** Receives syslog. Records carry the whole message: its header is read in the SOC. */
export const syslogInput: InputType<SyslogInputConfig> = {
  type: 'syslog',
  hints: (config) => hintsOf(config, 'syslog'),
  defaultId: (config) => `syslog-${config.protocol}-${idPart(config.listen)}`,
  create: (id, config, deps) =>
    config.protocol === 'tcp' ? new TcpInput(id, config, deps) : new UdpInput(id, config, deps),
};
