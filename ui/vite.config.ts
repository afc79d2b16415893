import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the development server sends requests for the API. */
const apiAddress = 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // The budget test follows the imports of a route through the manifest.
    manifest: true,
    // Everything is a file of its own: the content security policy allows no data: scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': { target: apiAddress, changeOrigin: false } } },
});
