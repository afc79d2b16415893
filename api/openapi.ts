import { z } from 'zod';
import * as contract from './contract/index.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of a table of routes. The contract's schemas are its components, under their own names. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const components = componentSchemas();
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route, components) };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Canh', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'canh_session' } },
    },
  };
}

interface Components {
  readonly schemas: Record<string, Json>;
  /** Name of a schema of the contract. */
  readonly names: ReadonlyMap<z.ZodType, string>;
}

function componentSchemas(): Components {
  const registry = z.registry<{ id: string }>();
  const names = new Map<z.ZodType, string>();
  for (const [name, schema] of Object.entries(contract)) {
    const id = name.charAt(0).toUpperCase() + name.slice(1);
    registry.add(schema, { id });
    names.set(schema, id);
  }
  const made = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` });
  const schemas: Record<string, Json> = {};
  for (const [name, schema] of Object.entries(made.schemas)) schemas[name] = embedded(schema);
  return { schemas, names };
}

/** A schema as part of a document, which has neither an address nor a dialect of its own. */
function embedded(schema: object): Json {
  const entries = Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id');
  return Object.fromEntries(entries);
}

function schemaOf(schema: z.ZodType, { names }: Components): Json {
  const name = names.get(schema);
  return name === undefined ? embedded(z.toJSONSchema(schema)) : { $ref: `#/components/schemas/${name}` };
}

function operation(route: Route, components: Components): Json {
  const { id, summary, access, params, query, body, response } = route;
  const parameters = [...parametersOf('path', params), ...parametersOf('query', query)];
  return {
    operationId: id,
    summary,
    ...(access === 'public' ? { security: [] } : { security: [{ session: [] }] }),
    ...(typeof access === 'string' ? {} : { 'x-canh-roles': access }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: json(schemaOf(body, components)) } }),
    responses: {
      ...(response === undefined
        ? { 204: { description: 'Done.' } }
        : { 200: { description: 'Done.', content: json(schemaOf(response, components)) } }),
      default: {
        description: 'What went wrong; `code` is from the catalogue of errors.',
        content: json({ $ref: '#/components/schemas/Problem' }),
      },
    },
  };
}

function json(schema: Json): Json {
  return { 'application/json': { schema } };
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema);
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: value,
  }));
}
