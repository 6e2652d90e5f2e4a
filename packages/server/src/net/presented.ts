import type { Socket } from 'node:net';
import { TLSSocket, type DetailedPeerCertificate } from 'node:tls';
import { certificateProblemOf } from './certificate.ts';
import { UntrustedCertificate } from './failures.ts';

/**
 * Looks at what a receiver presents, at the only moment when that can be done: `secure` comes after
 * the handshake and before Node verifies, and what Node refuses it destroys at once, with all there
 * was to read. This only looks: Node decides as it would without it. Not by
 * `getPeerX509Certificate`, after which Node 24 finds no names when it verifies.
 *
 * A session that is taken up again was verified when it began. A full handshake takes some 1.5 ms
 * of both sides, of which this is 0.1 ms.
 */
export function watchCertificate(
  socket: TLSSocket,
  onPresented: (certificate: DetailedPeerCertificate) => void,
): void {
  socket.prependListener('secure', () => {
    if (socket.isSessionReused()) return;
    try {
      onPresented(socket.getPeerCertificate(true));
    } catch {
      // Nobody has verified these bytes. What cannot be read of them is not told.
    }
  });
}

/** The error with what was presented, if the certificate is why there is no connection. */
export function withCertificate(
  error: Error,
  host: string,
  socket: Socket | undefined,
  presented: DetailedPeerCertificate | null,
): Error {
  if (!(socket instanceof TLSSocket) || !socket.authorizationError) return error;
  const { code = error.message } = error as NodeJS.ErrnoException;
  const problem = certificateProblemOf(code, host, presented, Date.now());
  return new UntrustedCertificate(problem, { cause: error });
}
