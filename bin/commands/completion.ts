import type { Command } from 'commander';

/** `canh completion`: a bash script that completes subcommands, options and files. */
export function addCompletion(canh: Command): void {
  canh
    .command('completion')
    .description('Print the completion script for bash.')
    .addHelpText('after', '\nExample:\n  source <(canh completion)')
    .action(() => {
      process.stdout.write(bashScript(canh));
    });
}

function bashScript(canh: Command): string {
  const cases = pathsOf(canh, []).map(
    ({ path, words }) => `    '${path.join(' ')}') words='${words.join(' ')}' ;;`,
  );
  return `_canh() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path" in ''|rules) [[ $word == -* ]] || path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}
complete -o filenames -F _canh canh
`;
}

/** Every command with its subcommands and long options. */
function pathsOf(
  command: Command,
  path: readonly string[],
): readonly { path: readonly string[]; words: readonly string[] }[] {
  const words = [
    ...command.commands.map((sub) => sub.name()),
    ...command.options.flatMap((option) =>
      option.long === undefined || option.long === null ? [] : [option.long],
    ),
    '--help',
  ];
  return [{ path, words }, ...command.commands.flatMap((sub) => pathsOf(sub, [...path, sub.name()]))];
}
