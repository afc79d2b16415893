import { useMessages } from '../i18n/language.tsx';
import { shapeOf, type Level } from './severity.ts';
import classes from './severity-mark.module.css';

/** A level as shape, word and colour. `wordless` keeps the word for screen readers, where a column names it already. */
export function SeverityMark({
  level,
  wordless = false,
}: {
  readonly level: Level;
  readonly wordless?: boolean;
}) {
  const messages = useMessages();
  const { name, path } = shapeOf(level);
  const colour = `var(--${level})`;
  return (
    <span className={classes.mark} title={wordless ? messages.levels[level] : undefined}>
      <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">
        <path
          d={path}
          fill={name === 'ring' ? 'none' : colour}
          stroke={name === 'ring' ? colour : 'none'}
          strokeWidth={name === 'ring' ? 2.6 : 0}
        />
      </svg>
      <span className={wordless ? 'sr-only' : undefined}>{messages.levels[level]}</span>
    </span>
  );
}
