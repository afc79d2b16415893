import { z } from 'zod';
import { configSchema } from './schema.ts';

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** The configuration reference as Markdown, made from the schema: `docs/reference/configuration.md`. */
export function configReference(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema;
  const inputs = schema.properties?.['collector']?.properties?.['inputs']?.items;
  const kinds = inputs?.oneOf ?? inputs?.anyOf ?? [];
  return [
    '# Configuration reference',
    '',
    'One YAML file, given with `--config`. Every key can be left out. The environment wins over the file: `CANH_` and the',
    'path in capitals (`CANH_RETENTION_HOT_DAYS=7`); with `_FILE` at the end the value is read from that file. A key that',
    'does not exist is refused, and the nearest right one is named. This page is made from the schema.',
    '',
    table(rows(schema, '')),
    '',
    '## Inputs',
    '',
    'Items of `collector.inputs`, by `type`.',
    ...kinds.flatMap((kind) => [
      '',
      `### \`${String(kind.properties?.['type']?.const)}\``,
      '',
      kind.description ?? '',
      '',
      table(rows(kind, '')),
    ]),
    '',
  ].join('\n');
}

interface Row {
  readonly key: string;
  readonly type: string;
  readonly fallback: string;
  readonly description: string;
}

function rows(schema: JsonSchema, prefix: string): readonly Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const key = `${prefix}${name}`;
    if (property.const !== undefined) return [];
    if (property.type === 'object') return rows(property, `${key}.`);
    const required = schema.required?.includes(name) ?? false;
    const fallback =
      property.default === undefined
        ? required
          ? 'required'
          : ''
        : `\`${JSON.stringify(property.default)}\``;
    return [{ key, type: typeOf(property), fallback, description: property.description ?? '' }];
  });
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.type === 'array') return schema.items?.type === 'string' ? 'list of texts' : 'list, see below';
  if (schema.type === 'integer') return `number, ${schema.minimum} to ${schema.maximum}`;
  return schema.type === 'string' ? 'text' : (schema.type ?? '');
}

function table(found: readonly Row[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(['key', 'type', 'default', 'what it is']),
    line(['---', '---', '---', '---']),
    ...found.map(({ key, type, fallback, description }) => line([`\`${key}\``, type, fallback, description])),
  ].join('\n');
}
