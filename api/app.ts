import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { Counter, Histogram, type Registry } from 'prom-client';
import { CanhError } from '../platform/errors/index.ts';
import type { Random } from './random.ts';
import { readCookie, writeCookie } from './auth/sessions.ts';
import { tenantOf } from './auth/users.ts';
import { consoleRouter } from './http/console.ts';
import { problemHandler } from './http/problem.ts';
import { checkOrigin, securityHeaders } from './http/security.ts';
import type { Caller, Route } from './route.ts';
import { createRoutes } from './routes.ts';
import type { Services } from './services.ts';

/** Largest body that is read. */
export const BODY_BYTES_MAX = 64 * 1024;

export interface AppOptions {
  readonly services: Services;
  readonly random: Random;
  /** Where the API registers its own metrics. */
  readonly registry: Registry;
  /** Prometheus text of the whole process. */
  metrics(): Promise<string>;
  /** The built console. */
  readonly staticDirectory: string;
}

/** The HTTP side of Canh: API, health, metrics and console. It listens nowhere by itself. */
export function createApp(options: AppOptions): Express {
  const { services, random, staticDirectory } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // A proxy on this machine may say whom it speaks for; nobody else is believed.
  app.set('trust proxy', 'loopback');
  app.set('query parser', 'simple');
  app.use(securityHeaders);
  app.use((_request, response, next) => {
    response.set('X-Request-Id', Buffer.from(random(8)).toString('hex'));
    next();
  });
  app.use(measured(options));
  app.get('/health', readiness(services));
  app.get('/metrics', async (_request, response) => {
    response
      .set('Cache-Control', 'no-store')
      .type('text/plain; version=0.0.4')
      .send(await options.metrics());
  });
  const parseBody = express.json({ limit: BODY_BYTES_MAX, inflate: false });
  for (const route of createRoutes(services)) {
    const steps = [route.body === undefined ? [] : [parseBody], answer(route, services)].flat();
    app[route.method](route.path.replaceAll(/\{(\w+)\}/g, ':$1'), guard(route, services), ...steps);
  }
  app.use(consoleRouter(staticDirectory));
  app.use(() => {
    throw new CanhError('not_found');
  });
  app.use(problemHandler(services.log));
  return app;
}

/** What the steps of one request hand on. */
interface Locals {
  route?: string;
  caller?: Caller;
}

function localsOf(response: Response): Locals {
  return response.locals as Locals;
}

/** Lets in who may use the route, with the index bound to what this person may see. Nothing else reads credentials. */
function guard(route: Route, services: Services): RequestHandler {
  return async (request, response, next) => {
    localsOf(response).route = route.id;
    response.set('Cache-Control', 'no-store');
    checkOrigin(request);
    if (route.access !== 'public')
      localsOf(response).caller = await identify(request, response, route, services);
    next();
  };
}

async function identify(
  request: Request,
  response: Response,
  { access }: Route,
  { sessions, store }: Services,
): Promise<Caller> {
  const token = readCookie(request.get('Cookie'));
  const session = token === undefined ? undefined : await sessions.check(token);
  if (session === undefined) throw new CanhError('auth_required');
  const { account, renewed } = session;
  if (renewed !== undefined) response.set('Set-Cookie', writeCookie(renewed, request.secure));
  if (typeof access !== 'string') {
    if (account.mustChangePassword) throw new CanhError('auth_password_change');
    if (!access.includes(account.role)) throw new CanhError('forbidden');
  }
  return { account, index: store.bind(tenantOf(account)) };
}

function answer(route: Route, { log }: Services): RequestHandler {
  return async (request, response) => {
    const exchange = {
      address: request.ip ?? '',
      setHeader: (name: string, value: string) => void response.set(name, value),
      setSession: (token: string | undefined) =>
        void response.set('Set-Cookie', writeCookie(token, request.secure)),
    };
    const { params, query } = request;
    const body: unknown = request.body;
    const result = await route.run({ params, query, body, exchange }, localsOf(response).caller);
    log.debug('request', { route: route.id, request: response.getHeader('X-Request-Id') });
    if (route.response === undefined) response.status(204).end();
    else response.json(result);
  };
}

function readiness(services: Services): RequestHandler {
  return (_request, response) => {
    const { ready } = services.health();
    response
      .set('Cache-Control', 'no-store')
      .status(ready ? 200 : 503)
      .json({ ready });
  };
}

/** Counts and times every request, by route and not by path, so that nobody can make series up. */
function measured({ registry, services }: AppOptions): RequestHandler {
  const requests = new Counter({
    name: 'canh_api_requests_total',
    help: 'HTTP requests, by route and status.',
    labelNames: ['route', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'canh_api_request_seconds',
    help: 'Time to answer an HTTP request, by route.',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 1, 3, 10],
    registers: [registry],
  });
  return (_request, response, next) => {
    const start = services.clock.now();
    response.on('finish', () => {
      const route = localsOf(response).route ?? 'other';
      requests.inc({ route, status: response.statusCode });
      seconds.observe({ route }, Math.max(0, services.clock.now() - start) / 1000);
    });
    next();
  };
}
