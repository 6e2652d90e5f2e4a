import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';

/** A library that receivers verify a Standard Webhooks signature with. */
export interface Verifier {
  readonly name: string;
  /**
   * Throws when the signature does not belong to the body, or is more than 300 seconds old or ahead.
   *
   * @param secret `whsec_BASE64`, or any text, whose bytes are then the key.
   * @param headers The headers of the call, names in lower case.
   */
  readonly verify: (secret: string, headers: Record<string, string>, body: Buffer) => void;
}

/** The two packages that Node receivers use; what we sign must satisfy both. */
export const verifiers: readonly Verifier[] = [
  { name: 'standardwebhooks', verify: verifierWith(StandardWebhook) },
  { name: 'svix', verify: verifierWith(SvixWebhook) },
];

function verifierWith(Webhook: typeof StandardWebhook | typeof SvixWebhook): Verifier['verify'] {
  return (secret, headers, body) => {
    const webhook = secret.startsWith('whsec_')
      ? new Webhook(secret)
      : new Webhook(Buffer.from(secret), { format: 'raw' });
    webhook.verify(body, headers);
  };
}
