import { Socket } from 'node:net';
import { Command, CommanderError } from 'commander';
import { CanhError, formatPlace, type ErrorCode } from '../platform/errors/index.ts';
import { version } from './package-root.ts';

/** Exit codes as in BSD's sysexits, where one fits; 1 for everything else that is expected. */
const exitCodes: Partial<Record<ErrorCode, number>> = {
  usage: 64,
  query_syntax: 64,
  file_format: 65,
  file_unreadable: 66,
  config_unreadable: 66,
  data_locked: 75,
  data_unwritable: 73,
  listen_failed: 69,
  config_syntax: 78,
  config_unknown_key: 78,
  config_invalid: 78,
  config_secret_unreadable: 78,
};
const EXIT_USAGE = 64;
/** The pipe that `bin/launcher.js` gives. */
const LIFELINE = 3;

type Add = (canh: Command) => void;

/** Each command is loaded when it is called: `canh events` need not wait for the console's server. */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  up: async () => (await import('./commands/up.ts')).addUp,
  demo: async () => (await import('./commands/demo.ts')).addDemo,
  detect: async () => (await import('./commands/detect.ts')).addDetect,
  rules: async () => (await import('./commands/rules.ts')).addRules,
  events: async () => (await import('./commands/search.ts')).addEvents,
  alerts: async () => (await import('./commands/search.ts')).addAlerts,
  completion: async () => (await import('./commands/completion.ts')).addCompletion,
};

/** The program with the command that is called or, for help and completion, with all of them. */
async function program(called: string | undefined): Promise<Command> {
  const canh = new Command('canh')
    .description('Sigma-native SIEM: collects logs, detects by Sigma rules, and shows what to look at.')
    .version(version())
    .showHelpAfterError('(canh --help shows how it is called)')
    .exitOverride();
  const one = called !== undefined && called !== 'completion' && Object.hasOwn(commands, called);
  for (const load of one ? [commands[called]] : Object.values(commands)) (await load?.())?.(canh);
  for (const command of canh.commands) command.exitOverride();
  return canh;
}

/** Ends with the launcher: its pipe closes however it dies, and two programs must never share the data directory. */
function endWithLauncher(): void {
  if (process.env['CANH_LIFELINE'] !== String(process.ppid)) return;
  const pipe = new Socket({ fd: LIFELINE, readable: true, writable: false });
  pipe.on('close', () => process.kill(process.pid, 'SIGKILL'));
  pipe.on('error', () => undefined);
  pipe.resume();
  pipe.unref();
}

async function run(): Promise<number> {
  try {
    await (await program(process.argv[2])).parseAsync(process.argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    if (!(error instanceof CanhError)) throw error;
    const place = formatPlace(error.place);
    process.stderr.write(`canh: ${error.code}: ${place === '' ? '' : `${place}: `}${error.message}\n`);
    return exitCodes[error.code] ?? 1;
  }
}

// A reader that has seen enough (`canh events | head`) closes the pipe; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
endWithLauncher();
process.exitCode = await run();
