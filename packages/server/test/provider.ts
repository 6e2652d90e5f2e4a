import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Configuration, Provider } from 'oidc-provider';

/** What the provider says of somebody. */
export interface Account {
  readonly sub: string;
  readonly name?: string;
  readonly email?: string;
  readonly email_verified?: boolean | string;
  readonly groups?: readonly string[];
}

export interface OidcProvider {
  /** `http://127.0.0.1:PORT` */
  readonly issuer: string;
  /** What a server needs in its environment to sign people in by this provider. */
  readonly env: Readonly<Record<string, string>>;
  /** Somebody's browser goes to this address, signs in, and is sent back: to the answer. */
  visit(url: string, account: Account): Promise<string>;
  /** Signs with another key from now on; `untold`: and goes on to show the one before. */
  changeKey(how?: 'untold'): void;
  /** Refuses connections, until `open`. */
  close(): Promise<void>;
  open(): Promise<void>;
}

type Answer = (...args: Parameters<ReturnType<Provider['callback']>>) => unknown;

const CLIENT = { id: 'posthorn', secret: 'a secret of the client' };
/** Nobody listens there: tests bring what is sent there to the server they mean. */
const PUBLIC_URL = 'https://hooks.example.com';

/** A real provider of OpenID Connect, on a port of its own. */
export async function openProvider(): Promise<OidcProvider> {
  const accounts = new Map<string, Account>();
  let handle: Answer = () => {};
  let showKeys: Answer = () => {};
  const server = createServer((request, response) => void handle(request, response));
  let port = 0;
  await open();
  const issuer = `http://127.0.0.1:${port}`;
  changeKey();

  return {
    issuer,
    env: {
      POSTHORN_PUBLIC_URL: PUBLIC_URL,
      POSTHORN_OIDC_ISSUER: issuer,
      POSTHORN_OIDC_CLIENT_ID: CLIENT.id,
      POSTHORN_OIDC_CLIENT_SECRET: CLIENT.secret,
      POSTHORN_OIDC_NAME: 'Office',
    },
    visit,
    changeKey,
    open,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };

  async function open(): Promise<void> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  }

  function changeKey(how?: 'untold'): void {
    const provider = new Provider(issuer, configuration(accounts));
    const answer = provider.callback();
    if (how !== 'untold') showKeys = answer;
    handle = async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', issuer);
      const accountId = searchParams.get('account');
      if (pathname === '/jwks') await showKeys(request, response);
      else if (accountId === null) await answer(request, response);
      else await provider.interactionFinished(request, response, { login: { accountId } });
    };
  }

  async function visit(start: string, account: Account): Promise<string> {
    accounts.set(account.sub, account);
    const cookies = new Map<string, string>();
    let url = start;
    while (!url.startsWith(PUBLIC_URL)) {
      const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
      const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
      for (const [, name = '', value = ''] of answer.headers
        .getSetCookie()
        .map((text) => /^([^=]+)=([^;]*)/.exec(text) ?? []))
        cookies.set(name, value);
      const next = answer.headers.get('location');
      if (next === null) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
      const to = new URL(next, issuer);
      if (to.pathname.startsWith('/interaction/')) to.searchParams.set('account', account.sub);
      url = to.href;
    }
    return url;
  }
}

function configuration(accounts: ReadonlyMap<string, Account>): Configuration {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [`${PUBLIC_URL}/v1/oidc/callback`],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig' }] },
    cookies: { keys: ['of tests'] },
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      Grant: 60,
      IdToken: 60,
      Interaction: 60,
      Session: 60,
    },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'groups'],
    },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, sub) => {
      const account = accounts.get(sub);
      return account && { accountId: sub, claims: () => ({ ...account }) };
    },
    // Everybody agrees to everything.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client!.clientId,
        accountId: oidc.session!.accountId!,
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  };
}
