import { TextInput, type TextInputProps } from '@mantine/core';
import { useTyped } from './use-typed.ts';

type TypedInputProps = Omit<TextInputProps, 'value' | 'onChange'> & {
  readonly value: string | undefined;
  /** Undefined: nothing stands there. */
  readonly onTyped: (text: string | undefined) => void;
};

/** A text that narrows a list, once whoever types pauses. */
export function TypedInput({ value = '', onTyped, ...field }: TypedInputProps) {
  const [text, type] = useTyped(value, (typed) => onTyped(typed.trim() === '' ? undefined : typed));
  return (
    <TextInput
      {...field}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}
