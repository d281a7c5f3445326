const NAMESPACE = 'urn:cogov:bpmn:1';

/**
 * English names of a BPMN file: element id → name, from <cogov:text lang="en" name="…"/> in its extension elements.
 * Read from the XML itself, so that no moddle extension is needed to show a diagram.
 */
export function englishNames(xml) {
  const names = new Map();
  for (const text of xml.getElementsByTagNameNS(NAMESPACE, 'text')) {
    const owner = text.parentElement?.parentElement;
    if (text.getAttribute('lang') === 'en' && text.getAttribute('name') && owner?.id) names.set(owner.id, text.getAttribute('name'));
  }
  return names;
}

/** Writes the English names in place of the Chinese ones; participants and lanes too. */
export function inEnglish(source) {
  const xml = new DOMParser().parseFromString(source, 'application/xml');
  for (const [ id, name ] of englishNames(xml)) {
    const element = [ ...xml.getElementsByTagName('*') ].find(one => one.id === id);
    element?.setAttribute('name', name);
  }
  return new XMLSerializer().serializeToString(xml);
}
