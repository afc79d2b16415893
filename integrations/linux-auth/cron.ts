import type { Facts, ReadFacts } from './facts.ts';

/** `(root) CMD (run-parts /etc/cron.daily)`, `(an) REPLACE (an)`, `(an) LIST (an)`, `(*system*) RELOAD (…)` */
export const readCron: ReadFacts = (message) => {
  const match = /^\(([^()]{1,256})\) ([A-Z][A-Z ]{0,30}[A-Z]) \((.*)\)$/.exec(message);
  if (match === null) return undefined;
  const [, user = '', verb = '', text = ''] = match;
  switch (verb) {
    case 'CMD':
      return {
        category: ['process'],
        type: ['start'],
        action: 'cron_command',
        user,
        ecs: { 'process.command_line': text },
      };
    case 'REPLACE':
    case 'DELETE':
    case 'END EDIT':
      return table('change', actions[verb], user, text);
    case 'LIST':
    case 'BEGIN EDIT':
      return table('access', actions[verb], user, text);
    default:
      return { action: 'cron_message', native: { user, verb, text } };
  }
};

const actions = {
  REPLACE: 'crontab_replaced',
  DELETE: 'crontab_deleted',
  'END EDIT': 'crontab_edited',
  LIST: 'crontab_listed',
  'BEGIN EDIT': 'crontab_opened',
} as const;

function table(type: string, action: string, user: string, targetUser: string): Facts {
  return { category: ['configuration'], type: [type], action, outcome: 'success', user, targetUser };
}
