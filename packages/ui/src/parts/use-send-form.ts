import type { UseFormReturnType } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { problemsOf } from '../api/problems.ts';

interface SendForm<Values, Answer> {
  readonly form: UseFormReturnType<Values>;
  /** The request. */
  readonly send: (values: Values) => Promise<Answer>;
  readonly onDone: (answer: Answer) => unknown;
}

/**
 * Sends a form and puts what the API says is wrong at its field, or above the form if it is about
 * none of them. What was typed stays.
 */
export function useSendForm<Values extends Record<string, unknown>, Answer>({
  form,
  send,
  onDone,
}: SendForm<Values, Answer>) {
  const [problem, setProblem] = useState<string>();
  const { mutate, isPending } = useMutation({
    mutationFn: send,
    onMutate: () => setProblem(undefined),
    onSuccess: (answer) => onDone(answer),
    onError(error) {
      const { form: whole, ...atFields } = problemsOf(error, Object.keys(form.getValues()));
      setProblem(whole);
      form.setErrors(atFields);
    },
  });
  return {
    onSubmit: form.onSubmit((values) => mutate(values)),
    isSending: isPending,
    /** About the form as a whole. */
    problem,
  };
}
