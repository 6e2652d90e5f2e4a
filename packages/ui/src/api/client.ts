import { createClient } from '@posthorn/sdk';

/**
 * The service that this page came from. The browser adds the cookie of who is signed in; there is no
 * other way from these pages to any server.
 */
export const posthorn = createClient({ url: globalThis.location.origin });
