import { isIP } from 'node:net';

/** Why a URL or an address is not called. */
export interface Refusal {
  /** `blocked_url`: what the URL says; `blocked_address`: where it leads. */
  readonly code: 'blocked_url' | 'blocked_address';
  /** A plain sentence for people; it names no address, port state or timing. */
  readonly reason: string;
}

export type UrlVerdict =
  | { readonly ok: true; readonly url: Readonly<URL> }
  | { readonly ok: false; readonly refusal: Refusal };

export type AnswersVerdict =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** What a connection is made for. */
export interface Target {
  /** A name or an address, without brackets. */
  readonly hostname: string;
  readonly port: number;
}

export interface OwnInbox {
  readonly host: string;
  readonly port: number;
  readonly pathPrefix: string;
}

export interface GuardOptions {
  readonly allowNetworks: readonly string[];
  readonly allowHosts?: readonly string[];
  readonly ownInbox?: OwnInbox;
  readonly allowHttp: boolean;
}

export interface Guard {
  judgeUrl(raw: string): UrlVerdict;
  judgeAddress(address: string): Refusal | null;
  judgeAnswers(target: Target, addresses: readonly string[]): AnswersVerdict;
  judgePeer(target: Target, address: string): Refusal | null;
  setOwnInbox(inbox: OwnInbox): void;
}

const PRIVATE: Refusal = {
  code: 'blocked_address',
  reason: 'The URL leads to an address that is not public.',
};

/** Under construction: refuses every address unless loopback is allowed. */
export function createGuard(options: GuardOptions): Guard {
  const judgeAddress = (address: string): Refusal | null =>
    isIP(address) === 4 && address.startsWith('127.') && options.allowNetworks.length > 0
      ? null
      : PRIVATE;
  return {
    judgeUrl(raw) {
      const url = URL.parse(raw);
      if (url !== null) return { ok: true, url };
      return { ok: false, refusal: { code: 'blocked_url', reason: 'The URL is not valid.' } };
    },
    judgeAddress,
    judgeAnswers(_target, addresses) {
      const refusal = addresses.map(judgeAddress).find((found) => found !== null);
      return refusal === undefined ? { ok: true, addresses } : { ok: false, refusal };
    },
    judgePeer: (_target, address) => judgeAddress(address),
    setOwnInbox() {},
  };
}
