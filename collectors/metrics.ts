import { Counter, Gauge, type Registry } from 'prom-client';

/** What a collector counts. Every component counts what it received, sent and dropped. */
export interface CollectorMetrics {
  readonly received: Counter<'input'>;
  readonly receivedBytes: Counter<'input'>;
  readonly shipped: Counter;
  readonly shippedBytes: Counter;
  /** Losses by reason: `udp_queue_full`, `connection_refused`, `gzip_too_large`. */
  readonly dropped: Counter<'input' | 'reason'>;
  readonly truncatedBytes: Counter<'input'>;
  readonly replaced: Counter<'input'>;
  readonly cut: Counter<'input'>;
  readonly spoolBytes: Gauge;
  readonly fileLag: Gauge<'input' | 'path'>;
  readonly connections: Gauge<'input'>;
  readonly resynchronised: Counter<'input'>;
  readonly kernelDrops: Gauge<'input'>;
  readonly restarts: Counter<'input'>;
}

/** Creates the collector's metrics in `registry`. */
export function createCollectorMetrics(registry: Registry): CollectorMetrics {
  const registers = [registry];
  const counter = <T extends string = never>(name: string, help: string, labelNames: T[] = []): Counter<T> =>
    new Counter<T>({ name: `canh_collector_${name}`, help, labelNames, registers });
  const gauge = <T extends string = never>(name: string, help: string, labelNames: T[] = []): Gauge<T> =>
    new Gauge<T>({ name: `canh_collector_${name}`, help, labelNames, registers });
  return {
    received: counter('records_received_total', 'Records made durable in the spool.', ['input']),
    receivedBytes: counter('bytes_received_total', 'Bytes of the records in the spool.', ['input']),
    shipped: counter('records_shipped_total', 'Records appended to the bus.'),
    shippedBytes: counter('bytes_shipped_total', 'Bytes of the records on the bus.'),
    dropped: counter('dropped_total', 'Losses that the source made unavoidable.', ['input', 'reason']),
    truncatedBytes: counter(
      'truncated_unread_bytes_total',
      'Bytes known to be unread when a file was truncated.',
      ['input'],
    ),
    replaced: counter('files_replaced_total', 'Files truncated or replaced in place.', ['input']),
    cut: counter('lines_cut_total', 'Cuts in lines that are too long for one.', ['input']),
    spoolBytes: gauge('spool_bytes', 'Bytes waiting in the spool.'),
    fileLag: gauge('file_lag_bytes', 'Bytes of a file not read yet.', ['input', 'path']),
    connections: gauge('connections', 'Open TCP connections.', ['input']),
    resynchronised: counter('frames_resynchronised_total', 'Frames with a wrong octet count.', ['input']),
    kernelDrops: gauge('udp_kernel_drops', 'Datagrams the kernel dropped since the socket was opened.', [
      'input',
    ]),
    restarts: counter('input_restarts_total', 'Times that an input was started again.', ['input']),
  };
}
