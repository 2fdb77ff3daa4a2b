import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CONTENT_SECURITY_POLICY } from './content-security-policy.js';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));

/** Serves the console page at `/`. */
export async function servePage(app: NestFastifyApplication): Promise<void> {
  await app.register(fastifyStatic, {
    root: PUBLIC,
    prefix: '/',
    wildcard: false,
    setHeaders: (reply) => {
      reply.header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
      reply.header('X-Content-Type-Options', 'nosniff');
      reply.header('Referrer-Policy', 'no-referrer');
    },
  });
}
