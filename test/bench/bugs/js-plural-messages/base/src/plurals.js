/** Which form of a noun goes with a number, by language. Only whole numbers have forms other than "other". */

const germanic = (n) => (n === 1 ? 'one' : 'other');

const french = (n) => (n === 0 || n === 1 ? 'one' : 'other');

const polish = (n) => {
  if (n === 1) return 'one';
  const unit = n % 10;
  if (unit >= 2 && unit <= 4) return 'few';
  return 'many';
};

const czech = (n) => {
  if (n === 1) return 'one';
  return n >= 2 && n <= 4 ? 'few' : 'other';
};

const lithuanian = (n) => {
  const unit = n % 10;
  const isTeen = n % 100 >= 11 && n % 100 <= 19;
  if (unit === 1 && !isTeen) return 'one';
  if (unit >= 2 && !isTeen) return 'few';
  return 'other';
};

const none = () => 'other';

/** @type {Record<string, (n: number) => 'one' | 'few' | 'many' | 'other'>} */
const RULES = { en: germanic, de: germanic, sv: germanic, nl: germanic, fr: french, pl: polish, cs: czech, lt: lithuanian, ja: none, ko: none };

export function pluralForm(language, count) {
  const rule = RULES[language.split('-')[0]];
  if (rule === undefined) throw new Error(`There are no plural rules for "${language}".`);
  return Number.isInteger(count) ? rule(Math.abs(count)) : 'other';
}
