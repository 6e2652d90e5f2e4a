import type { FastifyHelmetOptions } from '@fastify/helmet';

/**
 * What browsers may do with an answer: nothing but show what this server itself sends. `isTls`: it
 * is reached over https, so browsers may be told to use nothing else.
 */
export function securityHeaders(isTls: boolean): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: isTls ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  };
}
