import { Alert } from '@mantine/core';
import { texts } from '../texts/texts.ts';
import styles from './form-problem.module.css';

/** What is wrong with a form as a whole, read aloud when it appears. */
export function FormProblem({ problem }: { readonly problem: string | undefined }) {
  return (
    <div role="alert">
      {problem !== undefined && (
        <Alert color="red" title={texts.problems.title} className={styles.problem}>
          {problem}
        </Alert>
      )}
    </div>
  );
}
