import type { SecretBox } from './secret-box.ts';

/** A secret sealed as one word that can travel in a header or a cookie: `KEYID.SEALED`. */
export function sealText(box: SecretBox, secret: string, boundTo: string): string {
  const { keyId, sealed } = box.seal(secret, boundTo);
  return `${keyId}.${Buffer.from(sealed).toString('base64url')}`;
}

/** Null: it is none of ours, or it was changed; whoever sends such a thing learns no more. */
export function openText(box: SecretBox, text: string, boundTo: string): string | null {
  const [, keyId, sealed] = /^([\da-f]{12})\.([\w-]+)$/.exec(text) ?? [];
  if (keyId === undefined || sealed === undefined) return null;
  try {
    return box.open({ keyId, sealed: Buffer.from(sealed, 'base64url') }, boundTo);
  } catch {
    return null;
  }
}
