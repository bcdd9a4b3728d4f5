import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { budget } from './build/budget.ts';
import { englishOnly } from './build/english-only.ts';
import { messages } from './build/messages.ts';

/** The address of the Rolebook that `npm run dev` and `vite preview` speak to. */
const rolebook = process.env.ROLEBOOK_URL ?? 'http://127.0.0.1:4000';
const SERVED_BY_ROLEBOOK = [
  '/graphql',
  '/console/session',
  '/console/sign-in',
  '/console/sign-out',
  '/console/callback',
];
const proxy = Object.fromEntries(SERVED_BY_ROLEBOOK.map((path) => [path, { target: rolebook }]));

export default defineConfig(({ command }) => ({
  // Relative names: the server writes the configured path into the base element of index.html.
  base: command === 'build' ? './' : '/console/',
  plugins: [react(), messages(), englishOnly(), budget()],
  server: { proxy },
  preview: { proxy },
  build: {
    target: ['chrome111', 'firefox113', 'safari16.4'],
    modulePreload: { polyfill: false },
    // Nothing inlined: the content security policy allows the server's own files alone.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    sourcemap: false,
    // A chunk that is shared may be named after a file of styles: “Menu.module”. A name has one dot, that of its ending.
    rolldownOptions: {
      output: { chunkFileNames: ({ name }) => `assets/${name.replace(/\..*/, '')}-[hash].js` },
    },
  },
}));
