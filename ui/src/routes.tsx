import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type SearchSchemaInput,
} from '@tanstack/react-router';
import { formatAddress, parseAddress } from './queue/address.ts';
import type { RawSearch } from './queue/search.ts';
import { CrashPage, NotFoundPage } from './pages/failure.tsx';
import { Pages } from './session/pages.tsx';
import { Queue } from './queue/queue.tsx';

/** Pages read and check their own parameters; the router only carries them. */
const validateSearch = (raw: RawSearch & SearchSchemaInput): RawSearch => raw;

const rootRoute = createRootRoute({ validateSearch, notFoundComponent: NotFoundPage });

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  component: lazyRouteComponent(() => import('./session/login.tsx'), 'LoginPage'),
});
/** Everything that needs somebody signed in. */
const pagesRoute = createRoute({ getParentRoute: () => rootRoute, id: 'pages', component: Pages });
const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => redirect({ to: '/alerts', throw: true }),
});
const alertsRoute = createRoute({ getParentRoute: () => pagesRoute, path: '/alerts', component: Queue });
const alertRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: '/alerts/$id',
  component: lazyRouteComponent(() => import('./alert/alert-page.tsx'), 'AlertPage'),
});
const searchRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: '/search',
  component: lazyRouteComponent(() => import('./events/search-page.tsx'), 'SearchPage'),
});
const sourcesRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: '/sources',
  component: lazyRouteComponent(() => import('./pages/sources.tsx'), 'SourcesPage'),
});
// `/health` itself is the probe of the API, for machines.
const healthRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: '/settings/health',
  component: lazyRouteComponent(() => import('./pages/health.tsx'), 'HealthPage'),
});
const profileRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: '/settings/profile',
  component: lazyRouteComponent(() => import('./pages/profile.tsx'), 'ProfilePage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    loginRoute,
    indexRoute,
    pagesRoute.addChildren([alertsRoute, alertRoute, searchRoute, sourcesRoute, healthRoute, profileRoute]),
  ]),
  parseSearch: parseAddress,
  stringifySearch: formatAddress,
  defaultErrorComponent: CrashPage,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
