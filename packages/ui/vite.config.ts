import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressAssets } from './compress-assets.ts';
import { themeVariables } from './theme-variables.ts';

export default defineConfig({
  plugins: [react(), themeVariables(), compressAssets()],
  build: {
    // Where the server looks, in a checkout and in its package.
    outDir: '../server/ui',
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    // The policy of the pages allows no inline script, and every browser of this target preloads modules.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
