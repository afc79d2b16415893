import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import express, { type RequestHandler, type Router } from 'express';
import { systemCode } from '../../platform/errors/index.ts';

const HASHED_FOLDER = `${sep}assets${sep}`;
const NOT_BUILT =
  'The console is not built. Run "npm run prepare" and reload this page. The API works without it.\n';

/** Serves the built console from `directory`; its own routes all get the one page. */
export function consoleRouter(directory: string): Router {
  const router = express.Router();
  router.use(
    express.static(directory, {
      index: false,
      redirect: false,
      setHeaders(response, path) {
        // The build puts a hash of the content in these names, so they never change.
        const hashed = path.startsWith(join(directory, HASHED_FOLDER));
        response.set('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  router.use(page(join(directory, 'index.html')));
  return router;
}

/** The page for whatever a browser navigates to; a missing asset or API route is no page. */
function page(file: string): RequestHandler {
  return async (request, response, next) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!reads || /^\/(api|assets)(\/|$)/.test(request.path) || request.accepts('html') === false) {
      next();
      return;
    }
    response.set('Cache-Control', 'no-cache');
    const html = await readPage(file);
    if (html === undefined) response.status(503).type('text/plain').send(NOT_BUILT);
    else response.type('html').send(html);
  };
}

async function readPage(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
