import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const at = (path: string) => resolve(import.meta.dirname, path)

/** TF.js ships two builds of itself; `main` and `module` mixed give two separate cores. Always `module`. */
const tfjs = { mainFields: ['module', 'main'], dedupe: ['@tensorflow/tfjs-core'] }

/** What the built pages are served with (core/pages/built-pages.ts): SharedArrayBuffer needs it in development too. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

export default defineConfig({
  main: {
    resolve: tfjs,
    build: {
      externalizeDeps: { include: ['webgpu', 'electron'] },
      rolldownOptions: {
        input: {
          desktop: at('src-main/desktop/desktop.ts'),
          terminal: at('src-main/terminal/terminal.ts'),
          'import-worker': at('src-main/core/corpora/import-worker.ts'),
          'demonstrations-worker': at('src-main/core/demonstrations/demonstrations-worker.ts'),
          'preferences-worker': at('src-main/core/rankings/import/preferences-worker.ts'),
          'tokenizer-worker': at('src-main/core/tokenizers/tokenizer-worker.ts'),
          'engine-worker': at('src-main/terminal/engine-worker.ts'),
          'bench-worker': at('src-main/terminal/bench-worker.ts'),
          'kernel-thread': at('src-main/terminal/kernel-thread.ts'),
        },
        // Flat, so that a worker is found beside whichever chunk starts it (core/jobs/worker.ts).
        output: { chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      isolatedEntries: true,
      rolldownOptions: {
        input: { ui: at('src-preload/ui.ts'), engine: at('src-preload/engine.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src-renderer'),
    publicDir: false,
    plugins: [react()],
    resolve: tfjs,
    worker: { format: 'es' },
    server: { headers: isolation },
    build: {
      chunkSizeWarningLimit: 2500,
      rolldownOptions: {
        input: { index: at('src-renderer/index.html'), engine: at('src-renderer/engine.html') },
      },
    },
  },
})
