import type { Owned } from './bounds.ts';

/** Whether a key can do everything, everywhere: also make another like it. */
export function isAlmighty(key: Owned & { readonly scopes: readonly string[] }): boolean {
  return key.app === null && key.location === null && key.scopes.includes('*');
}
