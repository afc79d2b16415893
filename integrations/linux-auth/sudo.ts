import { authentication, type Facts, type ReadFacts } from './facts.ts';

const FIELDS_MAX = 16;
const process = { category: ['process'], type: ['start'] } as const;

/** What sudo says went wrong, where it says so before the fields. */
const refusals: readonly { readonly text: string; readonly action: string }[] = [
  { text: 'incorrect password attempt', action: 'sudo_authentication' },
  { text: 'a password is required', action: 'sudo_authentication' },
  { text: 'user NOT in sudoers', action: 'sudo_denied' },
  { text: 'user NOT authorized on host', action: 'sudo_denied' },
  { text: 'command not allowed', action: 'sudo_denied' },
  { text: 'no tty present', action: 'sudo_denied' },
];

/** `  an : [3 incorrect password attempts ; ]TTY=pts/0 ; PWD=/home/an ; USER=root ; COMMAND=/bin/ls` */
export const readSudo: ReadFacts = (message) => {
  const colon = message.indexOf(' : ');
  if (colon < 0) return undefined;
  const user = message.slice(0, colon).trim();
  if (user === '' || user.includes(' ')) return undefined;
  const { reason, fields } = readFields(message.slice(colon + 3));
  const command = fields.get('COMMAND');
  const refusal = refusals.find(({ text }) => reason?.includes(text) === true);
  const native = Object.fromEntries(fields);
  const base = {
    user,
    ...(fields.has('USER') ? { effectiveUser: fields.get('USER') ?? '' } : {}),
    ...(reason === undefined ? {} : { reason }),
    native,
    ecs: processEcs(fields),
  };
  if (refusal?.action === 'sudo_authentication') {
    return { ...authentication, ...base, action: refusal.action, outcome: 'failure' };
  }
  if (refusal !== undefined) return { ...process, ...base, action: refusal.action, outcome: 'failure' };
  if (command === undefined) return { ...base, action: 'sudo_message' };
  return {
    ...process,
    ...base,
    action: 'sudo_command',
    outcome: 'success',
    ...asProcessCreation(command, native),
  };
};

/** The command is the last field and may itself hold ` ; `. */
function readFields(text: string): {
  readonly reason?: string;
  readonly fields: ReadonlyMap<string, string>;
} {
  const fields = new Map<string, string>();
  let reason: string | undefined;
  let rest = text;
  for (let count = 0; count < FIELDS_MAX && rest !== ''; count += 1) {
    const name = /^([A-Z]{1,16})=/.exec(rest)?.[1];
    const end = name === 'COMMAND' ? -1 : rest.indexOf(' ; ');
    const item = end < 0 ? rest : rest.slice(0, end);
    if (name === undefined) reason ??= item;
    else if (!fields.has(name)) fields.set(name, item.slice(name.length + 1));
    rest = end < 0 ? '' : rest.slice(end + 3);
  }
  return reason === undefined ? { fields } : { reason, fields };
}

function processEcs(fields: ReadonlyMap<string, string>): Record<string, string> {
  const ecs: Record<string, string> = {};
  const command = fields.get('COMMAND');
  const directory = fields.get('PWD');
  if (command !== undefined) ecs['process.command_line'] = command;
  if (directory !== undefined) ecs['process.working_directory'] = directory;
  return ecs;
}

/**
 * A command that sudo ran is also a process that began: rules for process creation see it even on hosts without
 * auditd. Sudo quotes nothing, so the program is what stands before the first space.
 */
function asProcessCreation(command: string, native: Readonly<Record<string, string>>): Partial<Facts> {
  const space = command.indexOf(' ');
  return {
    native: { ...native, Image: space < 0 ? command : command.slice(0, space) },
    aliases: { CommandLine: 'COMMAND', CurrentDirectory: 'PWD', User: 'USER' },
    logsource: [{ product: 'linux', category: 'process_creation' }],
  };
}
