/** Counting in languages other than English, by the rules of CLDR that every browser has. */
import type { Language } from "./languages";

/** One text for each form that the language tells apart; `#` stands for the number. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** `counter("de")(2, { one: "eine Person", other: "# Personen" })` is `2 Personen`. */
export function counter(language: Language): (number: number, forms: Forms) => string {
  const tag = `${language}-u-nu-latn`;
  const rules = new Intl.PluralRules(tag);
  const digits = new Intl.NumberFormat(tag);
  return (number, forms) => (forms[rules.select(number)] ?? forms.other).replace("#", digits.format(number));
}
