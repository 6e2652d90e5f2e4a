import { useThrottledCallback } from '@mantine/hooks';
import { type QueryKey, useQueryClient } from '@tanstack/react-query';

/** Between two readings of what changes many times a second. */
const PAUSE_MS = 500;

/** Reads again what is kept under a key: at once, and then every half second at most. */
export function useReadAgain(queryKey: QueryKey): () => void {
  const queryClient = useQueryClient();
  return useThrottledCallback(() => void queryClient.invalidateQueries({ queryKey }), PAUSE_MS);
}
