/** What a connection is made for. */
export interface Target {
  readonly protocol: string;
  /** A name or an address, without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** Reads a target from a URL or from what undici asks a connector for. */
export function targetOf(from: {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
}): Target {
  const defaultPort = from.protocol === 'https:' ? 443 : 80;
  return {
    protocol: from.protocol,
    hostname: from.hostname.replaceAll(/^\[|\]$/g, ''),
    port: from.port === '' ? defaultPort : Number(from.port),
  };
}
