import './theme/mantine-styles.ts';
import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import { MantineProvider } from '@mantine/core';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/client.ts';
import { sessionQuery } from './api/session.ts';
import { LanguageProvider } from './i18n/language.tsx';
import { KeysProvider } from './keys/context.tsx';
import { NoticesProvider } from './notices/context.tsx';
import { router } from './routes.tsx';
import { SettingsProvider } from './settings/context.tsx';
import { theme } from './theme/theme.ts';

const RETRIES_MAX = 2;

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended anywhere ends here: the gate of the pages then shows the sign-in.
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'auth_required')
        client.setQueryData(sessionQuery.queryKey, null);
    },
  }),
  defaultOptions: {
    queries: {
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      retry: (count, error) =>
        count < RETRIES_MAX && (!(error instanceof ApiError) || error.code === 'network'),
    },
  },
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <SettingsProvider>
          <LanguageProvider>
            <KeysProvider>
              <NoticesProvider>
                <RouterProvider router={router} />
              </NoticesProvider>
            </KeysProvider>
          </LanguageProvider>
        </SettingsProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
