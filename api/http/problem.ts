import type { ErrorRequestHandler } from 'express';
import type { z } from 'zod';
import { CanhError, catalogue, type ErrorCode } from '../../platform/errors/index.ts';
import type { Logger } from '../../platform/log.ts';
import type { Problem } from '../contract/index.ts';

/** HTTP status of the failures that a caller can do something about; everything else is `internal`. */
const statuses: Partial<Record<ErrorCode, number>> = {
  request_invalid: 400,
  query_syntax: 400,
  cursor_invalid: 400,
  index_unknown_field: 400,
  auth_password_weak: 400,
  auth_required: 401,
  auth_failed: 401,
  auth_password_change: 403,
  auth_origin: 403,
  forbidden: 403,
  not_found: 404,
  index_conflict: 409,
  transition_invalid: 409,
  request_too_large: 413,
  auth_locked: 429,
  disk_full: 503,
};

/** A request that does not fit; `place` is a path such as `body.to`. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly place: string;

  constructor(place: string, detail: string) {
    super(detail);
    this.place = place;
  }
}

/** The first thing that a schema has against a value. */
export function requestErrorOf(part: string, error: z.ZodError): RequestError {
  const issue = error.issues[0];
  const path = [part, ...(issue?.path ?? [])].map(String).join('.');
  return new RequestError(path, issue?.message ?? catalogue.request_invalid);
}

interface Failure {
  readonly status: number;
  readonly problem: Problem;
  /** Nobody foresaw it: it belongs in the log. */
  readonly unexpected: boolean;
}

/** What the caller is told about anything that was thrown; never a stack, never the text of an unforeseen failure. */
function failureOf(error: unknown): Failure {
  if (error instanceof RequestError) {
    return failure(400, { code: 'request_invalid', message: error.message, place: error.place });
  }
  if (error instanceof CanhError) {
    const status = statuses[error.code];
    if (status === undefined) return internal;
    const column = error.code === 'query_syntax' ? error.place?.column : undefined;
    return failure(status, {
      code: error.code,
      message: error.message,
      ...(column === undefined ? {} : { place: `q:${column}` }),
    });
  }
  return bodyFailure(error) ?? internal;
}

const internal: Failure = {
  status: 500,
  problem: { code: 'internal', message: catalogue.internal },
  unexpected: true,
};

function failure(status: number, problem: Problem): Failure {
  return { status, problem, unexpected: false };
}

/** Failures of Express itself: a body that is too large or no JSON, a path that is no valid URL. */
function bodyFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status === 413) {
    return failure(413, { code: 'request_too_large', message: catalogue.request_too_large });
  }
  if (error.status < 400 || error.status > 499) return undefined;
  const syntax = error instanceof SyntaxError ? error.message : '';
  const spot = /\(line (\d+) column (\d+)\)/.exec(syntax);
  const message = syntax === '' ? catalogue.request_invalid : 'The body is not valid JSON.';
  const part = error instanceof URIError ? 'path' : 'body';
  const place = spot === null ? part : `body:${spot[1]}:${spot[2]}`;
  return failure(400, { code: 'request_invalid', message, place });
}

/** The one error handler: every failure leaves as Problem JSON. */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { status, problem, unexpected } = failureOf(error);
    if (unexpected) {
      log.error('request failed', {
        code: 'internal',
        request: response.getHeader('X-Request-Id'),
        method: request.method,
        // The path alone: a query may hold what an analyst is looking for.
        path: request.path,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    response.status(status).json(problem);
  };
}
