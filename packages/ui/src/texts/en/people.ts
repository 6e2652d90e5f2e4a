import { count } from '../plural.ts';

export const people = {
  title: 'People',
  lead: 'Who may sign in, and what they may do.',
  add: 'Add person',
  columns: {
    name: 'Name',
    role: 'Role',
    locations: 'Locations',
    totp: 'Second factor',
    lastSignIn: 'Last signed in',
    menu: 'More',
  },
  you: 'you',
  notJoined: 'Has not chosen a password yet',
  someLocations: (number: number) => count(number, 'location', 'locations'),
  on: 'On',
  off: 'Off',
  roles: {
    operator: {
      label: 'Operator',
      hint: 'May do everything, at all locations, and can add people and keys.',
    },
    manager: {
      label: 'Manager',
      hint: 'Sees and changes webhooks, deliveries and secrets at their locations.',
    },
    viewer: { label: 'Viewer', hint: 'Sees what is at their locations and changes nothing.' },
  },
  actionsFor: (name: string) => `What can be done with ${name}`,
  change: 'Change …',
  newLink: 'Link for a new password …',
  dropTotp: 'Take the second factor away …',
  remove: 'Remove …',

  addTitle: 'Add a person',
  changeTitle: (name: string) => `Change ${name}`,
  fields: {
    name: 'Name',
    email: 'Email address',
    emailHint: 'They sign in with it. Nothing is sent there.',
    role: 'Role',
    everywhere: 'At all locations, also at those to come',
    locations: 'Locations',
    locationsHint: 'By name, or by number if nobody has mentioned it yet.',
  },
  locationsMissing: 'Choose at least one location',
  addSubmit: 'Add and make a link',
  changeHint: 'Another email address, role or location signs them out everywhere.',

  linkTitle: (name: string) => `A link for ${name}`,
  link: 'Link',
  linkNote:
    'Give it to them in a way that you trust. It is good once and for three days, and it is shown here this once.',
  newLinkAsk:
    'With the link they choose a new password. Their password and sessions of now are good until they do. A link that was made before is over.',
  makeLink: 'Make a link',
  dropTotpTitle: (name: string) => `Take away the second factor of ${name}?`,
  dropTotpAsk:
    'For somebody who lost their phone. They sign in with their password alone then, and are signed out everywhere now.',
  dropTotpConfirm: 'Take it away',
  removeTitle: (name: string) => `Remove ${name}?`,
  removeAsk:
    'They are signed out everywhere and cannot sign in again. What they made stays, and so does what the audit tells of them.',
  removeConfirm: 'Remove',
};
