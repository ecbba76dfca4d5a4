// One source file as the layer rules see it: what it imports, in whatever form, and its syntax tree.
import { existsSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, posix, relative, sep } from 'node:path'
import { type ESTree, parseSync } from 'vite'
import { visit } from './visit.ts'

export type Target =
  | { kind: 'file'; path: string }
  | { kind: 'package'; name: string }
  | { kind: 'node'; name: string }
  | { kind: 'unresolved'; specifier: string }

export interface Import {
  readonly target: Target
  /** Erased when compiled: `import type`, `export type`, `import('…').T`. */
  readonly typeOnly: boolean
  readonly line: number
}

export interface SourceFile {
  /** From the root, with `/`. */
  readonly path: string
  readonly program: ESTree.Program
  readonly comments: readonly { value: string; line: number }[]
  readonly imports: readonly Import[]
  lineOf(offset: number): number
}

/** @throws Error when the file is not valid TypeScript */
export function readSource(root: string, path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  const { program, comments, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`)
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length
  const imports: Import[] = []
  const add = (specifier: unknown, typeOnly: boolean, offset: number) => {
    if (typeof specifier !== 'string') return
    imports.push({ target: resolve(root, path, specifier), typeOnly, line: lineOf(offset) })
  }
  visit(program, node => {
    switch (node.type) {
      case 'ImportDeclaration': {
        const names = node.specifiers
        const allTypes =
          names.length > 0 && names.every(s => s.type === 'ImportSpecifier' && s.importKind === 'type')
        return add(node.source.value, node.importKind === 'type' || allTypes, node.start)
      }
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
        return add(node.source?.value, node.exportKind === 'type', node.start)
      case 'ImportExpression':
        return add(literal(node.source), false, node.start)
      case 'TSImportType':
        return add(node.source.value, true, node.start)
      case 'TSExternalModuleReference':
        return add(node.expression.value, false, node.start)
      case 'CallExpression':
        if (node.callee.type === 'Identifier' && node.callee.name === 'require')
          add(literal(node.arguments[0]), false, node.start)
        return
      case 'NewExpression': {
        // A worker's code: new URL('./worker.ts', import.meta.url)
        const [specifier, base] = node.arguments
        const isUrl = node.callee.type === 'Identifier' && node.callee.name === 'URL'
        const value = literal(specifier)
        if (isUrl && base && value?.match(/\.[cm]?[jt]sx?(\?|$)/)) add(value, false, node.start)
        return
      }
    }
  })
  return {
    path,
    program,
    imports,
    lineOf,
    comments: comments.map(({ value, start }) => ({ value, line: lineOf(start) })),
  }
}

function literal(node: ESTree.Node | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node?.type === 'TemplateLiteral' && node.quasis.length === 1)
    return node.quasis[0]?.value.cooked ?? undefined
  return undefined
}

function resolve(root: string, from: string, written: string): Target {
  // Vite's suffixes: ./worker.ts?worker, ./style.css?inline
  const specifier = written.replace(/\?.*$/, '')
  if (/^\.{1,2}(\/|$)/.test(specifier)) {
    const path = relative(root, join(root, dirname(from), specifier))
      .split(sep)
      .join(posix.sep)
    return existsSync(join(root, path)) ? { kind: 'file', path } : { kind: 'unresolved', specifier: written }
  }
  if (isBuiltin(specifier)) return { kind: 'node', name: specifier.replace(/^node:/, '') }
  const [scope = '', name = ''] = specifier.split('/')
  return { kind: 'package', name: scope.startsWith('@') ? `${scope}/${name}` : scope }
}
