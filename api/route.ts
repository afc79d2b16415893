import type { z } from 'zod';
import type { Index } from '../platform/index/port.ts';
import type { Role, StoredAccount } from './auth/users.ts';
import { RequestError, requestErrorOf } from './http/problem.ts';

/** Everybody; whoever has signed in, even with a one-time password; or the roles named, once that is replaced. */
export type Access = 'public' | 'signed-in' | readonly Role[];

export const everyRole = ['analyst', 'lead', 'agency_viewer', 'administrator', 'auditor'] as const;
/** Roles that work on alerts; the others only read. */
export const triageRoles = ['analyst', 'lead', 'administrator'] as const;

/** The parts of a request as they came, not yet checked. */
interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly exchange: Exchange;
}

/** What a handler may know and do besides its checked parameters. */
export interface Exchange {
  /** Source address of the request. */
  readonly address: string;
  /** Sets a header of the answer. */
  setHeader(name: string, value: string): void;
  /** Starts (or, without a token, ends) the browser's session. */
  setSession(token: string | undefined): void;
}

/** Who asks, and the index as this person sees it; both come from the credential alone. */
export interface Caller {
  readonly account: StoredAccount;
  readonly index: Index;
}

type Schema = z.ZodType | undefined;
type Checked<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

interface Parts<P extends Schema, Q extends Schema, B extends Schema, R extends Schema> {
  /** Name of the operation in the OpenAPI document, and of the route in metrics. */
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Path with its parameters as `{name}`. */
  readonly path: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Left out: 204 without content. */
  readonly response?: R;
}

interface Request<P extends Schema, Q extends Schema, B extends Schema> {
  readonly params: Checked<P>;
  readonly query: Checked<Q>;
  readonly body: Checked<B>;
  readonly exchange: Exchange;
}

type Answer<R extends Schema> = Promise<R extends z.ZodType ? z.input<R> : void>;

/** One entry of the table: everything that the router, the checks and the OpenAPI document need to know of a route. */
export interface Route {
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly params: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  readonly response: z.ZodType | undefined;
  /** Checks the parts and handles them. `caller` is there unless `access` is public. */
  run(raw: RawRequest, caller: Caller | undefined): Promise<unknown>;
}

/** A route for people who have signed in. */
export function route<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
  R extends Schema = undefined,
>(
  spec: Parts<P, Q, B, R> & {
    readonly access: Exclude<Access, 'public'>;
    handle(request: Request<P, Q, B>, caller: Caller): Answer<R>;
  },
): Route {
  return {
    ...described(spec),
    access: spec.access,
    async run(raw, caller) {
      if (caller === undefined) throw new Error(`route ${spec.id} was reached without a caller`);
      return await spec.handle(checked(spec, raw), caller);
    },
  };
}

/** A route for everybody: it gets no index. */
export function publicRoute<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
  R extends Schema = undefined,
>(spec: Parts<P, Q, B, R> & { handle(request: Request<P, Q, B>): Answer<R> }): Route {
  return {
    ...described(spec),
    access: 'public',
    run: async (raw) => await spec.handle(checked(spec, raw)),
  };
}

function described(spec: Parts<Schema, Schema, Schema, Schema>): Omit<Route, 'access' | 'run'> {
  const { id, method, path, summary, params, query, body, response } = spec;
  return { id, method, path, summary, params, query, body, response };
}

function checked<P extends Schema, Q extends Schema, B extends Schema>(
  spec: Parts<P, Q, B, Schema>,
  raw: RawRequest,
): Request<P, Q, B> {
  return {
    params: check('path', spec.params, raw.params),
    query: check('query', spec.query, raw.query),
    body: check('body', spec.body, raw.body),
    exchange: raw.exchange,
  };
}

function check<S extends Schema>(part: string, schema: S | undefined, value: unknown): Checked<S> {
  if (schema === undefined) return undefined as Checked<S>;
  if (part === 'body' && value === undefined) {
    throw new RequestError(part, 'The body must be JSON, sent as application/json.');
  }
  const result = schema.safeParse(value);
  if (!result.success) throw requestErrorOf(part, result.error);
  return result.data as Checked<S>;
}
