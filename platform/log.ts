import winston from 'winston';

export type Logger = Pick<winston.Logger, 'error' | 'warn' | 'info' | 'debug'>;
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

const VALUE_CHARS_MAX = 2048;

/**
 * Log of the program itself, on standard error: one JSON object a line, or plain text on a terminal. WARN: nothing is
 * lost; ERROR: something is lost or a person must act. Values are cut, and control characters escaped, because they may
 * come from hostile logs.
 */
export function createLogger(options: { readonly level: LogLevel; readonly plain: boolean }): Logger {
  const { combine, timestamp, json, printf } = winston.format;
  return winston.createLogger({
    level: options.level,
    format: combine(
      timestamp(),
      winston.format((info) => capped(info))(),
      options.plain ? printf(plainLine) : json(),
    ),
    transports: [new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'debug'] })],
  });
}

function capped(info: winston.Logform.TransformableInfo): winston.Logform.TransformableInfo {
  for (const [key, value] of Object.entries(info)) {
    if (typeof value === 'string' && value.length > VALUE_CHARS_MAX)
      info[key] = `${value.slice(0, VALUE_CHARS_MAX)}…`;
  }
  return info;
}

function plainLine(info: winston.Logform.TransformableInfo): string {
  const { level, message, timestamp: at, ...fields } = info;
  const shown = Object.entries(fields).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return visible([String(at), level.toUpperCase().padEnd(5), String(message), ...shown].join(' '));
}

/** Control and format characters as escapes, so that a log value cannot move the cursor or forge a line. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
