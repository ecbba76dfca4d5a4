// All rules on all sources of a folder.
import { existsSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import { checkCycles, checkImports, type Violation } from './import-rules.ts'
import { readSource } from './source-file.ts'
import { checkSyntax } from './syntax-rules.ts'

const folders = ['src-shared', 'src-main', 'src-preload', 'src-renderer', 'tests', 'build']
// AssemblyScript is another language, with its own compiler; it can import nothing but itself.
const notChecked = /^(tests\/layers\/fixtures|src-renderer\/engine\/kernels\/simd\/assembly)\//

export function sourcePaths(root: string): string[] {
  const walk = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
      const path = posix.join(folder, entry.name)
      if (entry.isDirectory()) return walk(path)
      return /\.(ts|tsx|mjs)$/.test(path) && !notChecked.test(path) ? [path] : []
    })
  return folders.filter(folder => existsSync(join(root, folder))).flatMap(walk)
}

export function checkTree(root: string): Violation[] {
  const files = sourcePaths(root).map(path => readSource(root, path))
  return [...files.flatMap(file => [...checkImports(file), ...checkSyntax(file)]), ...checkCycles(files)]
}
