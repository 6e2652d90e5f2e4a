import { NativeSelect, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Section } from '../../parts/section.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { type Signer, signerQuery } from '../../queries/signer.ts';
import { texts } from '../../texts/texts.ts';
import { FillSecret } from './fill-secret.tsx';
import { recipeQuery, recipes, withSecret } from './recipe-files.ts';
import styles from './webhook-edit.module.css';

const words = texts.webhookEdit.recipe;

/** A receiver that checks the signature, in the language of the reader. */
export function RecipeSection({ location }: { readonly location: number | null }) {
  const { data: signer } = useQuery(signerQuery(location));
  // Another secret is another section: what was revealed is forgotten.
  return <Recipe key={signer} signer={signer} location={location} />;
}

interface RecipeProps {
  readonly signer: Signer | undefined;
  readonly location: number | null;
}

function Recipe({ signer, location }: RecipeProps) {
  const [language, setLanguage] = useLocalStorage({
    key: 'posthorn-language',
    defaultValue: recipes[0]!.language,
    getInitialValueInEffect: false,
  });
  const [secret, setSecret] = useState<string | null>(null);
  const recipe = recipes.find((one) => one.language === language) ?? recipes[0]!;
  const { data: file = '' } = useQuery(recipeQuery(recipe));
  const code = secret === null ? file : withSecret(recipe, file, secret);
  return (
    <Section title={words.title} lead={words.lead}>
      {signer !== undefined && (
        <p className={styles.said} data-mood={signer === 'nobody' ? 'warn' : 'calm'}>
          {inWords(signer, location)}
        </p>
      )}
      {signer !== undefined && signer !== 'nobody' && signer !== 'unknown' && (
        <FillSecret scope={signer} secret={secret} onSecret={setSecret} />
      )}
      <NativeSelect
        label={words.language}
        data={recipes.map((one) => one.language)}
        value={recipe.language}
        onChange={({ currentTarget: { value } }) => setLanguage(value)}
      />
      <div>
        <div className={styles.over}>
          <span className={styles.note}>
            {words.run} <code className={styles.command}>{recipe.command}</code>
          </span>
          <CopyButton text={code} />
        </div>
        <pre
          className={styles.code}
          tabIndex={0}
          role="group"
          aria-label={words.code(recipe.language)}
        >
          <code>
            <VisibleText text={code} foldAfter={20_000} />
          </code>
        </pre>
      </div>
      <Text size="sm" c="dimmed">
        {recipe.ranWith === null ? words.notRun : words.ran(recipe.ranWith)}
      </Text>
    </Section>
  );
}

function inWords(signer: Signer, location: number | null): string {
  switch (signer) {
    case 'nobody':
      return words.secretOf.none;
    case 'unknown':
      return words.secretOf.unknown;
    case 'default':
      return words.secretOf.default;
    default:
      return words.secretOf.location(location!);
  }
}
