import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { texts } from '../../texts/texts.ts';
import { CopyButton } from '../copy-button.tsx';
import { VisibleText } from '../visible-text/visible-text.tsx';
import { JsonTree } from './json-tree.tsx';
import styles from './json-view.module.css';
import { readJson } from './read-json.ts';

interface JsonViewProps {
  /** As it came or was sent; it need not be JSON. */
  readonly text: string;
  /** What it is, for those who hear the page. */
  readonly label: string;
}

/** JSON as a tree, and raw to the byte. */
export function JsonView({ text, label }: JsonViewProps) {
  const root = useMemo(() => readJson(text), [text]);
  const [form, setForm] = useState<'tree' | 'raw'>('tree');
  const isTree = root !== null && form === 'tree';
  return (
    <section className={styles.view} aria-label={label}>
      <div className={styles.bar}>
        {root === null ? (
          <span>{text === '' ? texts.parts.empty : texts.parts.notJson}</span>
        ) : (
          <SegmentedControl
            size="xs"
            aria-label={label}
            value={form}
            onChange={setForm}
            data={[
              { value: 'tree', label: texts.parts.tree },
              { value: 'raw', label: texts.parts.raw },
            ]}
          />
        )}
        <CopyButton text={text} />
      </div>
      <div className={styles.content} tabIndex={0} role="group" aria-label={label}>
        {isTree ? <JsonTree node={root} /> : <VisibleText text={text} foldAfter={20_000} />}
      </div>
    </section>
  );
}
