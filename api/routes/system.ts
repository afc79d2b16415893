import { z } from 'zod';
import { health } from '../contract/index.ts';
import { everyRole, publicRoute, route, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** How the program is doing, and what it can be asked. */
export function systemRoutes(services: Services, openApi: () => Record<string, unknown>): readonly Route[] {
  return [
    route({
      id: 'getHealth',
      method: 'get',
      path: '/api/v1/health',
      summary: 'Version, readiness and the state of every component.',
      access: everyRole,
      response: health,
      async handle(_request, { account }) {
        const { ready, components } = services.health();
        // Inputs and paths are the SOC's own business: an agency learns whether the SOC works, not how.
        const shown = account.agency === null ? components : [];
        return {
          ready,
          version: services.version,
          components: shown.map(({ stage, name, state, detail }) => ({
            stage,
            name,
            state,
            detail: detail ?? null,
          })),
        };
      },
    }),
    publicRoute({
      id: 'getOpenApi',
      method: 'get',
      path: '/api/v1/openapi.json',
      summary: 'This description.',
      response: z.record(z.string(), z.unknown()),
      async handle() {
        return openApi();
      },
    }),
  ];
}
