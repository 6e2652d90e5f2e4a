import { encodeQR } from 'qr';
import { useMemo } from 'react';
import styles from './profile.module.css';

/** Cells of white around the code, without which cameras do not find it. */
const QUIET = 4;

interface QrCodeProps {
  readonly text: string;
  /** For those who hear the page. */
  readonly label: string;
}

/** Drawn here: what it says is a secret, which no other site may see. */
export function QrCode({ text, label }: QrCodeProps) {
  const cells = useMemo(() => encodeQR(text, 'raw', { border: QUIET }), [text]);
  const path = cells
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return (
    <svg
      className={styles.qr}
      viewBox={`0 0 ${cells.length} ${cells.length}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path d={path} fill="#000" />
    </svg>
  );
}
