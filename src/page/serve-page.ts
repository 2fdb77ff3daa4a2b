import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CONTENT_SECURITY_POLICY } from './content-security-policy.js';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));

/** Serves the console page at `/`. */
export function servePage(app: NestFastifyApplication): void {
  app.useStaticAssets({
    root: PUBLIC,
    prefix: '/',
    wildcard: false,
    setHeaders: (response) => {
      response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
      response.setHeader('X-Content-Type-Options', 'nosniff');
      response.setHeader('Referrer-Policy', 'no-referrer');
    },
  });
}
