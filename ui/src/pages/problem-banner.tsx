import { Button } from '@mantine/core';
import { ApiError } from '../api/client.ts';
import { useMessages } from '../i18n/language.tsx';
import classes from './pages.module.css';

interface ProblemBannerProps {
  readonly error: Error;
  /** What stands below is from before the failure. */
  readonly stale?: boolean;
  readonly retry?: () => void;
}

/** A failed request: what went wrong in the reader's language, the code for whoever is asked for help, and a way on. */
export function ProblemBanner({ error, stale = false, retry }: ProblemBannerProps) {
  const messages = useMessages();
  const problemText = useProblemText();
  const code = error instanceof ApiError ? error.code : 'console';
  return (
    <div className={classes.banner} role="alert">
      <span>
        <strong>{messages.problemTitle}.</strong> {problemText(error)}
        {stale && ` ${messages.stale}`}
      </span>
      <code>{code}</code>
      {retry !== undefined && (
        <Button variant="default" onClick={retry}>
          {messages.retry}
        </Button>
      )}
    </div>
  );
}

/** The sentence for a failure: the catalogue's by code, else what the API said. */
export function useProblemText(): (error: Error) => string {
  const messages = useMessages();
  return (error) => {
    if (!(error instanceof ApiError)) return error.message;
    const column = error.code === 'query_syntax' ? columnOf(error.place) : undefined;
    if (column !== undefined) return messages.queryColumn(column, error.message.replace(/^Column \d+: /, ''));
    return messages.problem(error.code) ?? error.message;
  };
}

/** Column of what was typed, counted from 1: the console puts one bracket before it. */
function columnOf(place: string | undefined): number | undefined {
  const column = /^q:(\d+)$/.exec(place ?? '')?.[1];
  return column === undefined ? undefined : Math.max(1, Number(column) - 1);
}
