import { texts } from '../texts/texts.ts';

/** As the service asks for. */
const MIN_PASSWORD = 12;

/** What a form can say without asking the service: null, or what is wrong. */
type Check = (value: string) => string | null;

export const checkName: Check = (value) => (value.trim() === '' ? texts.signIn.nameMissing : null);

export const checkEmail: Check = (value) =>
  /^\S+@\S+$/.test(value.trim()) ? null : texts.signIn.emailWrong;

export const checkPassword: Check = (value) => (value === '' ? texts.signIn.passwordMissing : null);

export const checkNewPassword: Check = (value) =>
  value.length < MIN_PASSWORD ? texts.signIn.passwordShort : null;
