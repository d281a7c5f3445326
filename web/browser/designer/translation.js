import library from 'bpmn-js-i18n/translations/zn';
import { language } from '../shared/language.js';
import { chinese } from './chinese.js';

const table = { ...library, ...chinese };
/** What the libraries said in English on a Chinese page: a test collects it. */
export const missing = new Set();

function translate(template, replacements = {}) {
  const text = language === 'en' ? template : table[template] ?? (template && missing.add(template), template);
  return text.replace(/{([^}]+)}/g, (_, key) => {
    const value = replacements[key];
    return (language === 'en' ? value : table[value] ?? value) ?? `{${key}}`;
  });
}

export const translation = { translate: [ 'value', translate ] };
