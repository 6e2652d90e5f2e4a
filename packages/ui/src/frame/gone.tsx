import { Alert } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { reachable } from '../api/reachable.ts';
import { texts } from '../texts/texts.ts';
import styles from './gone.module.css';

/** Says that the service is gone for as long as it is; then everything shown is read again. */
export function Gone() {
  const isReachable = reachable.use();
  const queryClient = useQueryClient();
  const wasGone = useRef(false);
  useEffect(() => {
    if (isReachable && wasGone.current) void queryClient.invalidateQueries();
    wasGone.current = !isReachable;
  }, [isReachable, queryClient]);

  return (
    <div role="status">
      {!isReachable && (
        <Alert color="red" title={texts.frame.goneTitle} className={styles.banner}>
          {texts.frame.gone}
        </Alert>
      )}
    </div>
  );
}
