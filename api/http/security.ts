import type { Request, RequestHandler } from 'express';
import { CanhError } from '../../platform/errors/index.ts';

const HEADERS: Readonly<Record<string, string>> = {
  // Mantine writes its colour variables into style elements; scripts come from us alone, and never from a string.
  'Content-Security-Policy': [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Puts the security headers on every answer. */
export const securityHeaders: RequestHandler = (request, response, next) => {
  response.set(HEADERS);
  if (request.secure) response.set('Strict-Transport-Security', 'max-age=31536000');
  next();
};

/**
 * Refuses a request that would change something and comes from another site. The cookie is `SameSite=Strict` already;
 * this holds too in a browser that does not honour it, and against other hosts of the same site. A program sends
 * neither header and has no cookie that somebody else could ride on. Throws `auth_origin`.
 */
export function checkOrigin(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.get('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new CanhError('auth_origin');
  const origin = request.get('Origin');
  if (site === undefined && origin !== undefined && hostOf(origin) !== request.host) {
    throw new CanhError('auth_origin');
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
