import { Input } from '@mantine/core';
import { type CSSProperties, type ReactNode, type Ref, useId, useRef } from 'react';
import styles from './record-editor.module.css';

interface RecordEditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Lines, from 1, that are pointed at. */
  readonly marked: ReadonlySet<number>;
  readonly isBroken: boolean;
  readonly error: ReactNode;
  readonly textRef: Ref<HTMLTextAreaElement>;
  /** The id of what is said about the text. */
  readonly describedBy: string;
}

/** A text area with line numbers. The text stays as it was typed, to the last digit. */
export function RecordEditor(props: RecordEditorProps) {
  const { label, value, onChange, marked, isBroken, error, textRef, describedBy } = props;
  const id = useId();
  const gutter = useRef<HTMLPreElement>(null);
  const lines = value.split('\n').length;
  const digits = { '--digits': Math.max(2, String(lines).length) } as CSSProperties;
  return (
    <Input.Wrapper id={id} label={label} error={error}>
      <div className={styles.editor} style={digits} data-broken={isBroken || undefined}>
        <pre ref={gutter} className={styles.gutter} aria-hidden="true">
          {numbersOf(lines, marked)}
        </pre>
        <textarea
          id={id}
          ref={textRef}
          className={styles.text}
          value={value}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
          onScroll={({ currentTarget: { scrollTop } }) => {
            if (gutter.current !== null) gutter.current.scrollTop = scrollTop;
          }}
          wrap="off"
          rows={22}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-invalid={isBroken}
          aria-describedby={describedBy}
        />
      </div>
    </Input.Wrapper>
  );
}

/** Runs of numbers as one text each: a long record has thousands of lines. */
function numbersOf(lines: number, marked: ReadonlySet<number>): ReactNode[] {
  const pieces: ReactNode[] = [];
  let run = '';
  for (let line = 1; line <= lines; line++) {
    if (marked.has(line)) {
      pieces.push(run, <mark key={line}>{line}</mark>);
      run = '\n';
    } else {
      run += `${line}\n`;
    }
  }
  return [...pieces, run];
}
