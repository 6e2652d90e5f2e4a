import { generate } from 'selfsigned';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** The certificates that receivers over TLS show, and the authority to trust (or not). */
export interface Certificates {
  /** PEM of the authority behind all of them but `selfSigned`, `unknownIssuer` and `strange`. */
  readonly ca: string;
  /** For 127.0.0.1 and localhost, valid now. */
  readonly trusted: Certificate;
  /** The same, over since yesterday. */
  readonly expired: Certificate;
  /** Valid from tomorrow on. */
  readonly notYetValid: Certificate;
  /** Valid, for another host. */
  readonly wrongName: Certificate;
  /** Signed by itself. */
  readonly selfSigned: Certificate;
  /** Signed by an authority that nobody trusts. */
  readonly unknownIssuer: Certificate;
  /** Valid, but signed by "Authority in between", which is over since yesterday and sent along. */
  readonly outdatedAuthority: Certificate;
  /** Of an authority whose name rings a bell and turns letters round, for 300 hosts. */
  readonly strange: Certificate;
}

const DAY_MS = 86_400_000;

let madeOnce: Promise<Certificates> | undefined;

/** Makes them once per process (P-256 keys, some 50 ms for all): real dates never go stale. */
export function certificates(): Promise<Certificates> {
  return (madeOnce ??= make());
}

async function make(): Promise<Certificates> {
  const authority = await authorityNamed('Posthorn test authority');
  const stranger = await authorityNamed('Unknown authority');
  const between = await authorityNamed('Authority in between', { ca: authority, toMs: -DAY_MS });
  const joker = await authorityNamed(`Trust\u0007\u202Eme ${'!'.repeat(500)}`);
  const hosts = Array.from({ length: 300 }, (_, n) => `host-${n}.example`);
  const [trusted, expired, notYetValid, wrongName, selfSigned, unknownIssuer, below, strange] =
    await Promise.all([
      leaf({ ca: authority }),
      leaf({ ca: authority, fromMs: -2 * DAY_MS, toMs: -DAY_MS }),
      leaf({ ca: authority, fromMs: DAY_MS, toMs: 2 * DAY_MS }),
      leaf({ ca: authority, hosts: ['other.example'] }),
      leaf({}),
      leaf({ ca: stranger }),
      leaf({ ca: between }),
      leaf({ ca: joker, hosts }),
    ]);
  return {
    ca: authority.cert,
    trusted,
    expired,
    notYetValid,
    wrongName,
    selfSigned,
    unknownIssuer,
    outdatedAuthority: { key: below.key, cert: `${below.cert}\n${between.cert}` },
    strange,
  };
}

interface AuthorityInput {
  /** Signs it; default: it signs itself. */
  readonly ca?: Certificate;
  readonly toMs?: number;
}

async function authorityNamed(
  name: string,
  { ca, toMs = 30 * DAY_MS }: AuthorityInput = {},
): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 3 * DAY_MS),
    notAfterDate: new Date(Date.now() + toMs),
    ...(ca ? { ca } : {}),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key: made.private, cert: made.cert };
}

interface LeafInput {
  readonly ca?: Certificate;
  /** Default: 127.0.0.1 and localhost. */
  readonly hosts?: readonly string[];
  readonly fromMs?: number;
  readonly toMs?: number;
}

async function leaf({
  ca,
  hosts,
  fromMs = -DAY_MS,
  toMs = DAY_MS,
}: LeafInput): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: hosts?.[0] ?? 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() + fromMs),
    notAfterDate: new Date(Date.now() + toMs),
    ...(ca ? { ca } : {}),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts?.map((value) => ({ type: 2 as const, value })) ?? [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}
