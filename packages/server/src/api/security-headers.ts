import type { FastifyHelmetOptions } from '@fastify/helmet';

/**
 * What browsers may do with an answer, a page of the UI among them: nothing but show and run what
 * this server itself sends as a file. There are no inline scripts and no inline style sheets.
 * `isTls`: it is reached over https, so browsers may be told to use nothing else.
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
        // Text of strangers that finds its way to where a script would run is refused by the browser.
        requireTrustedTypesFor: ["'script'"],
      },
    },
    strictTransportSecurity: isTls ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  };
}
