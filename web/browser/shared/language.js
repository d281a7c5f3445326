/** Language of the page: 'en' or 'zh' (html lang is zh-CN or en). */
export const language = globalThis.document?.documentElement.lang.startsWith('en') ? 'en' : 'zh';

/** Makes a lookup in a dictionary {key: [zh, en]} with {name} places: say('left', {n: 3}). */
export function speaker(words, lang = language) {
  return (key, facts = {}) => {
    const entry = words[key];
    if (!entry) throw new Error(`no words for ${key}`);
    return entry[lang === 'en' ? 1 : 0].replace(/\{(\w+)\}/g, (_, name) => String(facts[name] ?? ''));
  };
}
