import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import product from '../../vite.config.js';

// answers.js as one script with a global `feel`; the same FEEL under the same alias as in the product
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  resolve: product.resolve,
  logLevel: 'warn',
  build: {
    target: product.build.target,
    lib: { entry: resolve(import.meta.dirname, 'answers.js'), name: 'feel', formats: [ 'iife' ], fileName: () => 'answers.js' }
  }
});
