import type { Problem } from '../../../api/contract/index.ts';

const base = '/api/v1';

/** A request that failed: the API's own problem, or `network` when no answer came. Callers branch on `code`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  readonly place: string | undefined;

  constructor(problem: Problem, status: number) {
    super(problem.message);
    this.code = problem.code;
    this.status = status;
    this.place = problem.place;
  }
}

export type Parameters = Readonly<Record<string, string>>;

export async function get<T>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<T> {
  const query = new URLSearchParams(parameters).toString();
  return request<T>('GET', query === '' ? path : `${path}?${query}`, undefined, signal);
}

export async function send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return request<T>(method, path, body);
}

async function request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`${base}${path}`, {
      method,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError({ code: 'network', message: 'The server cannot be reached.' }, 0);
  }
  const text = await response.text();
  const value = parseJson(text);
  if (!response.ok) throw new ApiError(problemOf(value, response.status), response.status);
  // The contract is the API's own, and the API checks its answers against it in its tests.
  return value as T;
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf(value: unknown, status: number): Problem {
  if (typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string') {
    const message = 'message' in value && typeof value.message === 'string' ? value.message : value.code;
    const place = 'place' in value && typeof value.place === 'string' ? value.place : undefined;
    return { code: value.code, message, ...(place === undefined ? {} : { place }) };
  }
  // Something between us and the API answered: a proxy, or an API that is restarting.
  return { code: status >= 500 ? 'network' : `http_${status}`, message: `HTTP ${status}` };
}
