import { notifications } from '@mantine/notifications';
import { sentenceOf } from '../api/problems.ts';

/** Says what went wrong where there is no form to say it in. */
export function tellProblem(error: unknown): void {
  notifications.show({ color: 'red', message: sentenceOf(error) });
}
