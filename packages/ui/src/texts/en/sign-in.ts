/** Signing in, the first person, and those who were invited. */
export const signIn = {
  title: 'Sign in',
  email: 'Email address',
  password: 'Password',
  code: 'Code of your authenticator app',
  submit: 'Sign in',
  or: 'or',
  with: (name: string) => `Sign in with ${name}`,
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

  nameMissing: 'Type your name',
  emailWrong: 'This is not an email address',
  passwordMissing: 'Type your password',
  passwordShort: 'At least 12 characters',
};
