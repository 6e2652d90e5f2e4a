export const profile = {
  title: 'Your account',
  lead: (email: string, role: string) => `You sign in as ${email}. Your role is ${role}.`,
  leadOfKey: 'An API key has no account.',

  nameTitle: 'Name',
  name: 'Your name',
  nameSaved: 'Your name is saved.',

  passwordTitle: 'Password',
  passwordLead: 'Another password signs you out on all other devices.',
  current: 'Your password until now',
  chosen: 'Another password',
  passwordSubmit: 'Change password',
  passwordSaved: 'Your password is changed. You are signed out everywhere else.',

  totpTitle: 'Second factor',
  totpOffLead:
    'With an authenticator app on your phone, signing in asks for a code as well: a stolen password alone opens nothing.',
  totpOnLead: 'Signing in asks for a code of your authenticator app.',
  totpOn: 'Switched on',
  totpSetUp: 'Set it up',
  totpScan: 'Scan this with your authenticator app, then type the six digits that it shows.',
  totpQr: 'QR code for an authenticator app. The same can be typed: it stands below.',
  totpSecret: 'Or type this key',
  totpSecretNote: 'Keep it to yourself: whoever has it can make your codes.',
  code: 'Code',
  codeMissing: 'Type the six digits',
  totpSubmit: 'Switch on',
  totpStarted: 'From now on signing in asks for a code.',
  totpLost:
    'If you lose your phone, an operator can take the second factor away: have a second one.',
  totpStop: 'Switch off …',
  totpStopTitle: 'Switch off the second factor',
  totpStopLead: 'Then your password alone is enough. You are signed out on all other devices.',
  totpStopSubmit: 'Switch off',
  password: 'Your password',

  sessionsTitle: 'Devices',
  sessionsLead:
    'Signs you out here and on every other device, also where you forgot to do so yourself.',
  signOutEverywhere: 'Sign out everywhere',
};
