import { readFileSync } from 'node:fs';
import { CanhError } from '../errors/index.ts';
import { configSchema } from './schema.ts';

/**
 * The file's values with those of the environment over them: `CANH_` and the path in capitals, joined by `_`
 * (`CANH_RETENTION_HOT_DAYS`). With `_FILE` at the end the value is read from that file, for secrets. Lists are split at
 * commas. A variable that names no key is left alone: other things are called CANH too.
 */
export function environmentOverrides(
  values: Record<string, unknown>,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const result = structuredClone(values);
  for (const { path, kind } of scalarPaths()) {
    const name = `CANH_${path.join('_').toUpperCase()}`;
    const text = environment[name] ?? secretFrom(environment[`${name}_FILE`], `${name}_FILE`);
    if (text !== undefined) setPath(result, path, convert(text, kind));
  }
  return result;
}

type Kind = 'string' | 'number' | 'list';

interface ScalarPath {
  readonly path: readonly string[];
  readonly kind: Kind;
}

/** Every path of the schema that one variable can carry. */
function scalarPaths(): readonly ScalarPath[] {
  const found: ScalarPath[] = [];
  const walk = (schema: unknown, path: readonly string[]): void => {
    const { type, shape, innerType, element } = (schema as { def: Definition }).def;
    if (innerType !== undefined) walk(innerType, path);
    else if (type === 'object')
      for (const [key, inner] of Object.entries(shape ?? {})) walk(inner, [...path, key]);
    else if (type === 'number') found.push({ path, kind: 'number' });
    else if (type === 'string' || type === 'enum') found.push({ path, kind: 'string' });
    else if (type === 'array' && (element as { def: Definition }).def.type === 'string')
      found.push({ path, kind: 'list' });
  };
  walk(configSchema, []);
  return found;
}

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly innerType?: unknown;
  readonly element?: unknown;
}

function convert(text: string, kind: Kind): unknown {
  switch (kind) {
    case 'string':
      return text;
    case 'number':
      return text.trim() === '' ? text : Number(text);
    case 'list':
      return text.split(',').map((part) => part.trim());
  }
}

function secretFrom(file: string | undefined, name: string): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (cause) {
    throw new CanhError('config_secret_unreadable', `${name}: the file cannot be read.`, {
      cause,
      place: { file },
    });
  }
}

function setPath(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const inner = target[head];
  const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  target[head] = next;
  setPath(next, rest, value);
}
