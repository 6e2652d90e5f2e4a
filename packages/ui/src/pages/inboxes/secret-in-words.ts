import type { SecretScope } from '@posthorn/sdk';
import { texts } from '../../texts/texts.ts';

/** Whose secret an inbox checks with. */
export function secretInWords(scope: SecretScope): string {
  const { secret } = texts.inboxes;
  const [kind, id] = scope.split(':');
  if (kind === 'default' || id === undefined) return secret.default;
  return kind === 'app' ? secret.app(id) : secret.location(id);
}
