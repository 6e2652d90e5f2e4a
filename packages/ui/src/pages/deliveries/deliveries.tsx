import { Coming } from '../../frame/coming.tsx';
import { texts } from '../../texts/texts.ts';

export function Deliveries() {
  return <Coming title={texts.frame.deliveries} />;
}
