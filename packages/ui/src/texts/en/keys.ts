import { count } from '../plural.ts';

export const keys = {
  title: 'Keys',
  lead: 'What programs identify themselves with, and what each of them may do.',
  keys: 'API keys',
  create: 'Create key',
  columns: {
    name: 'Name',
    scopes: 'May',
    lastUsed: 'Last used',
    expires: 'Good until',
    menu: 'More',
  },
  ofApp: (name: string) => `of the app ${name}`,
  unknownApp: (id: number) => `of the app ${id}`,
  everything: 'Everything',
  scopes: {
    'events:write': 'Report events',
    'events:read': 'Read events',
    'webhooks:read': 'Read webhooks',
    'webhooks:write': 'Create and change webhooks',
    'deliveries:read': 'Read deliveries',
    'deliveries:resend': 'Resend deliveries',
    'settings:write': 'Change secrets and locations',
    'audit:read': 'Read the audit',
  } as Readonly<Record<string, string>>,
  moreScopes: (number: number) => count(number, 'other thing', 'other things'),
  untilRevoked: 'Until it is revoked',
  replaced: 'Replaced',
  actionsFor: (name: string) => `What can be done with ${name}`,
  rotate: 'Replace …',
  revoke: 'Revoke …',
  empty: 'A program that reports events or reads deliveries needs one.',

  createTitle: 'Create an API key',
  fields: {
    name: 'Name',
    nameHint: 'What uses it, so that you know it again: “Booking system”.',
    app: 'App',
    appHint:
      'A key of an app sees the webhooks of that app and no others, signed with a secret of its own.',
    noApp: 'None: a key of yours',
    all: 'Everything, as you yourself',
    scopes: 'It may',
    location: 'Location',
    locationHint: 'Then it sees and changes what is there only.',
    expiresAt: 'Good until',
    expiresAtHint: 'Leave it empty for a key that is good until you revoke it.',
  },
  scopesMissing: 'Choose at least one thing that it may do',
  madeTitle: (name: string) => `The key “${name}”`,
  key: 'API key',
  keyNote: 'Copy it now to where it is needed: it is shown this once and kept nowhere.',

  rotateTitle: (name: string) => `Replace the key “${name}”?`,
  rotateAsk:
    'You get another key that may do the same. The one until now stays good beside it for as long as you choose, so that nothing stops while you change it.',
  overlap: 'The old key is good for',
  overlaps: { '0s': 'No longer', '1h': 'An hour', '24h': 'A day', '168h': 'A week' },
  rotateConfirm: 'Replace',
  revokeTitle: (name: string) => `Revoke the key “${name}”?`,
  revokeAsk: 'Whatever uses it is refused from now on. This cannot be taken back.',
  revokeConfirm: 'Revoke',

  apps: 'Apps',
  appsLead:
    'Programs of others that make webhooks of their own: each with keys and a shared secret of its own.',
  createApp: 'Create app',
  createAppTitle: 'Create an app',
  noApps: 'There are none. A program of your own needs no app: a key is enough.',
  appId: (id: number) => `Number ${id}`,
  deleteApp: 'Delete …',
  deleteAppTitle: (name: string) => `Delete the app “${name}”?`,
  deleteAppAsk:
    'Its keys, its secret and its webhooks go with it, and what waits for them is not sent. This cannot be taken back.',
  deleteAppConfirm: 'Delete',

  signingKey: 'Signing key',
  signingKeyLead:
    'Signs every call beside the shared secrets. Receivers check it with the public key, which is no secret.',
  publicKey: 'Public key',
  publicKeyNote: 'For verifying “v1a” signatures, as Standard Webhooks writes it.',
  olderKeys: 'Signs as well until',
  rotateSigningKey: 'Replace …',
  rotateSigningKeyTitle: 'Replace the signing key?',
  rotateSigningKeyAsk:
    'From now on calls are signed with another key pair, and with the one until now for a day. Receivers that keep the public key need the new one by then.',
};
