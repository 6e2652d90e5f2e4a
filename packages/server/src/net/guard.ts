import { isIP } from 'node:net';
import {
  isCloudMetadata,
  isInNetwork,
  isLoopback,
  isPublic,
  parseAddress,
  parseNetwork,
  type Address,
} from './addresses.ts';
import { isLocalhostName, scopeOfName, withoutFinalDot } from './names.ts';
import { createInboxRule, type InboxRule, type OwnInbox } from './own-inbox.ts';
import { isWebPort } from './ports.ts';
import { REFUSALS, type Refusal } from './refusals.ts';
import { MAX_URL_LENGTH, readUrl } from './spelling.ts';
import { targetOf, type Target } from './target.ts';

export type { OwnInbox } from './own-inbox.ts';
export type { Refusal } from './refusals.ts';

export type UrlVerdict =
  | { readonly ok: true; readonly url: Readonly<URL> }
  | { readonly ok: false; readonly refusal: Refusal };

export type AnswersVerdict =
  /** The connection goes to one of these and nowhere else. */
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly refusal: Refusal };

export interface GuardOptions {
  /** Networks that may be reached although they are not public, `10.1.2.0/24`; never metadata. */
  readonly allowNetworks: readonly string[];
  /**
   * Names of local scope that may be called although their addresses are public. A name that leads
   * to a network in `allowNetworks` need not be here.
   */
  readonly allowHosts?: readonly string[];
  /** The names under which this service itself is known; they are never called. */
  readonly ownHosts?: readonly string[];
  /** The one place of this process that may be called; also set later, by `setOwnInbox`. */
  readonly ownInbox?: OwnInbox;
  /** Whether `http://` is allowed. The own inbox has nothing else. */
  readonly allowHttp: boolean;
}

export interface Guard {
  /**
   * Judges all that can be known without asking anybody. The same question at create, at update,
   * at a test and before every attempt; cheap enough for the last (below 1 µs when asked before).
   * Use the `url` it returns for the request, never the text, and do not change it.
   */
  judgeUrl(raw: string): UrlVerdict;
  /** Judges one address by itself. Text that is no address is refused. */
  judgeAddress(address: string): Refusal | null;
  /** Judges all answers for a connection; one forbidden address refuses all of them. */
  judgeAnswers(target: Target, addresses: readonly string[]): AnswersVerdict;
  /** Judges the peer of a connection that was made. */
  judgePeer(target: Target, address: string): Refusal | null;
  /** Once it is known where this process listens. */
  setOwnInbox(inbox: OwnInbox): void;
}

/** More answers than any receiver needs; each costs time to judge and to try. */
const MAX_ANSWERS = 64;
/** As many URLs as a busy node has webhooks; about 2 MB. A URL beyond costs 5 µs per attempt. */
const MAX_REMEMBERED_URLS = 4_096;

/**
 * Decides where webhooks may go: to the public internet, and to what the operator allows. It knows
 * no network: it judges texts and addresses, and the connector asks it again with what it met.
 * Throws an `Error` that names the value when an option is malformed.
 */
export function createGuard(options: GuardOptions): Guard {
  const allowNetworks = options.allowNetworks.map(parseNetwork);
  const allowHosts = new Set(options.allowHosts?.map(hostKey));
  const ownHosts = new Set(options.ownHosts?.map(hostKey));
  const remembered = new Map<string, UrlVerdict>();
  let inbox: InboxRule | null = options.ownInbox ? createInboxRule(options.ownInbox) : null;

  const isAllowed = (address: Address): boolean =>
    allowNetworks.some((network) => isInNetwork(address, network)) && !isCloudMetadata(address);

  /** Names that mean something else on every network may lead only to what the operator allows. */
  const isJudgedByAnswers = (hostname: string): boolean =>
    isIP(hostname) === 0 &&
    scopeOfName(hostname) === 'local' &&
    !allowHosts.has(withoutFinalDot(hostname));

  function judgeHost(target: Target): Refusal | null {
    const { hostname, port } = target;
    if (inbox?.isTarget(target) === true) return null;
    if (!isWebPort(port)) return REFUSALS.port;
    if (ownHosts.has(withoutFinalDot(hostname))) return REFUSALS.ownHost;
    if (isIP(hostname) !== 0) return judgePeer(target, hostname);
    switch (scopeOfName(hostname)) {
      case 'public':
        return null;
      case 'local':
        return isJudgedByAnswers(hostname) && allowNetworks.length === 0
          ? REFUSALS.localName
          : null;
      case 'metadata':
        return REFUSALS.localName;
      case 'malformed':
        return REFUSALS.name;
    }
  }

  function judgePeer(target: Target, text: string): Refusal | null {
    const address = parseAddress(text);
    if (address === null) return REFUSALS.address;
    if (inbox?.isTarget(target) === true && inbox.isAt(address)) return null;
    const mayBeReached =
      isAllowed(address) || (isPublic(address) && !isJudgedByAnswers(target.hostname));
    if (!mayBeReached) return REFUSALS.address;
    return inbox?.isThisProcess(address, target.port) === true ? REFUSALS.ownHost : null;
  }

  function judgeAnswers(target: Target, answers: readonly string[]): AnswersVerdict {
    if (answers.length > MAX_ANSWERS) return refuse(REFUSALS.tooManyAddresses);
    const addresses = withoutSpareLoopback(target, answers);
    const refusal =
      judgeHost(target) ??
      addresses.map((address) => judgePeer(target, address)).find((found) => found !== null);
    if (refusal) return refuse(refusal);
    return addresses.length === 0 ? refuse(REFUSALS.address) : { ok: true, addresses };
  }

  /**
   * `localhost` has the answers 127.0.0.1 and ::1, whichever of them the operator allows. For its
   * names, loopback answers that are not allowed are left out instead of refusing the others.
   */
  function withoutSpareLoopback(target: Target, answers: readonly string[]): readonly string[] {
    if (!isLocalhostName(target.hostname)) return answers;
    return answers.filter((text) => {
      const address = parseAddress(text);
      return address === null || !isLoopback(address) || judgePeer(target, text) === null;
    });
  }

  function judgeUrlAfresh(raw: string): UrlVerdict {
    const url = readUrl(raw);
    if (!(url instanceof URL)) return refuse(url);
    if (url.origin === inbox?.origin) {
      return inbox.allowsPath(url) ? { ok: true, url } : refuse(REFUSALS.ownHost);
    }
    if (url.protocol === 'http:' && !options.allowHttp) return refuse(REFUSALS.plainHttp);
    const refusal = judgeHost(targetOf(url));
    return refusal === null ? { ok: true, url } : refuse(refusal);
  }

  return {
    judgeUrl(raw) {
      const known = remembered.get(raw);
      if (known !== undefined) return known;
      const verdict = judgeUrlAfresh(raw);
      if (raw.length <= MAX_URL_LENGTH) {
        const [oldest] = remembered.size < MAX_REMEMBERED_URLS ? [] : remembered.keys();
        if (oldest !== undefined) remembered.delete(oldest);
        remembered.set(raw, verdict);
      }
      return verdict;
    },
    judgeAddress: (text) => {
      const address = parseAddress(text);
      const isFine = address !== null && (isPublic(address) || isAllowed(address));
      return isFine ? null : REFUSALS.address;
    },
    judgeAnswers,
    judgePeer,
    setOwnInbox(place) {
      inbox = createInboxRule(place);
      remembered.clear();
    },
  };
}

function refuse(refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal };
}

/** One spelling for a host of the settings: as `URL.hostname` writes it, without a final dot. */
function hostKey(host: string): string {
  const url = URL.parse(`http://${host}`);
  if (url === null || url.href !== `http://${url.hostname}/`) {
    throw new Error(`not a host name: ${JSON.stringify(host)}`);
  }
  return withoutFinalDot(targetOf(url).hostname);
}
