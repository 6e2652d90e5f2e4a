export const problems = {
  gone: 'The service does not answer now. Nothing is lost here: try again in a moment.',
  ours: 'This page made a mistake. Reload it; if that does not help, tell whoever runs Posthorn.',
  title: 'That did not work',
  again: 'Try again',
  /** Where the words of the API are not those for the people of these pages. */
  byCode: {
    sign_in_refused: 'This email address and this password do not fit together.',
    wrong_password: 'This password is not right.',
    code_needed: 'Type the six digits that your authenticator app shows now.',
    unauthorized: 'You are no longer signed in.',
    forbidden: 'You may not do this. Ask somebody who is an operator here.',
    too_many_requests: 'That was too often. Wait a moment and try again.',
    overloaded: 'Too much is going on right now. Try again in a moment.',
    store_unavailable: 'Nothing can be stored right now. Try again in a moment.',
    internal_error: 'Posthorn made a mistake. Whoever runs it finds it in the log.',
  } as Readonly<Record<string, string>>,
};
