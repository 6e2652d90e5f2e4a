/** Settings > Integrations: shared secrets; the texts of the list are those of `webhooks`. */
export const integrations = {
  title: 'Integrations',
  lead: 'Connect other systems: they are called when something takes place here.',

  secretsTitle: 'Shared secret',
  secretsLead:
    'It signs every call, so that a receiver can tell that the call comes from here. That of an app goes before that of a location, and that before the default.',
  secretsOfOthers:
    'It signs every call. Operators can see and change it, and managers those of their locations.',
  defaultScope: 'Default',
  app: (id: number, name: string | null) => name ?? `App ${id}`,
  kinds: { default: 'Wherever no other applies', location: 'Location', app: 'App' },
  notSet: 'Not set',
  without: {
    default: 'Calls for which no other secret applies are sent without a signature.',
    location: 'The default signs the calls of this location.',
    app: 'The secret of the location signs, or else the default.',
  },
  setSince: 'Set since',
  previousUntil: 'The one before signs as well until',
  previousWhere: ', in webhook-signature. X-Nexudus-Hook-Signature is made with the new one alone.',
  showAll: (number: number) => `Show all ${number}`,

  set: 'Set a secret',
  replace: 'Replace',
  reveal: 'Reveal',
  delete: 'Delete',
  next: 'Go on',

  add: 'Add for a location or app',
  addTitle: 'A secret of its own',
  addFor: 'For',
  locationHint: 'Its name, or the number of one that is new.',

  setTitle: 'Shared secret:',
  replaceTitle: 'Replace the shared secret:',
  secret: 'Secret',
  secretHint: 'Type one, or have one generated. The receivers need the same.',
  secretMissing: 'Type a secret, or have one generated.',
  generate: 'Generate',
  copySecret: 'Copy the secret',
  strong: 'Hard to guess.',
  weak: {
    short: (least: number) =>
      `Easy to guess: fewer than ${least} characters. Whoever sees a call can try them all. It works, but one that is generated is safer.`,
    monotonous: (least: number) =>
      `Easy to guess: fewer than ${least} different characters. It works, but one that is generated is safer.`,
  },
  overlap: 'How long the old one signs beside the new one',
  overlaps: [
    ['0', 'Not at all: only the new one counts, at once'],
    ['1h', '1 hour'],
    ['24h', '1 day'],
    ['7d', '1 week'],
    ['30d', '30 days'],
  ],
  standardKeeps:
    'Keeps the old one: every call carries both signatures, and a receiver may check either. There is time to change the receivers one by one.',
  standardEnds: 'Made with the new secret alone. Receivers that know the old one refuse the calls.',
  nexudusNever:
    'Has room for one signature, so it does not keep the old one: it is made with the new secret from now on. Receivers that check it have to change at the same moment.',
  nexudusEnds: 'Made with the new secret alone. Receivers that know the old one refuse the calls.',
  setSubmit: 'Save the secret',
  replaceSubmit: 'Replace the secret',
  saved: 'The secret is saved, and signs from the next call on.',

  revealTitle: 'Reveal the shared secret:',
  revealLead: 'Give your password again. The audit will tell that you looked.',
  password: 'Your password',
  revealSubmit: 'Reveal',

  deleteTitle: 'Delete the shared secret:',
  deleted: {
    default:
      'From the next call on, calls for which no other secret applies are sent without a signature, and receivers that check it refuse them.',
    location:
      'From the next call on, the default signs the calls of this location; if there is none, they are sent without a signature.',
    app: 'From the next call on, the secret of the location signs the calls of this app, or else the default; if there is none, they are sent without a signature.',
  },
  deleteSubmit: 'Delete the secret',
};
