/** Signing in, the first person, and those who were invited. */
export const signIn = {
  title: 'Sign in',
  email: 'Email address',
  password: 'Password',
  code: 'Code of your authenticator app',
  submit: 'Sign in',
  or: 'or',
  with: (name: string) => `Sign in with ${name}`,
  withInTab: (name: string) => `Sign in with ${name} in another tab`,
  /** Why somebody comes back from an identity provider without being signed in, by the API's code. */
  sentBack: {
    provider_unavailable: 'The identity provider does not answer. Try again, or use your password.',
    provider_refused: 'The identity provider did not confirm who you are.',
    sign_in_expired: 'That took too long, or was begun in another window. Try again.',
    too_many_requests: 'Too many tries came from here. Wait some minutes.',
    email_unverified: 'The identity provider does not say that your email address is really yours.',
    not_invited: 'Nobody here invited this account. Ask an operator.',
    second_factor: 'Your account asks for a code: sign in with your password and the code.',
    https_needed: 'Signing in over a network needs https.',
    store_unavailable: 'Nothing can be stored right now. Try again in a moment.',
    overloaded: 'Too much is going on right now. Try again in a moment.',
  } as Readonly<Record<string, string>>,
  sentBackElse: 'Signing in did not work. Try again.',
  forgotten: 'Forgot the password? An operator can send you a link to choose a new one.',
  setupOpen:
    'Nobody has an account here yet. Open the setup link that Posthorn printed in its terminal.',

  setupTitle: 'Welcome to Posthorn',
  setupLead: 'You are the first one here. This account may do everything and can invite others.',
  setupGone:
    'This setup link is no longer good: somebody has set Posthorn up, or it printed a newer link.',
  name: 'Your name',
  newPassword: 'A password',
  passwordHint: 'At least 12 characters. A sentence is easy to remember.',
  setupSubmit: 'Create my account',

  joinTitle: 'Choose a password',
  joinLead: 'Then you are signed in. The link works once.',
  joinGone: 'This link was used or is too old. Ask an operator for a new one.',
  joinSubmit: 'Save and sign in',
  noToken: 'This address lacks its token: open the whole link that you were given.',
  toSignIn: 'To sign in',

  nameMissing: 'Type a name',
  emailWrong: 'This is not an email address',
  passwordMissing: 'Type your password',
  passwordShort: 'At least 12 characters',
};
