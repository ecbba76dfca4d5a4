// The layers of ARCHITECTURE.md hold in the sources, and every rule is proved by a small tree that breaks it.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkTree, sourcePaths } from './check-tree.ts'
import { importRules, layers } from './import-rules.ts'
import { readSource } from './source-file.ts'
import { syntaxRules } from './syntax-rules.ts'

const root = join(import.meta.dirname, '..', '..')
const fixtures = join(import.meta.dirname, 'fixtures')
const rules = [
  ...importRules.map(({ name }) => name),
  ...syntaxRules.map(({ name }) => name),
  'no-cycles',
  'no-leftovers',
]

/** A path of each layer. */
const sourceOf: Record<string, string> = {
  shared: 'src-shared/a.ts',
  core: 'src-main/core/a.ts',
  desktop: 'src-main/desktop/a.ts',
  browser: 'src-main/browser/a.ts',
  'engine-worker': 'src-main/terminal/engine-worker.ts',
  terminal: 'src-main/terminal/a.ts',
  preload: 'src-preload/a.ts',
  engine: 'src-renderer/engine/a.ts',
  ui: 'src-renderer/ui/a.ts',
}

test('the sources keep every rule', () => {
  expect(sourcePaths(root).length).toBeGreaterThan(50)
  const lines = checkTree(root).map(({ rule, path, line, message }) => `${path}:${line} [${rule}] ${message}`)
  expect(lines, `\n${lines.join('\n')}\n`).toEqual([])
})

test('every source belongs to a layer', () => {
  const homeless = sourcePaths(root).filter(
    path =>
      path.startsWith('src-') &&
      !/^src-(shared|main\/(core|desktop|browser|terminal)|preload|renderer\/(engine|ui))\//.test(path),
  )
  expect(homeless).toEqual([])
})

describe('a tree that breaks a rule is caught', () => {
  test.each(rules)('%s', rule => {
    const violations = checkTree(join(fixtures, rule))
    expect(violations.length).toBeGreaterThan(0)
    expect(new Set(violations.map(violation => violation.rule))).toEqual(new Set([rule]))
  })

  test('no fixture is left over from a rule that is gone', () => {
    expect(readdirSync(fixtures).sort()).toEqual(['import-forms', ...rules].sort())
  })
})

test('a text may be a page of its own only in a frame to which nothing is granted', () => {
  const caught = checkTree(join(fixtures, 'no-markup-from-strings')).filter(({ path }) =>
    path.endsWith('frames.tsx'),
  )
  expect(caught.map(({ line }) => line)).toEqual([1, 3, 6])
})

test.each(layers.map(({ name }) => name))('%s: Electron is only for the shell', name => {
  const rule = importRules.find(row => row.name === `layer-${name}`)!
  const refused = rule.breaks(sourceOf[name]!, { kind: 'package', name: 'electron' }, true) !== null
  expect(refused).toBe(name !== 'desktop' && name !== 'preload')
})

test('every form of import is seen', () => {
  const { imports } = readSource(join(fixtures, 'import-forms'), 'src-shared/forms.ts')
  expect(imports.map(({ target, typeOnly }) => [Object.values(target).join(' '), typeOnly])).toEqual([
    ['file src-shared/other.ts', false],
    ['file src-shared/other.ts', true],
    ['file src-shared/other.ts', true],
    ['package valibot', false],
    ['package @mantine/core', false],
    ['file src-shared/other.ts', true],
    ['node fs/promises', false],
    ['file src-shared/other.ts', false],
    ['package electron', true],
    ['file src-shared/other.ts', false],
    ['package electron', false],
    ['unresolved ./missing', false],
  ])
})
