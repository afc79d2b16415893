import { openApiDocument } from './openapi.ts';
import type { Route } from './route.ts';
import { alertRoutes, queueRoutes } from './routes/alerts.ts';
import { eventRoutes } from './routes/events.ts';
import { sessionRoutes } from './routes/session.ts';
import { sourceRoutes } from './routes/sources.ts';
import { systemRoutes } from './routes/system.ts';
import type { Services } from './services.ts';

/** Every route of the API: the router, the checks and the OpenAPI document are made from this table alone. */
export function createRoutes(services: Services): readonly Route[] {
  const routes: readonly Route[] = [
    ...sessionRoutes(services),
    ...queueRoutes(services),
    ...alertRoutes(services),
    ...eventRoutes(services),
    ...sourceRoutes(),
    ...systemRoutes(services, () => openApiDocument(routes, services.version)),
  ];
  return routes;
}
