import { generate } from 'selfsigned';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** The certificates that receivers over TLS show, and the authority to trust (or not). */
export interface Certificates {
  /** PEM of the authority behind all of them but `selfSigned` and `unknownIssuer`. */
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
  const [trusted, expired, notYetValid, wrongName, selfSigned, unknownIssuer] = await Promise.all([
    leaf({ ca: authority }),
    leaf({ ca: authority, fromMs: -2 * DAY_MS, toMs: -DAY_MS }),
    leaf({ ca: authority, fromMs: DAY_MS, toMs: 2 * DAY_MS }),
    leaf({ ca: authority, host: 'other.example' }),
    leaf({}),
    leaf({ ca: stranger }),
  ]);
  return {
    ca: authority.cert,
    trusted,
    expired,
    notYetValid,
    wrongName,
    selfSigned,
    unknownIssuer,
  };
}

async function authorityNamed(name: string): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 3 * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key: made.private, cert: made.cert };
}

interface LeafInput {
  readonly ca?: Certificate;
  readonly host?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

async function leaf({
  ca,
  host,
  fromMs = -DAY_MS,
  toMs = DAY_MS,
}: LeafInput): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: host ?? 'localhost' }], {
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
        altNames: host
          ? [{ type: 2, value: host }]
          : [
              { type: 2, value: 'localhost' },
              { type: 7, ip: '127.0.0.1' },
            ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}
