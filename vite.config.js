import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

// every file in web/browser/entries is an entry of its own: entry('form') in a template is entries/form.js
const folder = resolve(import.meta.dirname, 'web/browser/entries');
const input = Object.fromEntries(readdirSync(folder).filter(name => /\.jsx?$/.test(name)).map(name => [ name.replace(/\.jsx?$/, ''), resolve(folder, name) ]));

// CodeMirror's style-mod puts <style> elements into documents, which style-src-elem 'self' forbids; sheets that are adopted need no exception
const adoptedStyles = {
  name: 'adopted-styles',
  transform(code, id) {
    if (!id.includes('/style-mod/')) return null;
    const changed = code.replace('!root.head && root.adoptedStyleSheets', 'root.adoptedStyleSheets');
    if (changed === code) throw new Error('style-mod has changed: see whether it adopts its sheets by itself');
    return { code: changed, map: null };
  }
};

// the properties panel brings a preact of its own, form-js another; hooks work within one only
const onePreact = {
  name: 'one-preact',
  enforce: 'pre',
  resolveId(source, importer, options) {
    const inside = importer?.includes('/@bpmn-io/properties-panel/') && /^\.\.\/preact(\/|$)/.test(source);
    if (!inside && !source.startsWith('@bpmn-io/properties-panel/preact')) return null;
    return this.resolve(source.replace(/^(\.\.|@bpmn-io\/properties-panel)\//, ''), importer, { ...options, skipSelf: true });
  }
};

export default defineConfig({
  plugins: [ adoptedStyles, onePreact ],
  root: resolve(import.meta.dirname, 'web/browser'),
  base: '/static/dist/',
  publicDir: false,
  resolve: {
    dedupe: [ 'preact' ],
    // form-js 1.23 brings feelin 6.1.1 under a name of its own; conditions are evaluated by 8.2.0, nearer to the standard (conventions 4)
    alias: { '@bpmn-io/feelin': resolve(import.meta.dirname, 'node_modules/feelin') }
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: resolve(import.meta.dirname, 'web/static/dist'),
    emptyOutDir: true,
    manifest: true,
    license: true,
    target: 'es2022',
    sourcemap: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2500,
    rollupOptions: { input }
  }
});
