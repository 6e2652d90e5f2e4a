/**
 * The receivers in this folder, one per language, for whoever shows or runs them. Each checks the
 * calls of Posthorn with what comes with the language.
 */
export interface Recipe {
  readonly language: string;
  /** In this folder. */
  readonly file: string;
  /** Starts it, in the folder of the file; it listens on port 8080, or on `$PORT`. */
  readonly command: string;
  /** With what its test was last seen to pass; null: nobody has run it yet. */
  readonly ranWith: string | null;
}

export const recipes: readonly Recipe[] = [
  {
    language: 'JavaScript',
    file: 'verify.mjs',
    command: 'node verify.mjs',
    ranWith: 'Node 24',
  },
  {
    language: 'Python',
    file: 'verify.py',
    command: 'python3 verify.py',
    ranWith: 'Python 3.11',
  },
  {
    language: 'PHP',
    file: 'verify.php',
    command: 'php -S 127.0.0.1:8080 verify.php',
    ranWith: 'PHP 8.2',
  },
  {
    language: 'Ruby',
    file: 'verify.ru',
    command: 'rackup --port 8080 verify.ru',
    ranWith: 'Ruby 3.1, Rack 2.2',
  },
  {
    language: 'Go',
    file: 'verify.go',
    command: 'go run verify.go',
    ranWith: 'Go 1.19',
  },
  {
    language: 'Java',
    file: 'Verify.java',
    command: 'java Verify.java',
    ranWith: 'Java 17',
  },
  {
    language: 'C#',
    file: 'verify.cs',
    command: 'dotnet run verify.cs',
    ranWith: null,
  },
];

/**
 * The code of a recipe with this secret in the place of its placeholder, as a literal of its
 * language.
 *
 * @param secret One that Posthorn takes: without control characters, `whsec_BASE64` or any text.
 */
export function withSecret({ language }: Recipe, code: string, secret: string): string {
  return code.replace(PLACEHOLDER, () => literal(language, secret));
}

const PLACEHOLDER = /(["'])your shared secret\1/;

/**
 * Between double quotes all seven escape `"` and `\` as JSON does; what more they need differs.
 * Where a compiler takes the encoding of the source from the locale, the literal is ASCII.
 */
function literal(language: string, secret: string): string {
  const quoted = JSON.stringify(secret);
  switch (language) {
    case 'PHP':
      return quoted.replaceAll('$', String.raw`\$`);
    case 'Ruby':
      return quoted
        .replaceAll('#', String.raw`\#`)
        .replaceAll(/[^ -~]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
    case 'C#':
    case 'Java':
      return quoted.replaceAll(
        /[^ -~]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    default:
      return quoted;
  }
}
