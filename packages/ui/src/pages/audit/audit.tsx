import { Coming } from '../../frame/coming.tsx';
import { texts } from '../../texts/texts.ts';

export function Audit() {
  return <Coming title={texts.frame.audit} />;
}
