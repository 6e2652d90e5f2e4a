import type { ApiAnswer, Started } from './start.ts';

/** What a browser sends with a change on a page of ours. */
export const OWN_PAGE = { authorization: '', 'sec-fetch-site': 'same-origin' };

export const PASSWORD = 'a tern flies far';

/** The headers of somebody who is signed in. */
export type Browser = Readonly<Record<string, string>>;

/** The token in the setup link that a server printed last. */
export function setupToken(server: Pick<Started, 'output'>): string {
  const token = [...server.output().matchAll(/\/setup\?token=([\w-]{43})/g)].at(-1)?.[1];
  if (token === undefined) throw new Error(`no setup link in:\n${server.output()}`);
  return token;
}

/** Makes the first person, Ada, an operator. */
export async function setUp(server: Pick<Started, 'api' | 'output'>): Promise<Browser> {
  const input = { name: 'Ada', email: 'ada@example.com', password: PASSWORD };
  const body = { ...input, token: setupToken(server) };
  return browserOf(await server.api('POST', '/v1/setup', body, OWN_PAGE));
}

/** A person who has chosen a password and is signed in. */
export async function join(
  server: Pick<Started, 'api'>,
  input: {
    readonly email: string;
    readonly role: string;
    readonly locations: readonly number[] | null;
  },
): Promise<Browser & { readonly cookie: string }> {
  const made = await server.api('POST', '/v1/people', { name: input.email, ...input });
  if (made.status !== 201) throw new Error(made.text);
  const token = new URL(made.json.link as string).searchParams.get('token');
  return browserOf(await server.api('POST', '/v1/join', { token, password: PASSWORD }, OWN_PAGE));
}

export function signIn(
  server: Pick<Started, 'api'>,
  email: string,
  password = PASSWORD,
  more: object = {},
): Promise<ApiAnswer> {
  return server.api('POST', '/v1/session', { email, password, ...more }, OWN_PAGE);
}

/** The headers of the browser that got this answer. */
export function browserOf(answer: ApiAnswer): Browser & { readonly cookie: string } {
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (answer.status >= 300 || cookie === undefined) throw new Error(answer.text);
  return { ...OWN_PAGE, cookie };
}
