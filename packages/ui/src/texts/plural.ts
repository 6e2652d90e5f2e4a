const RULES = new Intl.PluralRules('en');
const NUMBER = new Intl.NumberFormat('en');

/** `1 webhook`, `2,000 webhooks`. */
export function count(number: number, one: string, many: string): string {
  return `${NUMBER.format(number)} ${RULES.select(number) === 'one' ? one : many}`;
}
