import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

// every file in web/browser/entries is an entry of its own: entry('form') in a template is entries/form.js
const folder = resolve(import.meta.dirname, 'web/browser/entries');
const input = Object.fromEntries(readdirSync(folder).filter(name => /\.jsx?$/.test(name)).map(name => [ name.replace(/\.jsx?$/, ''), resolve(folder, name) ]));

export default defineConfig({
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
