import { readFileSync } from 'node:fs';
import { LineCounter, isMap, isScalar, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { CanhError, messageOf, type Place } from '../errors/index.ts';
import { environmentOverrides } from './environment.ts';
import { configSchema, type Config } from './schema.ts';
import { nearest } from './suggest.ts';

export interface LoadOptions {
  /** Path of the YAML file; left out: defaults and environment only. */
  readonly file?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The configuration: defaults, then the file, then the environment (`CANH_LISTEN`, `CANH_RETENTION_HOT_DAYS`, …).
 * Throws `config_unreadable`, `config_syntax`, `config_unknown_key` (with the nearest right key) or `config_invalid`,
 * each with its place.
 */
export function loadConfig(options: LoadOptions): Config {
  const text = options.file === undefined ? '' : readConfigFile(options.file);
  return parseConfig(text, { file: options.file ?? '', environment: options.environment });
}

/** As `loadConfig`, over YAML text; `file` is for places only. */
export function parseConfig(
  text: string,
  options: { readonly file: string; readonly environment: LoadOptions['environment'] },
): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: false });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const at = lines.linePos(syntax.pos[0]);
    throw new CanhError('config_syntax', syntax.message.split('\n')[0], {
      place: { file: options.file, line: at.line, column: at.col },
    });
  }
  const fromFile: unknown = document.toJS({ maxAliasCount: 10 }) ?? {};
  if (typeof fromFile !== 'object' || fromFile === null || Array.isArray(fromFile)) {
    throw new CanhError('config_invalid', 'The configuration must be a map of keys.', {
      place: { file: options.file, line: 1 },
    });
  }
  const merged = environmentOverrides(fromFile as Record<string, unknown>, options.environment);
  const result = configSchema.safeParse(merged);
  if (result.success) return result.data;
  const { issues } = result.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  throw configError(issue, { document, lines, file: options.file });
}

interface Source {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly file: string;
}

function configError(issue: z.core.$ZodIssue | undefined, source: Source): CanhError {
  if (issue === undefined) return new CanhError('config_invalid');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const path = [...issue.path, key];
    const suggestion = nearest(key, keysAt(issue.path));
    const detail = `Unknown key "${path.join('.')}"${suggestion === undefined ? '' : `; did you mean "${suggestion}"?`}`;
    return new CanhError('config_unknown_key', detail, { place: placeOf(path, source) });
  }
  const where = issue.path.join('.');
  return new CanhError('config_invalid', `${where}: ${issue.message}`, {
    place: placeOf(issue.path, source),
  });
}

/** The keys that the schema allows at a path: those of the object found by accepting everything on the way. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let schemas: readonly unknown[] = [configSchema];
  for (const step of path) {
    schemas = schemas.flatMap((schema) =>
      typeof step === 'number' ? elementsOf(schema) : propertyOf(schema, String(step)),
    );
  }
  return schemas.flatMap((schema) => objectsIn(schema).flatMap((object) => Object.keys(object.shape)));
}

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly innerType?: unknown;
  readonly element?: unknown;
  readonly options?: readonly unknown[];
}

function definitionOf(schema: unknown): Definition {
  return (schema as { readonly def: Definition }).def;
}

function unwrapped(schema: unknown): unknown {
  let current = schema;
  for (
    let inner = definitionOf(current).innerType;
    inner !== undefined;
    inner = definitionOf(current).innerType
  )
    current = inner;
  return current;
}

function objectsIn(schema: unknown): readonly { readonly shape: Readonly<Record<string, unknown>> }[] {
  const { type, shape, options } = definitionOf(unwrapped(schema));
  if (type === 'object' && shape !== undefined) return [{ shape }];
  return (options ?? []).flatMap(objectsIn);
}

function propertyOf(schema: unknown, name: string): readonly unknown[] {
  return objectsIn(schema).flatMap(({ shape }) => (Object.hasOwn(shape, name) ? [shape[name]] : []));
}

function elementsOf(schema: unknown): readonly unknown[] {
  const { element } = definitionOf(unwrapped(schema));
  return element === undefined ? [] : [element];
}

/** Line and column of the deepest part of a path that the file holds. */
function placeOf(path: readonly PropertyKey[], source: Source): Place {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const offset = offsetOf(path.slice(0, depth), source.document);
    if (offset === undefined) continue;
    const at = source.lines.linePos(offset);
    return { file: source.file, line: at.line, column: at.col };
  }
  return source.file === '' ? {} : { file: source.file };
}

function offsetOf(path: readonly PropertyKey[], document: Document): number | undefined {
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === last);
    return pair !== undefined && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
  }
  const node: unknown = document.getIn(path, true);
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range))
    return undefined;
  const start: unknown = node.range[0];
  return typeof start === 'number' ? start : undefined;
}

function readConfigFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CanhError('config_unreadable', `The configuration file cannot be read: ${messageOf(cause)}`, {
      cause,
      place: { file },
    });
  }
}
