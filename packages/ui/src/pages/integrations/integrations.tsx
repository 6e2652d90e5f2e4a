import { Coming } from '../../frame/coming.tsx';
import { texts } from '../../texts/texts.ts';

export function Integrations() {
  return <Coming title={texts.frame.integrations} />;
}
