import { z } from 'zod';

const address = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'must be host:port')
  .refine(
    (value) => Number(value.slice(value.lastIndexOf(':') + 1)) <= 65_535,
    'the port must be at most 65535',
  );

const inputBase = {
  id: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional()
    .describe('Name of the input in cursors, metrics and records; made from its settings where left out.'),
  product: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional()
    .describe(
      'Sigma product of what it reads (linux, windows, nginx, apache, …); guessed line by line where left out.',
    ),
  zone: z
    .string()
    .optional()
    .describe('IANA time zone of local times that name none, e.g. Asia/Ho_Chi_Minh.'),
};

const fileInput = z
  .strictObject({
    type: z.literal('file'),
    ...inputBase,
    paths: z
      .array(z.string().min(1))
      .min(1)
      .describe('Files or globs (`*`, `?`, `**`). Rotation is followed.'),
    exclude: z.array(z.string().min(1)).default([]).describe('Globs to leave out.'),
    multiline: z
      .strictObject({
        start: z.string().min(1).describe('RE2 pattern that the first line of a record matches.'),
        lines_max: z
          .number()
          .int()
          .min(2)
          .max(10_000)
          .default(500)
          .describe('A record ends after this many lines.'),
        wait_ms: z
          .number()
          .int()
          .min(100)
          .max(60_000)
          .default(2000)
          .describe('A record ends when nothing follows for so long.'),
      })
      .optional()
      .describe('Joins lines into one record.'),
  })
  .describe('Reads files, follows rename and copytruncate rotation, and reads finished .gz files whole.');

const syslogInput = z
  .strictObject({
    type: z.literal('syslog'),
    ...inputBase,
    listen: address.describe('host:port to listen on.'),
    protocol: z.enum(['udp', 'tcp']).default('udp').describe('TCP takes both framings of RFC 6587.'),
  })
  .describe('Receives syslog, RFC 3164 and RFC 5424.');

const journalInput = z
  .strictObject({
    type: z.literal('journal'),
    ...inputBase,
    units: z.array(z.string().min(1)).default([]).describe('Only these systemd units; all where empty.'),
  })
  .describe('Reads the systemd journal through journalctl.');

const stdinInput = z
  .strictObject({ type: z.literal('stdin'), ...inputBase })
  .describe('Reads lines from standard input until it ends.');

const input = z.discriminatedUnion('type', [fileInput, syslogInput, journalInput, stdinInput]);

/** The whole configuration. Keys are snake_case as people write them; every key has a description for the reference. */
export const configSchema = z.strictObject({
  listen: address.default('127.0.0.1:8080').describe('Address of console, API, /health and /metrics.'),
  data: z.string().min(1).default('./data').describe('Directory that holds all state.'),
  rules: z
    .array(z.string().min(1))
    .default(['./rules'])
    .describe('Directories of Sigma rules; the ones Canh brings are found as ./rules from anywhere.'),
  pipelines: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Files of Sigma processing pipelines that every rule goes through before it runs, lower priorities first.',
    ),
  log_level: z
    .enum(['error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('What is logged to standard error.'),
  retention: z
    .strictObject({
      hot_days: z.number().int().min(1).max(3650).default(30).describe('Days that events stay searchable.'),
      archive_days: z
        .number()
        .int()
        .min(0)
        .max(36_500)
        .default(365)
        .describe('Days that alerts and dead letters are kept; never fewer than hot_days.'),
    })
    .prefault({})
    .describe('How long things are kept.'),
  correlation: z
    .strictObject({
      lateness_s: z
        .number()
        .int()
        .min(0)
        .max(86_400)
        .default(120)
        .describe(
          'Seconds that an event may come behind others of its agency and still be counted in its place; what waits for a window to be complete waits so long.',
        ),
      idle_s: z
        .number()
        .int()
        .min(5)
        .max(86_400)
        .default(60)
        .describe('A collector that sent nothing for so many seconds holds no window open.'),
      state_mb: z
        .number()
        .int()
        .min(1)
        .max(1024)
        .default(64)
        .describe(
          'Megabytes of open windows; beyond it the least telling ones are given up, which health and alerts then say.',
        ),
    })
    .prefault({})
    .describe('How events are correlated.'),
  collector: z
    .strictObject({
      agency: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens')
        .default('soc')
        .describe('Agency that the records of this process belong to.'),
      id: z
        .string()
        .regex(/^[\w.-]{1,128}$/)
        .optional()
        .describe('Name of the collector; the host name where left out.'),
      inputs: z.array(input).max(1000).default([]).describe('What to read.'),
    })
    .prefault({})
    .describe('The collector that runs inside this process.'),
});

export type Config = z.infer<typeof configSchema>;
export type InputConfig = Config['collector']['inputs'][number];
export type FileInputConfig = z.infer<typeof fileInput>;
export type SyslogInputConfig = z.infer<typeof syslogInput>;
export type JournalInputConfig = z.infer<typeof journalInput>;
export type StdinInputConfig = z.infer<typeof stdinInput>;
