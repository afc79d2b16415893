import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import type { Bus } from '../platform/bus/port.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import type { Config, InputConfig } from '../platform/config/schema.ts';
import { CanhError, messageOf } from '../platform/errors/index.ts';
import type { Logger } from '../platform/log.ts';
import type { Hints } from '../platform/record.ts';
import type { Stage } from '../platform/stage.ts';
import { fileInput } from './file/index.ts';
import type { Emit, Input, InputDeps, InputType } from './input.ts';
import { journalInput } from './journal.ts';
import { createCollectorMetrics } from './metrics.ts';
import { Shipper } from './ship.ts';
import { Spool } from './spool.ts';
import { stdinInput } from './stdin.ts';
import { Supervisor } from './supervise.ts';
import { syslogInput } from './syslog/index.ts';

const EPOCH_BYTES = 8;
/** Inputs are given so long to finish what they have read, which takes longer only where the spool is full. */
const STOP_MS_MAX = 5000;

/** What a collector stands on. */
export interface CollectorDeps {
  readonly bus: Bus;
  readonly log: Logger;
  readonly registry: Registry;
  /** Where the spool is kept; created where it is missing. */
  readonly directory: string;
  readonly clock?: Clock;
  /** Random and new at every start. */
  readonly epoch?: string;
  /** What the `stdin` input reads. */
  readonly stdin?: Readable;
  readonly spoolBytesMax?: number;
  readonly tickMs?: number;
  readonly stopMsMax?: number;
}

/** A running collector. */
export interface Collector extends Stage {
  /** The inputs that run now, by id; an address that was bound is found here. */
  inputs(): ReadonlyMap<string, Input>;
}

/**
 * Starts spool, shipping and the configured inputs. Resolves when every input listens or has failed once; a failing
 * input is started again and harms no other. Throws `config_invalid` for two inputs of one id, and `data_unwritable`
 * where the spool cannot be opened.
 */
export async function startCollector(config: Config, deps: CollectorDeps): Promise<Collector> {
  const { bus, log, registry, directory } = deps;
  const clock = deps.clock ?? systemClock;
  const metrics = createCollectorMetrics(registry);
  const named = nameInputs(config.collector.inputs, deps.stdin ?? process.stdin);
  const spool = openSpool(config, deps, clock);
  metrics.spoolBytes.set(spool.bytes);
  const shipper = new Shipper({
    spool,
    bus,
    agency: config.collector.agency,
    clock,
    log,
    metrics,
    ...(deps.tickMs === undefined ? {} : { tickMs: deps.tickMs }),
  });
  const supervisors = named.map((input) => supervise(input, { spool, clock, log, metrics }));
  shipper.start();
  await Promise.all(supervisors.map(async (supervisor) => await supervisor.start()));
  log.info('The collector runs.', { inputs: named.length, directory });
  return {
    health: () => [spool.health(), shipper.health(), ...supervisors.map((each) => each.health())],
    inputs: () =>
      new Map(supervisors.flatMap(({ input }) => (input === undefined ? [] : [[input.id, input]]))),
    stop: async () => {
      const stopped = Promise.all(supervisors.map(async (supervisor) => await supervisor.stop()));
      await within(stopped, deps.stopMsMax ?? STOP_MS_MAX);
      await shipper.stop();
      // Rejects batches that wait for room; what they hold is read again at the next start.
      await spool.close();
      await stopped;
    },
  };
}

function openSpool(config: Config, deps: CollectorDeps, clock: Clock): Spool {
  const path = join(deps.directory, 'spool.db');
  try {
    mkdirSync(deps.directory, { recursive: true });
    return new Spool({
      path,
      collector: config.collector.id ?? hostname(),
      epoch: deps.epoch ?? randomBytes(EPOCH_BYTES).toString('hex'),
      clock,
      log: deps.log,
      ...(deps.spoolBytesMax === undefined ? {} : { bytesMax: deps.spoolBytesMax }),
    });
  } catch (cause) {
    if (cause instanceof CanhError) throw cause;
    throw new CanhError('data_unwritable', `The spool ${path} cannot be opened: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** A configured input, whatever its type. */
interface NamedInput {
  readonly id: string;
  readonly hints: Hints;
  readonly create: (deps: InputDeps) => Input;
}

function nameInputs(configs: readonly InputConfig[], stdin: Readable): readonly NamedInput[] {
  const inputs = configs.map((config) => nameInput(config, stdin));
  const seen = new Set<string>();
  for (const { id } of inputs) {
    if (seen.has(id)) {
      throw new CanhError('config_invalid', `Two inputs have the id ${id}; give one of them another id.`);
    }
    seen.add(id);
  }
  return inputs;
}

function nameInput(config: InputConfig, stdin: Readable): NamedInput {
  switch (config.type) {
    case 'file':
      return named(fileInput(), config);
    case 'syslog':
      return named(syslogInput, config);
    case 'journal':
      return named(journalInput(), config);
    case 'stdin':
      return named(stdinInput(stdin), config);
  }
}

function named<C extends InputConfig>(type: InputType<C>, config: C): NamedInput {
  const id = config.id ?? type.defaultId(config);
  return { id, hints: type.hints(config), create: (deps) => type.create(id, config, deps) };
}

function supervise(
  { id, hints, create }: NamedInput,
  { spool, clock, log, metrics }: { readonly spool: Spool } & Pick<InputDeps, 'clock' | 'log' | 'metrics'>,
): Supervisor {
  const emit: Emit = async (batch) => {
    const { records, bytes, cuts } = await spool.append(id, batch, hints);
    metrics.received.inc({ input: id }, records);
    metrics.receivedBytes.inc({ input: id }, bytes);
    metrics.spoolBytes.set(spool.bytes);
    if (cuts > 0) metrics.cut.inc({ input: id }, cuts);
  };
  const cursors = (): ReadonlyMap<string, string> => spool.cursors(id);
  return new Supervisor({
    id,
    emit,
    log,
    metrics,
    create: (failed) => create({ clock, log, metrics, cursors, failed }),
  });
}

async function within(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  const done = new AbortController();
  const timeout = delay(timeoutMs, undefined, { signal: done.signal }).catch(() => undefined);
  await Promise.race([work, timeout]);
  done.abort();
}
