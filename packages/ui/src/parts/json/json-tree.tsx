import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { texts } from '../../texts/texts.ts';
import { VisibleText } from '../visible-text/visible-text.tsx';
import styles from './json-tree.module.css';
import type { JsonNode } from './read-json.ts';

/** How deep a tree is open at first. */
const OPEN_DEPTH = 2;
/** How many members of one list are laid out before a person asks for more. */
const MEMBERS = 200;

/** A tree that opens and closes; every value as it was written. */
export function JsonTree({ node }: { readonly node: JsonNode }) {
  return (
    <div className={styles.tree}>
      <Node node={node} depth={0} />
    </div>
  );
}

interface NodeProps {
  readonly name?: string;
  readonly node: JsonNode;
  readonly depth: number;
}

function Node({ name, node, depth }: NodeProps) {
  switch (node.kind) {
    case 'object':
      return (
        <Branch
          name={name}
          depth={depth}
          members={node.fields}
          brackets="{}"
          summary={texts.parts.fields(node.fields.length)}
        />
      );
    case 'array':
      return (
        <Branch
          name={name}
          depth={depth}
          members={node.items.map((item, index) => [String(index), item] as const)}
          brackets="[]"
          summary={texts.parts.items(node.items.length)}
        />
      );
    case 'string':
      return (
        <div className={styles.leaf}>
          <Name name={name} />
          <span className={styles.string}>
            “<VisibleText text={node.value} foldAfter={500} />”
          </span>
        </div>
      );
    case 'number':
    case 'boolean':
    case 'null':
      return (
        <div className={styles.leaf}>
          <Name name={name} />
          <span className={styles.literal}>
            <VisibleText text={node.text} foldAfter={500} />
          </span>
        </div>
      );
  }
}

interface BranchProps {
  readonly name: string | undefined;
  readonly depth: number;
  readonly members: readonly (readonly [string, JsonNode])[];
  readonly brackets: '{}' | '[]';
  readonly summary: string;
}

function Branch({ name, depth, members, brackets, summary }: BranchProps) {
  const [isOpen, setOpen] = useState(depth < OPEN_DEPTH);
  const [shown, setShown] = useState(MEMBERS);
  if (members.length === 0) {
    return (
      <div className={styles.leaf}>
        <Name name={name} />
        {brackets}
      </div>
    );
  }
  return (
    <div>
      <UnstyledButton
        className={styles.branch}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Name name={name} />
        <span className={styles.summary}>{summary}</span>
      </UnstyledButton>
      {isOpen && (
        <div className={styles.members}>
          {members.slice(0, shown).map(([key, member], index) => (
            // oxlint-disable-next-line no-array-index-key -- a key may stand there twice, the place does not
            <Node key={index} name={key} node={member} depth={depth + 1} />
          ))}
          {members.length > shown && (
            <UnstyledButton className={styles.more} onClick={() => setShown(shown + 10 * MEMBERS)}>
              … {texts.parts.items(members.length - shown)}
            </UnstyledButton>
          )}
        </div>
      )}
    </div>
  );
}

function Name({ name }: { readonly name: string | undefined }) {
  if (name === undefined) return null;
  return (
    <span className={styles.name}>
      <VisibleText text={name} foldAfter={200} />:
    </span>
  );
}
