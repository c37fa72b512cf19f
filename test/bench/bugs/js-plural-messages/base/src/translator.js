import { pluralForm } from './plurals.js';
import { parseTemplate } from './template.js';

/** Messages of one language, with another to fall back on. */
export class Translator {
  #parsed = new Map();

  /**
   * @param {string} language
   * @param {Record<string, string>} messages
   * @param {Translator} [fallback]
   */
  constructor(language, messages, fallback) {
    this.language = language;
    this.messages = messages;
    this.fallback = fallback;
  }

  /** The message with its values, or its key in brackets where nobody has translated it. */
  say(key, values = {}) {
    if (!Object.hasOwn(this.messages, key)) return this.fallback?.say(key, values) ?? `[${key}]`;
    return this.#template(key).map((part) => this.#fill(part, values)).join('');
  }

  #template(key) {
    let parts = this.#parsed.get(key);
    if (parts === undefined) {
      parts = parseTemplate(this.messages[key]);
      this.#parsed.set(key, parts);
    }
    return parts;
  }

  #fill(part, values) {
    if (part.kind === 'text') return part.text;
    if (!Object.hasOwn(values, part.name)) throw new Error(`The value "${part.name}" is missing.`);
    const value = values[part.name];
    if (part.kind === 'value') return String(value);
    const text = part.forms.get(`=${value}`) ?? part.forms.get(pluralForm(this.language, value)) ?? part.forms.get('other');
    return text.replaceAll('#', this.#number(value));
  }

  #number(value) {
    return new Intl.NumberFormat('en', { useGrouping: false }).format(value);
  }
}
